import { folderFrom, folderOf } from '../../files/slash-paths.ts';
import { nearestTo, type FileIndex } from './file-index.ts';
import { mostOfFolder, type ResolveClause } from './import-resolver.ts';

/** The first of some paths that is a file. */
function firstOf(index: FileIndex, paths: readonly string[]): readonly string[] {
  const found = paths.find((path) => index.files.has(path));
  return found === undefined ? [] : [found];
}

/** `./x` from the file's folder, else below a folder that is on the load path. */
export function rubyResolver(index: FileIndex): ResolveClause {
  return (from, { specifier }) => {
    const path = specifier.endsWith('.rb') ? specifier : `${specifier}.rb`;
    if (path.startsWith('.')) return firstOf(index, [folderFrom(folderOf(from), path)]);
    const roots: string[] = [];
    for (let at = folderOf(from); ; at = folderOf(at)) {
      roots.push(at, folderFrom(at, 'lib'));
      if (at === '') break;
    }
    return firstOf(
      index,
      roots.map((root) => folderFrom(root, path)),
    );
  };
}

/** From the file's folder with or without a dot; from the root, or where sources of contracts stand. */
export function solidityResolver(index: FileIndex): ResolveClause {
  return (from, { specifier }) =>
    firstOf(
      index,
      [folderOf(from), ...(specifier.startsWith('.') ? [] : ['', 'src', 'contracts', 'lib'])].map(
        (folder) => folderFrom(folder, specifier),
      ),
    );
}

/** From the file's folder, or from the root where the path begins with a slash. */
export function cssResolver(index: FileIndex): ResolveClause {
  return (from, { specifier }) => {
    if (/^(?:\w+:)?\/\//.test(specifier)) return [];
    const folder = specifier.startsWith('/') ? '' : folderOf(from);
    return firstOf(index, [folderFrom(folder, `./${specifier}`)]);
  };
}

/** A module of the project is a folder below `Sources`. */
export function swiftResolver(index: FileIndex): ResolveClause {
  return (from, { specifier }) => {
    const [module = ''] = specifier.split('.');
    const folders = index
      .foldersNamed(module)
      .filter((folder) => /(?:^|\/)Sources$/.test(folderOf(folder)));
    const nearest = nearestTo(from, folders);
    if (nearest === null) return [];
    return index
      .inFolder(nearest)
      .filter((path) => path.endsWith('.swift'))
      .slice(0, mostOfFolder);
  };
}
