import { constants } from 'node:fs';
import { lstat, readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import * as z from 'zod';
import { ownerOfUnfinished, unfinishedPath } from '../../files/atomic-file.ts';
import { copyFile, mkdir, rename, rm, symlink, utimes, writeFile } from '../../files/disk.ts';
import { makeFolder } from '../../files/make-folder.ts';
import { privateFolder } from '../../files/private.ts';
import { isOfDead } from '../../files/process-identity.ts';
import { contentStates, inGroups } from '../content-id.ts';
import type { CopyChanges } from './copy-changes.ts';

/** What steps did to copies, each by a key of all that it depends on. */
export interface KeptSetups {
  /**
   * Does to a copy what the step did to another. @returns false where that is not known, or where something
   * else stands in this copy than stood in the other
   */
  restore(key: string, copy: string): Promise<boolean>;
  /** Never throws: what cannot be kept is done again. */
  keep(key: string, copy: string, changes: CopyChanges): Promise<void>;
}

const before = z.string().nullable();
const changesSchema = z.object({
  version: z.literal(1),
  files: z.array(z.object({ path: z.string(), before, bytes: z.number() })),
  links: z.array(z.object({ path: z.string(), before, target: z.string() })),
  removed: z.array(z.object({ path: z.string(), before })),
  folders: z.array(z.string()),
}) satisfies z.ZodType<CopyChanges>;

const mostKept = 12;
const mostBytes = 2 ** 31;
const longestMs = 30 * 24 * 3_600_000;

/**
 * @param folder of this user alone, absolute: whoever can write there decides what tests are run with. Null:
 * nothing is kept.
 */
export function createKeptSetups(folder: string | null, now: () => number): KeptSetups {
  if (folder === null)
    return { restore: () => Promise.resolve(false), keep: () => Promise.resolve() };
  return {
    async restore(key, copy) {
      const entry = join(folder, key);
      const changes = await readChanges(entry);
      if (changes === null || !(await fits(changes, copy))) return false;
      const at = new Date(now());
      await bring(changes, join(entry, 'files'), copy, at);
      await utimes(entry, at, at).catch(() => undefined);
      return true;
    },
    async keep(key, copy, changes) {
      const bytes = changes.files.reduce((sum, file) => sum + file.bytes, 0);
      if (bytes > mostBytes / 2) return;
      const unfinished = unfinishedPath(join(folder, key));
      try {
        await makeFolder(unfinished, privateFolder);
        const content = { files: changes.files, links: [], removed: [], folders: [] };
        await copyFiles(content.files, copy, join(unfinished, 'files'));
        await writeFile(join(unfinished, 'bytes'), String(bytes));
        await writeFile(
          join(unfinished, 'changes.json'),
          JSON.stringify({ version: 1, ...changes }),
        );
        const at = new Date(now());
        await utimes(unfinished, at, at);
        await rename(unfinished, join(folder, key));
        await removeOld(folder, now());
      } catch {
        // A cache; or another process was quicker.
        await rm(unfinished, { recursive: true, force: true }).catch(() => undefined);
      }
    },
  };
}

async function readChanges(entry: string): Promise<CopyChanges | null> {
  try {
    return changesSchema.parse(JSON.parse(await readFile(join(entry, 'changes.json'), 'utf8')));
  } catch {
    return null;
  }
}

/** Whether in the copy stands what stood where the changes were made, and no link leads out of it. */
async function fits(
  { files, links, removed, folders }: CopyChanges,
  copy: string,
): Promise<boolean> {
  const all = [...files, ...links, ...removed];
  const parents = new Set(folders);
  for (const { path } of all)
    for (let at = posix.dirname(path); at !== '.' && !parents.has(at); at = posix.dirname(at))
      parents.add(at);
  let sound = true;
  await inGroups([...parents], async (path) => {
    const found = await lstat(join(copy, path)).catch(() => null);
    sound &&= found === null || found.isDirectory();
  });
  if (!sound) return false;
  const states = await contentStates(
    copy,
    all.map(({ path }) => path),
  );
  return all.every(({ path, before: was }) => (states.get(path) ?? null) === was);
}

async function bring(
  { files, links, removed, folders }: CopyChanges,
  from: string,
  copy: string,
  at: Date,
): Promise<void> {
  await inGroups(removed, ({ path }) => rm(join(copy, path), { force: true }));
  for (const path of folders) await mkdir(join(copy, path), { recursive: true });
  await copyFiles(files, from, copy);
  // Of one time, so that none of them looks older than what it was made from.
  await inGroups(files, ({ path }) => utimes(join(copy, path), at, at));
  await inGroups(links, async ({ path, target, before: was }) => {
    const place = join(copy, path);
    await mkdir(dirname(place), { recursive: true });
    if (was !== null) await rm(place, { force: true });
    await symlink(target, place);
  });
}

/** Shares their blocks where the file system can; what is done to one never shows in the other. */
async function copyFiles(files: CopyChanges['files'], from: string, to: string): Promise<void> {
  const folders = new Set(files.map(({ path }) => dirname(join(to, path))));
  for (const folder of folders) await mkdir(folder, { recursive: true });
  await inGroups(files, async ({ path, before: was }) => {
    // A link, or a file without the right to be written, gives way.
    if (was !== null) await rm(join(to, path), { force: true });
    await copyFile(join(from, path), join(to, path), constants.COPYFILE_FICLONE);
  });
}

/** What a killed process left unfinished, what is old, and what is more than there is room for. */
async function removeOld(folder: string, now: number): Promise<void> {
  const names = await readdir(folder);
  const gone = names.filter((name) => isOfDead(ownerOfUnfinished(name) ?? ''));
  const entries = await Promise.all(
    names
      .filter((name) => /^[0-9a-f]{64}$/.test(name))
      .map(async (name) => ({
        name,
        at: (await stat(join(folder, name))).mtimeMs,
        bytes: Number(await readFile(join(folder, name, 'bytes'), 'utf8').catch(() => mostBytes)),
      })),
  );
  let bytes = 0;
  for (const [index, entry] of entries.sort((a, b) => b.at - a.at).entries()) {
    bytes += entry.bytes;
    if (index >= mostKept || bytes > mostBytes || now - entry.at > longestMs) gone.push(entry.name);
  }
  for (const name of gone) await rm(join(folder, name), { recursive: true, force: true });
}
