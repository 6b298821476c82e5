import type { SandboxLimit, SandboxLimits } from '../sandbox.ts';
import type { Cgroup } from './cgroup.ts';
import { lstat } from 'node:fs/promises';
import { diskUse, freeBytes, mountUse } from './disk-use.ts';
import type { ProcessUse } from './process-use.ts';

/** What a watch reads, beside the copy. */
export interface Use {
  /** Null where processes cannot be seen. */
  readonly processes: (enough: number) => Promise<ProcessUse | null>;
  /** See `unnamedUse`. */
  readonly unnamed?: () => Promise<ReadonlyMap<number, number>>;
  /** File systems of the command's own, absolute. */
  readonly temporary: () => Promise<readonly string[]>;
  /** Folders of the command's own that are walked as the copy is. */
  readonly folders?: readonly string[];
}

/** Of the time between two walks through the copy, at most one sixth is spent walking. */
const restPerWalk = 5;

/**
 * Watches memory, processes and disk of one run.
 * @param before what the copy took before, in bytes.
 */
export function watchUse(
  copy: string,
  before: number,
  limits: SandboxLimits,
  cgroup: Pick<Cgroup, 'reached'> | null,
) {
  let nextWalk = 0;
  let grown = 0;
  /** In files without a name that are in no file system which is counted. */
  let unnamedMemory = 0;
  const atFirst = freeBytes(copy);

  const walk = async (use: Use | null): Promise<void> => {
    const from = performance.now();
    let closed = false;
    grown = -before;
    for (const folder of [copy, ...(use?.folders ?? [])])
      grown += await diskUse(folder, limits.diskBytes - grown, { closed: () => (closed = true) });
    // What is in folders that keep us out shows by what is left of the disk alone.
    if (closed) grown = Math.max(grown, ((await atFirst) ?? 0) - ((await freeBytes(copy)) ?? 0));
    await countUnnamed(use);
    const now = performance.now();
    nextWalk = now + (now - from) * restPerWalk;
  };

  const countUnnamed = async (use: Use | null): Promise<void> => {
    const unnamed = (await use?.unnamed?.()) ?? new Map<number, number>();
    if (unnamed.size === 0) return;
    const devices = async (paths: readonly string[]): Promise<(number | undefined)[]> =>
      Promise.all(paths.map(async (path) => (await lstat(path).catch(() => null))?.dev));
    const [own, temporary] = [await devices([copy]), await devices((await use?.temporary()) ?? [])];
    unnamedMemory = 0;
    for (const [device, bytes] of unnamed)
      if (own.includes(device)) grown += bytes;
      else if (!temporary.includes(device)) unnamedMemory += bytes;
  };

  return {
    /** @param use null when all has ended, and only the copy is left to look at. */
    async reached(use: Use | null): Promise<SandboxLimit | null> {
      const bounded = await cgroup?.reached();
      if (bounded !== undefined && bounded !== null) return bounded;
      const processes =
        cgroup === null ? ((await use?.processes(limits.memoryBytes)) ?? null) : null;
      if (processes !== null && processes.processes > limits.processes) return 'processes';
      if (use === null || performance.now() >= nextWalk) await walk(use);
      if (processes !== null && processes.memoryBytes + unnamedMemory > limits.memoryBytes)
        return 'memory';
      const temporary = await Promise.all(((await use?.temporary()) ?? []).map(mountUse));
      const sum = temporary.reduce((bytes, more) => bytes + more, grown);
      return sum >= limits.diskBytes ? 'disk' : null;
    },
  };
}
