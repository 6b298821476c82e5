import { lchownSync } from 'node:fs';
import { lchown, lstat, readFile, stat } from 'node:fs/promises';
import { release } from 'node:os';
import { isAbsolute, normalize } from 'node:path';
import { firstForeignUser } from '../files/temporary-folder.ts';
import { sandboxBroken } from './broken.ts';
import { diskUse } from './limits/disk-use.ts';
import type { SandboxJob, SandboxMount, SandboxName } from './sandbox.ts';

/**
 * Whether this is the machine's own root, whom the kernel lets write its settings in /proc, capabilities or
 * not, and whose processes it does not count.
 */
export async function isGlobalRoot(): Promise<boolean> {
  if (process.getuid?.() !== 0) return false;
  const map = await readFile('/proc/self/uid_map', 'utf8').catch(() => '');
  return /^\s*0\s+0\s/.test(map);
}

let counter = 0;

/** A user id that nobody has, another one for each run; far from those that systems give away. */
export function foreignUser(): number {
  counter += 1;
  return firstForeignUser + (process.pid % 4_194_304) * 16 + (counter % 16);
}

/**
 * Makes ready what a run is shown: mounts with their places made plain, and all of the copy the user's. Files
 * with a second name are left: the other one may stand anywhere.
 * @param user null: nobody's.
 * @returns `before`: what the copy takes, in bytes; see `diskUse`.
 * @throws BlueprintError `sandbox-broken` for what root alone may read: the other user cannot either.
 */
export async function handOver(
  sandbox: SandboxName,
  { copy, mounts }: Pick<SandboxJob, 'copy' | 'mounts'>,
  user: number | null,
): Promise<{ readonly mounts: SandboxMount[]; readonly before: number }> {
  const places = checkedMounts(sandbox, mounts);
  if (user === null)
    return { mounts: places, before: await diskUse(copy, Number.POSITIVE_INFINITY) };
  for (const { from } of places) await requireReadable(sandbox, from);
  const before = await diskUse(copy, Number.POSITIVE_INFINITY, {
    visit(path, info) {
      if (info.uid !== user && (info.isDirectory() || info.nlink === 1))
        lchownSync(path, user, user);
    },
  });
  const own = await lstat(copy).catch(() => null);
  if (own === null) throw sandboxBroken(sandbox, `${copy} does not exist`);
  if (own.uid !== user) await lchown(copy, user, user);
  return { mounts: places, before };
}

/** The mounts with their places made plain. @throws BlueprintError for a place outside the copy. */
export function checkedMounts(
  sandbox: SandboxName,
  mounts: readonly SandboxMount[],
): SandboxMount[] {
  return mounts.map(({ from, to }) => {
    const place = normalize(to);
    if (!isAbsolute(from) || isAbsolute(place) || /^\.(\.?\/|\.?$)/.test(place))
      throw sandboxBroken(sandbox, `${from} cannot be shown at ${to}`);
    return { from, to: place };
  });
}

async function requireReadable(sandbox: SandboxName, from: string): Promise<void> {
  const info = await stat(from).catch(() => null);
  if (info === null) throw sandboxBroken(sandbox, `${from} does not exist`);
  if ((info.mode & (info.isDirectory() ? 0o5 : 0o4)) === 0)
    throw sandboxBroken(
      sandbox,
      `${from} can be read by root alone`,
      `Let others read it (chmod -R go+rX ${from}), or do not work as root.`,
    );
}

/** Since Linux 5.14 the number of a user's processes is counted in each user namespace by itself. */
export function countsByNamespace(): boolean {
  const [major = 0, minor = 0] = release().split('.').map(Number);
  return major > 5 || (major === 5 && minor >= 14);
}
