import { basename } from 'node:path';

/**
 * What the names of files end in that stand below `features/` and `.blueprint/` until they are the
 * project's. Test runners, linters and compilers take files by how their names end, those of hidden folders
 * too; none takes this ending, nor do `.gitignore`, `package.json` or `conftest.py` mean anything with it.
 */
const draftEnding = '.draft';

/** The most bytes that a name can have on common file systems. */
const maxNameBytes = 255;

/** The slash path that a file of the project has among drafts; its own where a name has no room for more. */
export function draftName(path: string): string {
  const name = path + draftEnding;
  return Buffer.byteLength(basename(name)) > maxNameBytes ? path : name;
}

/**
 * Slash paths of the project by those found among drafts. A name without the ending was written by version
 * 0.1.0, or put there by a person: it comes before one with it.
 */
export function draftsByPath(found: readonly string[]): Map<string, string> {
  const byPath = new Map<string, string>();
  const plain: string[] = [];
  for (const name of found)
    if (name.endsWith(draftEnding)) byPath.set(name.slice(0, -draftEnding.length), name);
    else plain.push(name);
  for (const name of plain) byPath.set(name, name);
  return byPath;
}

/** The names that a file of the project may have among drafts; the first that is there counts. */
export function draftNames(path: string): string[] {
  // Without the ending it would be the draft of another file.
  const plain = path.endsWith(draftEnding) ? [] : [path];
  return [...new Set([...plain, draftName(path)])];
}
