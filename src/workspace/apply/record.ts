import { lstat, readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import * as z from 'zod';
import { safePath } from '../../domain/task.ts';
import { readRecord } from '../pending-commit.ts';
import { syncFolder, writeNewFile } from '../../files/atomic-file.ts';
import { mkdir, rename, rm } from '../../files/disk.ts';
import { orMissing } from '../../files/file-problem.ts';
import { allOwn, foreignState, type OwnState } from '../../files/own-state.ts';
import { slashPath, unsafe } from '../../files/contained-path.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/);

const signedRecord = 'applied';

/** What one apply does, and what undoes it. */
const applyRecordSchema = z.strictObject({
  schemaVersion: z.literal(1),
  at: z.string(),
  files: z.array(
    z.strictObject({
      /** Below the project’s folder; the bytes stand under its place in this list. */
      path: safePath,
      /** SHA-256, null for no file. */
      before: hash.nullable(),
      after: hash.nullable(),
      /** Of the approved file, where `after` holds the user's changes as well. */
      approved: hash.optional(),
      /** Permission bits of the file that was there, or that it is renamed from; null for none. */
      mode: z.int().min(0).max(0o777).nullable(),
    }),
  ),
  /** Folders that the apply makes, outer ones first. */
  folders: z.array(safePath),
  /** Of the user who applied. */
  signature: z.string().optional(),
});
export type ApplyRecord = z.infer<typeof applyRecordSchema>;

/** Bytes by place in the record’s list, null for no file. */
export interface ApplyBytes {
  readonly before: readonly (Buffer | null)[];
  readonly after: readonly (Buffer | null)[];
  /** Of those files alone that hold the user's changes as well. */
  readonly approved: readonly (Buffer | null)[];
}

/** What the last apply of a file left in the project. */
export interface AppliedFile {
  /** SHA-256, null for no file. */
  readonly after: string | null;
  /** Of what was approved: another one where the user's changes were merged. */
  readonly approved: string | null;
  /** What was approved; null for no file, and where a person removed it from the journal. */
  read(): Promise<Buffer | null>;
}

/**
 * The journal of applies in a feature’s folder: `applied/1`, `applied/2`, … are done; `applied.pending` is
 * being written into the project, `applied.undoing` being taken back. A folder gets each of these names by
 * one rename, when all that it needs is on disk.
 */
export function openApplyJournal(feature: string, own: OwnState = allOwn) {
  const done = join(feature, 'applied');
  const pending = join(feature, 'applied.pending');
  const undoing = join(feature, 'applied.undoing');
  const staging = join(feature, 'applied.staging');

  const read = (folder: string): Promise<ApplyRecord | null> =>
    readRecord(join(folder, 'record.json'), applyRecordSchema);
  const numbers = async (): Promise<number[]> => {
    const names = await orMissing(readdir(done), []);
    return names
      .filter((name) => /^[1-9][0-9]{0,8}$/.test(name))
      .map(Number)
      .sort((a, b) => a - b);
  };
  const moveToDone = async (folder: string): Promise<void> => {
    await mkdir(done, { recursive: true });
    const last = (await numbers()).at(-1) ?? 0;
    await rename(folder, join(done, String(last + 1)));
    await syncFolder(done);
    await syncFolder(feature);
  };
  const drop = async (folder: string): Promise<void> => {
    // The record goes first, so that a half-removed folder is known to be finished.
    await rm(join(folder, 'record.json'), { force: true });
    // What is left of it goes with the next sweep.
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  };

  return {
    folders: { done, pending, undoing },

    /** Before anything else is asked of it. @throws BlueprintError `path-unsafe` for links in it */
    async refuseLinks(): Promise<void> {
      for (const folder of [done, pending, undoing, staging]) await refuseLinks(feature, folder);
    },

    pending: () => read(pending),
    undoing: () => read(undoing),

    /**
     * Records that a repository brought say nothing about what was applied here.
     * @throws BlueprintError `state-foreign`
     */
    async refuseForeign(): Promise<void> {
      const kept = [...(await numbers()).map((number) => join(done, String(number)))];
      for (const folder of [pending, undoing, ...kept]) {
        const record = await read(folder);
        const path = slashPath(feature, join(folder, 'record.json'));
        if (record === null || (await own.isOwn(signedRecord, path, record))) continue;
        const shown = `${basename(dirname(feature))}/${basename(feature)}/${slashPath(feature, folder)}`;
        throw foreignState(`The record of an apply in ${shown}`, shown, [shown]);
      }
    },

    /** Whether an apply or an undo is not ended. */
    isBegun: async () => (await read(pending)) !== null || (await read(undoing)) !== null,

    /** Finished applies, the oldest first. */
    async records(): Promise<ApplyRecord[]> {
      const found: ApplyRecord[] = [];
      for (const number of await numbers()) {
        const record = await read(join(done, String(number)));
        if (record !== null) found.push(record);
      }
      return found;
    },

    /** By path, as finished applies left them. */
    async applied(): Promise<Map<string, AppliedFile>> {
      const found = new Map<string, AppliedFile>();
      for (const number of await numbers()) {
        const folder = join(done, String(number));
        for (const [index, file] of ((await read(folder))?.files ?? []).entries()) {
          const side = file.approved === undefined ? 'after' : 'approved';
          found.set(file.path, {
            after: file.after,
            approved: file.approved ?? file.after,
            read: () => orMissing(readFile(join(folder, side, String(index))), null),
          });
        }
      }
      return found;
    },

    /** Clears what a killed process left before anything was begun or after all was done. */
    async sweep(): Promise<void> {
      await rm(staging, { recursive: true, force: true });
      for (const folder of [pending, undoing])
        if ((await read(folder)) === null) await drop(folder);
    },

    async begin(record: ApplyRecord, bytes: ApplyBytes): Promise<void> {
      await mkdir(staging, { recursive: true });
      for (const side of ['before', 'after', 'approved'] as const) {
        if (side === 'approved' && bytes.approved.every((content) => content === null)) continue;
        await mkdir(join(staging, side));
        for (const [index, content] of bytes[side].entries())
          if (content !== null) await writeNewFile(join(staging, side, String(index)), content);
        await syncFolder(join(staging, side));
      }
      const signed = await own.signed(signedRecord, record);
      await writeNewFile(join(staging, 'record.json'), `${JSON.stringify(signed, null, 2)}\n`);
      await syncFolder(staging);
      await rename(staging, pending);
      await syncFolder(feature);
    },

    /** The bytes of one file of the record that is pending or being undone. */
    bytes: (of: 'pending' | 'undoing', side: 'before' | 'after', index: number) =>
      readFile(join(of === 'pending' ? pending : undoing, side, String(index))),

    finish: () => moveToDone(pending),

    /** The last finished apply is being undone from now on. */
    async beginUndo(): Promise<void> {
      const last = (await numbers()).at(-1);
      if (last !== undefined) await rename(join(done, String(last)), undoing);
      await syncFolder(feature);
    },

    /** An apply that was cut short is undone instead. */
    async turnBack(): Promise<void> {
      await rename(pending, undoing);
      await syncFolder(feature);
    },

    /** An undo that may not be: the apply stands as it was. */
    keep: () => moveToDone(undoing),

    async finishUndo(): Promise<void> {
      await drop(undoing);
      // An empty folder says the same as none.
      if ((await numbers()).length === 0)
        await rm(done, { recursive: true, force: true }).catch(() => undefined);
      await syncFolder(feature);
    },
  };
}

async function refuseLinks(feature: string, folder: string): Promise<void> {
  const shown = (path: string): string => `${basename(feature)}/${slashPath(feature, path)}`;
  const found = await orMissing(lstat(folder), null);
  if (found === null) return;
  if (!found.isDirectory()) throw unsafe(shown(folder), 'is no folder');
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    if (!entry.isFile() && !entry.isDirectory())
      throw unsafe(shown(join(entry.parentPath, entry.name)), 'is neither a file nor a folder');
}

export type ApplyJournal = ReturnType<typeof openApplyJournal>;
