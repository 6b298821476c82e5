import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { BlueprintError } from '../domain/errors.ts';
import { sha256 } from '../text/sha256.ts';
import { writeNewFile } from '../files/atomic-file.ts';
import { mkdir, mkdtemp, rename, rm } from '../files/disk.ts';
import { isMissing, printable } from '../files/file-problem.ts';
import { ownerMark } from '../files/process-identity.ts';
import { sweepStaging } from '../files/sweep.ts';
import { locate } from '../files/contained-path.ts';
import { readFileState } from '../files/safe-file.ts';

/** SHA-256 by path of what was written into a folder. */
export type WrittenFiles = Readonly<Record<string, string>>;

export interface OutFolder {
  /** Absolute; it need not exist. */
  readonly folder: string;
  /** As people wrote it. */
  readonly shownAs: string;
  /** Whether a file with this hash is the program's own: written before, and not changed since. */
  readonly isOwn: (path: string, hash: string) => boolean;
  /** Keeps what will be written before anything is, so that a cut-off write is known as one's own. */
  readonly keep: (written: WrittenFiles) => Promise<void>;
}

/**
 * Writes whole files into a folder of the user's: all or none, never over a file that is not the program's
 * own. What was cut off is completed by doing it again.
 * @returns the paths, sorted. @throws BlueprintError `out-exists` with every file in the way, `out-not-a-folder`,
 * `path-unsafe`
 */
export async function writeOut(
  bytesOf: ReadonlyMap<string, Buffer | null>,
  out: OutFolder,
): Promise<string[]> {
  const files = [...bytesOf].flatMap(([path, bytes]) =>
    bytes === null ? [] : [{ path, bytes, hash: sha256(bytes) }],
  );
  const exists = await isFolder(out);
  const inTheWay: string[] = [];
  const wanted: { path: string; bytes: Buffer; replaces: boolean }[] = [];
  for (const { path, bytes, hash } of files) {
    const state = await stateOf(out.folder, path);
    if (state === hash) continue;
    if (state === null) wanted.push({ path, bytes, replaces: false });
    else if (state !== 'blocked' && out.isOwn(path, state))
      wanted.push({ path, bytes, replaces: true });
    else inTheWay.push(path);
  }
  if (inTheWay.length > 0) throw outExists(out, inTheWay.sort());
  await out.keep(Object.fromEntries(files.map(({ path, hash }) => [path, hash])));
  const paths = files.map(({ path }) => path).sort();
  if (wanted.length === 0) return paths;

  const parent = dirname(out.folder);
  await mkdir(parent, { recursive: true });
  await sweepStaging(parent, basename(out.folder));
  // Beside the folder, so that renaming is enough; marked, so that what a kill leaves is known.
  const staging = await mkdtemp(join(parent, `.${basename(out.folder)}.${ownerMark()}-`));
  try {
    for (const { path, bytes } of wanted) {
      const place = join(staging, 'new', path);
      await mkdir(dirname(place), { recursive: true });
      await writeNewFile(place, bytes);
    }
    if (!exists) await rename(join(staging, 'new'), out.folder);
    else await moveIn(wanted, out.folder, staging);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  return paths;
}

/** Into place one by one; when one fails, all is put back as it was. */
async function moveIn(
  wanted: readonly { path: string; replaces: boolean }[],
  folder: string,
  staging: string,
): Promise<void> {
  const done: (() => Promise<void>)[] = [];
  try {
    for (const { path, replaces } of wanted) {
      const place = join(folder, path);
      const old = join(staging, 'old', path);
      await mkdir(dirname(place), { recursive: true });
      if (replaces) {
        await mkdir(dirname(old), { recursive: true });
        await rename(place, old);
        done.push(() => rename(old, place));
      }
      await rename(join(staging, 'new', path), place);
      done.push(() => rm(place, { force: true }));
    }
  } catch (error) {
    for (const undo of done.reverse()) await undo();
    throw error;
  }
}

/** Hash of the file there; null for none; `blocked` where none can be. */
async function stateOf(folder: string, path: string): Promise<string | null> {
  const place = await locate(folder, path, 'refused');
  if (place !== null) return (await readFileState(folder, path, 'refused')).hash ?? 'blocked';
  for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
    const above = await locate(folder, path.slice(0, slash), 'refused');
    if (above !== null) return (await stat(above)).isDirectory() ? null : 'blocked';
  }
  return null;
}

/** Whether it is there. @throws BlueprintError `out-not-a-folder` */
export async function isFolder({
  folder,
  shownAs,
}: Pick<OutFolder, 'folder' | 'shownAs'>): Promise<boolean> {
  try {
    if ((await stat(folder)).isDirectory()) return true;
  } catch (error) {
    if (isMissing(error) && (error as NodeJS.ErrnoException).code === 'ENOENT') return false;
  }
  throw new BlueprintError({
    code: 'out-not-a-folder',
    message: `${printable(shownAs)} is not a folder`,
    target: printable(shownAs),
    fix: 'Give a folder with --out, or one that does not exist yet.',
  });
}

function outExists({ shownAs }: OutFolder, paths: readonly string[]): BlueprintError {
  const some = paths.slice(0, 5).map(printable).join(', ');
  const more = paths.length > 5 ? ` and ${paths.length - 5} more` : '';
  return new BlueprintError({
    code: 'out-exists',
    message: `${printable(shownAs)} holds files that are not this program’s own: ${some}${more}; nothing was written`,
    target: printable(shownAs),
    fix: 'Give an empty folder with --out, or move these files away.',
  });
}
