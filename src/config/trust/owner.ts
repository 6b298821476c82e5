import type { Stats } from 'node:fs';

type Owned = Pick<Stats, 'uid' | 'gid' | 'mode'>;

/** Of this process; null where the system knows no such owners. */
const self = (): { uid: number; gid: number } | null => {
  const uid = process.geteuid?.();
  return uid === undefined ? null : { uid, gid: process.getegid?.() ?? uid };
};

/** Why what a file says may be the word of somebody else; null where only its reader, or root, can write it. */
export function foreignHands({ uid, gid, mode }: Owned): string | null {
  const own = self();
  if (own === null) return null;
  if (uid !== own.uid && uid !== 0) return `belongs to another user (uid ${uid})`;
  // On many systems every user has a group alone, whose files are made writable for it.
  const byGroup = (mode & 0o020) !== 0 && gid !== own.gid && gid !== 0;
  if ((mode & 0o002) === 0 && !byGroup) return null;
  return `can be written by others (mode ${(mode & 0o777).toString(8)})`;
}

/** Whether a folder is its reader's, root's, or of who owns the folder that the reader stands in. */
export function isOfKnownOwner({ uid }: Pick<Stats, 'uid'>, here: Pick<Stats, 'uid'>): boolean {
  const own = self();
  return own === null || [own.uid, 0, here.uid].includes(uid);
}
