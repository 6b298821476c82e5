import { baseName, folderFrom, folderOf } from '../../files/slash-paths.ts';
import { endsWithPath, nearestTo, type FileIndex } from './file-index.ts';
import type { ResolveClause } from './import-resolver.ts';

/** Folders that compilers are told to look in. */
const includeFolder = /(?:^|\/)(?:include|includes|inc|src|lib|source)$/;

/** From the file's own folder, else the nearest header whose path ends so; in brackets in include folders alone. */
export function cResolver(index: FileIndex): ResolveClause {
  return (from, { specifier }) => {
    const path = specifier.replace(/^<|>$/g, '');
    const isSystem = path !== specifier;
    const own = folderFrom(folderOf(from), path);
    if (!isSystem && index.files.has(own)) return [own];
    const plain = folderFrom('', path);
    const found = index.named(baseName(plain)).filter((file) => {
      if (!endsWithPath(file, plain)) return false;
      const above = file.slice(0, Math.max(0, file.length - plain.length - 1));
      return !isSystem || above === '' || includeFolder.test(above);
    });
    const nearest = nearestTo(from, found);
    return nearest === null ? [] : [nearest];
  };
}
