import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ownerOfUnfinished } from './atomic-file.ts';
import { sweepClaim, type Claimant } from './claim.ts';
import { rm } from './disk.ts';
import { isOfDead } from './process-identity.ts';

/**
 * Removes what killed processes left in a folder of the program's own: unfinished files, and locks and leases
 * of theirs. Never throws, and touches nothing of a process that may live.
 * @param depth `tree`: in all folders below as well
 */
export async function sweepFolder(
  folder: string,
  claimant: Claimant,
  depth: 'tree' | 'folder',
): Promise<void> {
  const options = { recursive: depth === 'tree', withFileTypes: true } as const;
  for (const entry of await readdir(folder, options).catch(() => [])) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const owner = ownerOfUnfinished(entry.name);
    if (owner !== null && isOfDead(owner)) await rm(path, { force: true }).catch(() => undefined);
    else if (/\.(?:lock|new|heir)$/.test(entry.name) || isLease(entry))
      await sweepClaim(path, claimant);
  }
}

/** Beside it stands its fence, which is nobody's claim; of these there may be thousands. */
const isLease = ({ parentPath, name }: { parentPath: string; name: string }): boolean =>
  /[\\/]leases$/.test(parentPath) && !name.endsWith('.fence');

/** `.NAME.MARK-XXXXXX`, as `mkdtemp` makes it of `stagingPrefix`: folders beside those that are written. */
export async function sweepStaging(parent: string, name: string): Promise<void> {
  const prefix = `.${name}.`;
  for (const found of await readdir(parent).catch(() => [])) {
    const mark = found.startsWith(prefix)
      ? /^(\d+-\d+-\d+)-\w{6}$/.exec(found.slice(prefix.length))?.[1]
      : undefined;
    if (mark !== undefined && isOfDead(mark))
      await rm(join(parent, found), { recursive: true, force: true }).catch(() => undefined);
  }
}
