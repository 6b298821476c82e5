import { createHash, randomBytes } from 'node:crypto';
import { lstat, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { BlueprintError } from '../domain/errors.ts';
import { errnoOf, writeProblem } from '../state/file-problem.ts';
import { makeFolder } from '../state/make-folder.ts';

/** What was written into a folder: hash by path, SHA-256, hex. */
export type Written = Readonly<Record<string, string>>;

/**
 * Writes all files into a folder, or none. The folder is new or empty, or it holds exactly what an earlier
 * call wrote, which is then replaced.
 * @param folder absolute.
 * @param files contents by safe relative path.
 * @param before what is remembered of the earlier call; null when there was none.
 * @returns what to remember.
 * @throws BlueprintError `out-not-empty`, `out-not-a-folder`, and what keeps files from being written.
 */
export async function writeFolder(
  folder: string,
  files: ReadonlyMap<string, string>,
  before: Written | null,
): Promise<Written> {
  const found = await assertUsable(folder, before, files);
  const written = hashesOf(files);
  if (found !== null && sameFiles(found, written)) return written;
  // Beside the folder, so that it gets there in one step; what is half written is never seen under its name.
  const aside = (name: string): string => `${folder}.${randomBytes(4).toString('hex')}.${name}`;
  const [next, last] = [aside('next'), aside('last')];
  try {
    await makeFolder(dirname(folder));
    await mkdir(next);
    for (const [path, content] of files) {
      await mkdir(dirname(join(next, path)), { recursive: true });
      await writeFile(join(next, path), content);
    }
    if (found !== null) await rename(folder, last);
    try {
      await rename(next, folder);
    } catch (error) {
      if (found !== null) await rename(last, folder);
      throw error;
    }
  } catch (error) {
    await rm(next, { recursive: true, force: true });
    throw writeProblem(error, folder);
  }
  await rm(last, { recursive: true, force: true });
  return written;
}

/**
 * What stands in the folder now, null when there is none: to be asked before anything is paid for.
 * @throws BlueprintError `out-not-empty`, `out-not-a-folder`
 */
export async function assertUsable(
  folder: string,
  before: Written | null,
  files: ReadonlyMap<string, string> = new Map(),
): Promise<Written | null> {
  const found = await contentsOf(folder);
  const isOurs =
    found === null ||
    Object.keys(found).length === 0 ||
    (before !== null && sameFiles(found, before)) ||
    sameFiles(found, hashesOf(files));
  if (isOurs) return found;
  throw new BlueprintError({
    code: 'out-not-empty',
    message: `${folder} holds files that are not from this command`,
    target: '--out',
    fix: 'Name a folder that does not exist yet, or move its files away.',
  });
}

function hashesOf(files: ReadonlyMap<string, string>): Written {
  return Object.fromEntries([...files].map(([path, content]) => [path, sha256(content)]));
}

/** Null when there is nothing of that name. */
async function contentsOf(folder: string): Promise<Written | null> {
  const info = await lstat(folder).catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return null;
    throw writeProblem(error, folder);
  });
  if (info === null) return null;
  if (!info.isDirectory())
    throw new BlueprintError({
      code: 'out-not-a-folder',
      message: `${folder} is ${info.isSymbolicLink() ? 'a link' : 'no folder'}`,
      target: '--out',
      fix: 'Name a folder that does not exist yet.',
    });
  const contents: Record<string, string> = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) continue;
    const path = join(entry.parentPath, entry.name);
    const name = path
      .slice(folder.length + 1)
      .split(sep)
      .join('/');
    // A link is nothing that was written here.
    contents[name] = entry.isFile() ? sha256(await readFile(path)) : 'no file';
  }
  return contents;
}

function sameFiles(one: Written, other: Written): boolean {
  const paths = Object.keys(one);
  return (
    paths.length === Object.keys(other).length && paths.every((path) => one[path] === other[path])
  );
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
