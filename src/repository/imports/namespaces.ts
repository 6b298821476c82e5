import { folderOf } from '../../files/slash-paths.ts';
import { endsWithPath, nearestTo, type FileIndex } from './file-index.ts';
import { mostOfFolder, type ResolveClause } from './import-resolver.ts';

const endings = ['.java', '.kt', '.groovy', '.scala'];

/**
 * `a.b.C` is a file `C` in a folder that ends with `a/b`, wherever the source root is; of an inner class the
 * file of the outer one; `a.b.*` all of the folder.
 */
export function javaResolver(index: FileIndex): ResolveClause {
  return (from, { specifier }) => {
    const steps = specifier.split('.');
    if (steps.at(-1) === '*') return filesOf(index, steps.slice(0, -1), from, isJvm);
    for (let length = steps.length; length > 1; length -= 1) {
      const folder = steps.slice(0, length - 1).join('/');
      const name = steps[length - 1] ?? '';
      const found = endings.flatMap((ending) =>
        index.named(name + ending).filter((path) => endsWithPath(folderOf(path), folder)),
      );
      const nearest = nearestTo(from, found);
      if (nearest !== null) return [nearest];
    }
    return [];
  };
}

function isJvm(path: string): boolean {
  return endings.some((ending) => path.endsWith(ending));
}

/** A namespace by the folder that has its name, in one piece (`Shop.Store`) or in several (`Shop/Store`). */
export function cSharpResolver(index: FileIndex): ResolveClause {
  return (from, { specifier }) =>
    filesOf(index, specifier.split('.'), from, (path) => path.endsWith('.cs'), true);
}

function filesOf(
  index: FileIndex,
  steps: readonly string[],
  from: string,
  isMeant: (path: string) => boolean,
  hasProjects = false,
): readonly string[] {
  const end = steps.join('/');
  const folders = [
    ...index.foldersNamed(steps.at(-1) ?? '').filter((folder) => endsWithPath(folder, end)),
    ...(steps.length > 1 ? dotted(index, steps) : []),
  ].filter((folder) => index.inFolder(folder).some(isMeant));
  if (folders.length === 0 && hasProjects) folders.push(...belowProject(index, steps, isMeant));
  const nearest = nearestTo(
    from,
    folders.map((folder) => `${folder}/`),
  );
  if (nearest === null) return [];
  return index.inFolder(nearest.slice(0, -1)).filter(isMeant).slice(0, mostOfFolder);
}

/** `Shop.Rows` can be the folder `Rows` of a project `Shop.Core`, whose own name is no part of its namespaces. */
function belowProject(
  index: FileIndex,
  steps: readonly string[],
  isMeant: (path: string) => boolean,
): string[] {
  const [project = '', ...rest] = steps;
  const end = rest.join('/');
  return index
    .foldersNamed(rest.at(-1) ?? '')
    .filter(
      (folder) =>
        endsWithPath(folder, end) &&
        index.inFolder(folder).some(isMeant) &&
        folder.split('/').some((part) => part.startsWith(`${project}.`)),
    );
}

/** Folders such as `src/Shop.Store/Rows` for `Shop.Store.Rows`. */
function dotted(index: FileIndex, steps: readonly string[]): string[] {
  const found: string[] = [];
  for (let length = steps.length; length > 1; length -= 1) {
    const rest = steps.slice(length).join('/');
    for (const folder of index.foldersNamed(steps.slice(0, length).join('.'))) {
      const path = rest === '' ? folder : `${folder}/${rest}`;
      if (index.folders.has(path)) found.push(path);
    }
  }
  return found;
}
