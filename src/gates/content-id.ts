import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../text/sha256.ts';

/** Files that are read at one time. */
const atOnce = 32;

/** A hash (hexadecimal) of all that stands in a folder: paths, contents, links, and what can be executed. */
export async function contentId(folder: string): Promise<string> {
  const hash = createHash('sha256');
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (let at = 0; at < paths.length; at += atOnce) {
    const group = paths.slice(at, at + atOnce);
    const states = await Promise.all(group.map(stateOf));
    for (const [index, state] of states.entries())
      hash.update(`${(group[index] ?? '').slice(folder.length)}\0${state}\0`);
  }
  return hash.digest('hex');
}

async function stateOf(path: string): Promise<string> {
  const stat = await lstat(path);
  if (stat.isSymbolicLink()) return `link ${await readlink(path)}`;
  if (!stat.isFile()) return 'other';
  const kind = (stat.mode & 0o111) === 0 ? 'file' : 'program';
  return `${kind} ${sha256(await readFile(path))}`;
}
