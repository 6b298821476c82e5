import { lstat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { BlueprintError } from '../domain/errors.ts';
import { isWithin, realPathOf } from '../files/contained-path.ts';
import { orMissing, printable } from '../files/file-problem.ts';
import { isFolder } from '../files/is-there.ts';
import { newLinesFile, type NewLinesFile } from '../files/new-lines-file.ts';
import type { Program } from './program.ts';

/** A file of the user's that an export is written to. */
export interface ExportPlace {
  /** Absolute. */
  readonly path: string;
  /** Whether what stands there now was written by the same command, and not changed since. */
  readonly isOwn: () => Promise<boolean>;
}

/**
 * Writes files of lines, all or none: they are put in place when all of them are whole.
 * @param write gets them in the order of the places.
 * @throws BlueprintError `out-in-work`, `out-no-folder`, `out-not-a-file`, `out-exists` (unless `force`) before
 * anything is done, and of the disk; nothing is then written
 */
export async function writeExports<T>(
  places: readonly ExportPlace[],
  { force, program }: { readonly force: boolean; readonly program: Program },
  write: (files: readonly NewLinesFile[]) => Promise<T>,
): Promise<T> {
  const shown = (path: string): string => printable(relative(program.cwd, path) || path);
  for (const place of places) {
    await requireOutside(place.path, shown(place.path), program);
    await requireFree(place, shown(place.path), force);
  }
  const files: NewLinesFile[] = [];
  try {
    for (const { path } of places) files.push(await newLinesFile(path, shown(path)));
    const written = await write(files);
    for (const file of files) await file.place();
    return written;
  } finally {
    for (const file of files) await file.discard();
  }
}

/**
 * Whether a file of the user's may be written there: outside of the work that is kept, in a folder that is there.
 * @throws BlueprintError `out-in-work`, `out-no-folder`
 */
export async function requireOutside(
  path: string,
  shown: string,
  { config }: Pick<Program, 'config'>,
): Promise<void> {
  const real = await realPathOf(path);
  const work = [config.featuresDir, join(config.root, '.blueprint')];
  for (const folder of work)
    if (isWithin(await realPathOf(folder), real))
      throw fault(
        'out-in-work',
        shown,
        'stands in a folder of work, into which no export is written',
        'Give a file outside of it with --out.',
      );
  if (!(await isFolder(dirname(path))))
    throw fault('out-no-folder', shown, 'stands in a folder that is not there', 'Make it first.');
}

/** Whether what is there may be replaced. @throws BlueprintError `out-not-a-file`, `out-exists` (unless `force`) */
export async function requireFree(
  { path, isOwn }: ExportPlace,
  shown: string,
  force: boolean,
): Promise<void> {
  const found = await orMissing(lstat(path), null);
  if (found === null) return;
  if (found.isDirectory())
    throw fault('out-not-a-file', shown, 'is a folder', 'Give a file with --out.');
  if (!force && !(await isOwn()))
    throw fault(
      'out-exists',
      shown,
      'is there already, and was not written so by this command',
      'Give another file, or --force to replace it.',
    );
}

function fault(code: string, target: string, what: string, fix: string): BlueprintError {
  return new BlueprintError({ code, message: `${target} ${what}`, target, fix });
}
