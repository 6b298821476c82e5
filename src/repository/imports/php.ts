import { folderFrom, folderOf } from '../../files/slash-paths.ts';
import { endsWithPath, nearestTo, type FileIndex } from './file-index.ts';
import type { ResolveClause } from './import-resolver.ts';

/** A path from the file's folder or the root; `A\B\C` is the file `C.php` whose folders have most of its name. */
export function phpResolver(index: FileIndex): ResolveClause {
  return (from, { specifier }) => {
    if (/[./]/.test(specifier)) {
      const paths = [folderFrom(folderOf(from), specifier), folderFrom('', specifier)];
      const found = paths.find((path) => index.files.has(path));
      return found === undefined ? [] : [found];
    }
    const steps = specifier.split('\\');
    const candidates = index.named(`${steps.at(-1) ?? ''}.php`);
    // The first parts of a namespace can stand for another folder.
    for (let skipped = 0; skipped < steps.length; skipped += 1) {
      const end = `${steps.slice(skipped).join('/')}.php`;
      const found = candidates.filter((path) => endsWithPath(path, end));
      const isCertain = skipped < steps.length - 1 || steps.length === 1 || found.length === 1;
      const nearest = isCertain ? nearestTo(from, found) : null;
      if (nearest !== null) return [nearest];
    }
    return [];
  };
}
