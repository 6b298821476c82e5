import { relative } from 'node:path';
import * as z from 'zod';
import type { FileChanges } from '../domain/bundle.ts';
import { isFolder, writeOut, type WrittenFiles } from '../workspace/out-folder.ts';
import type { AdHoc } from './ad-hoc.ts';

const recordSchema = z.strictObject({
  out: z.string(),
  files: z.record(z.string(), z.string()),
});

const name = 'written.json';

const shownAs = (out: string, cwd: string): string => relative(cwd, out) || '.';

/** To be asked before anything is paid for. @throws BlueprintError `out-not-a-folder` */
export async function checkOut(out: string, cwd: string): Promise<void> {
  await isFolder({ folder: out, shownAs: shownAs(out, cwd) });
}

/**
 * Writes files into a folder of the user's, over none but what the same command has written there before.
 * @param out absolute.
 * @returns the paths, sorted. @throws BlueprintError as `writeOut`
 */
export async function writeOwn(
  session: AdHoc,
  changes: FileChanges,
  out: string,
  cwd: string,
): Promise<string[]> {
  return writeOut(changes, {
    folder: out,
    shownAs: shownAs(out, cwd),
    isOwn: await ownFiles(session, out),
    keep: (files) => writtenRecord(session, out, files),
  });
}

/** Whether a file in the folder is what some session of this kind wrote there. */
async function ownFiles(
  session: AdHoc,
  out: string,
): Promise<(path: string, hash: string) => boolean> {
  const own = new Set<string>();
  for (const text of await session.siblings(name)) {
    const record = parsed(text);
    if (record?.out !== out) continue;
    for (const [path, hash] of Object.entries(record.files)) own.add(`${hash} ${path}`);
  }
  return (path, hash) => own.has(`${hash} ${path}`);
}

/** Keeps what is about to be written. */
function writtenRecord(session: AdHoc, out: string, files: WrittenFiles): Promise<void> {
  return session.write(name, `${JSON.stringify({ out, files }, null, 2)}\n`);
}

function parsed(text: string): z.infer<typeof recordSchema> | null {
  try {
    return recordSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
