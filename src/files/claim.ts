import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import * as z from 'zod';
import { link, rename, rm, writeFile } from './disk.ts';
import { ownerOfUnfinished } from './atomic-file.ts';
import { errnoOf } from './file-problem.ts';
import { looked } from './is-there.ts';
import { isOfDead, liveness, type ProcessIdentity } from './process-identity.ts';

const claimRecordSchema = z.object({
  pid: z.int().min(1),
  host: z.string(),
  boot: z.string().nullable(),
  namespace: z.string().nullable(),
  started: z.string().nullable(),
  at: z.string(),
  /** Part of file names, so nothing but this form is believed. */
  token: z.string().regex(/^[0-9a-f]{32}$/),
  note: z.string(),
});
type ClaimRecord = z.infer<typeof claimRecordSchema>;

export interface Claimant {
  readonly self: ProcessIdentity;
  readonly now: () => Date;
  /** A holder whose process cannot be looked up counts as gone when its file is this old, in ms. */
  readonly staleMs: number;
}

/** Who stands in the way; fields are null when the file says nothing readable. */
export interface Holder {
  readonly pid: number | null;
  readonly host: string | null;
  readonly since: string;
  readonly note: string | null;
  readonly token: string;
}

export interface LockClaim {
  readonly token: string;
  isHeld(): Promise<boolean>;
  /** Never throws: a claim that cannot be deleted ends with its process. */
  release(): Promise<void>;
}

/**
 * Takes a file as the sign of sole possession, or says who has it. Does not wait.
 *
 * The file appears whole (written aside, then hard-linked), so a kill leaves no half of one. A holder
 * whose process is gone is replaced by its one heir: whoever claims `FILE.TOKEN.heir`, TOKEN being the
 * dead holder's. Only that heir may touch the dead file, and it looks again before it does, so a live
 * file is never removed however many wait. An heir that dies is itself inherited in the same way.
 * @throws the file system's error when the folder cannot be written.
 */
export async function claim(
  path: string,
  claimant: Claimant,
  note: string,
): Promise<{ claim: LockClaim } | { holder: Holder }> {
  const { self, now } = claimant;
  const token = randomBytes(16).toString('hex');
  const record: ClaimRecord = { ...self, at: now().toISOString(), token, note };
  return claimAs(path, path, record, claimant);
}

async function claimAs(
  path: string,
  base: string,
  record: ClaimRecord,
  claimant: Claimant,
): Promise<{ claim: LockClaim } | { holder: Holder }> {
  const fresh = `${path}.${record.token}.new`;
  const own: LockClaim = {
    token: record.token,
    isHeld: async () => readHolder(path)?.holder.token === record.token,
    release: () => releaseClaim(path, record.token),
  };
  try {
    await writeFile(fresh, `${JSON.stringify(record)}\n`, { flag: 'wx' });
    for (;;) {
      if (await linkOrWrite(fresh, path, record)) return { claim: own };
      const found = readHolder(path);
      if (found === null) continue;
      if (!(await isGone(found, fresh, claimant))) return { holder: found.holder };

      const heir = await claimAs(`${base}.${found.holder.token}.heir`, base, record, claimant);
      if ('holder' in heir) return heir;
      try {
        if (readHolder(path)?.holder.token !== found.holder.token) continue;
        await rename(fresh, path);
      } finally {
        await heir.claim.release();
      }
      if (path === base) await sweep(base, found.holder, claimant);
      return { claim: own };
    }
  } finally {
    await rm(fresh, { force: true }).catch(() => undefined);
  }
}

/**
 * Removes a file of claims that is a dead process's. Never throws; what is not one, or may be held, stays.
 * @param path of the claim, or of a file that was to become one (`.new`)
 */
export async function sweepClaim(path: string, claimant: Claimant): Promise<void> {
  try {
    const found = readHolder(path);
    if (found === null || found.record === null || liveness(found.record, claimant.self) !== 'gone')
      return;
    if (path.endsWith('.new')) return await rm(path, { force: true });
    // As any heir does, so that nobody else's is taken away.
    const taken = await claim(path, claimant, '');
    if ('claim' in taken) await taken.claim.release();
  } catch {
    return;
  }
}

async function linkOrWrite(fresh: string, path: string, record: ClaimRecord): Promise<boolean> {
  try {
    await link(fresh, path);
    return true;
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'EEXIST') return false;
    if (!['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK'].includes(errno ?? '')) throw error;
  }
  // No hard links here (FAT, some network file systems).
  try {
    await writeFile(path, `${JSON.stringify(record)}\n`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw error;
  }
}

interface Found {
  readonly holder: Holder;
  readonly record: ClaimRecord | null;
  readonly mtimeMs: number;
}

/** Read without waiting: it is asked before anything is written, and a thread for it costs more than all else. */
function readHolder(path: string): Found | null {
  const info = looked(path);
  if (info === null) return null;
  const { mtimeMs, ino } = info;
  try {
    // What is no file is nobody's record, wherever a link may lead.
    const record = info.isFile() ? parseRecord(readFileSync(path, 'utf8')) : null;
    const holder: Holder = {
      pid: record?.pid ?? null,
      host: record?.host ?? null,
      since: record?.at ?? new Date(mtimeMs).toISOString(),
      note: record?.note ?? null,
      token: record?.token ?? `unreadable-${ino}-${Math.trunc(mtimeMs)}`,
    };
    return { holder, record, mtimeMs };
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
}

function parseRecord(text: string): ClaimRecord | null {
  try {
    return claimRecordSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

// Ages are taken between two files of one file system, so clocks of different machines do not matter.
async function isGone(found: Found, fresh: string, claimant: Claimant): Promise<boolean> {
  const state = found.record === null ? 'unknown' : liveness(found.record, claimant.self);
  if (state !== 'unknown') return state === 'gone';
  return (await stat(fresh)).mtimeMs - found.mtimeMs > claimant.staleMs;
}

async function releaseClaim(path: string, token: string): Promise<void> {
  try {
    if (readHolder(path)?.holder.token === token) await rm(path, { force: true });
  } catch {
    return;
  }
}

/**
 * Clears what killed processes left beside the file. Called by the one who has just taken over from a
 * dead holder; what that holder had inherited itself can never be asked for again.
 */
async function sweep(base: string, dead: Holder, claimant: Claimant): Promise<void> {
  const folder = dirname(base);
  const prefix = `${basename(base)}.`;
  try {
    for (const name of await readdir(folder)) {
      const path = join(folder, name);
      const owner = ownerOfUnfinished(name);
      if (owner !== null) {
        if (isOfDead(owner)) await rm(path, { force: true });
      } else if (name.startsWith(prefix)) {
        const found = readHolder(path);
        if (found?.record === null || found === null) continue;
        const ended = liveness(found.record, claimant.self) === 'gone';
        const leftOver = name.endsWith('.new') || found.holder.token === dead.token;
        if (ended && leftOver) await rm(path, { force: true });
      }
    }
  } catch {
    return;
  }
}
