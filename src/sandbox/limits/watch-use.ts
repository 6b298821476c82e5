import type { SandboxLimit, SandboxLimits } from '../sandbox.ts';
import type { Cgroup } from './cgroup.ts';
import { diskUse, mountUse } from './disk-use.ts';
import type { ProcessUse } from './process-use.ts';

/** What a watch reads, beside the copy. */
export interface Use {
  /** Null where processes cannot be seen. */
  readonly processes: (enough: number) => Promise<ProcessUse | null>;
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

  const walk = async (folders: readonly string[]): Promise<void> => {
    const from = performance.now();
    grown = -before;
    for (const folder of [copy, ...folders])
      grown += await diskUse(folder, limits.diskBytes - grown);
    const now = performance.now();
    nextWalk = now + (now - from) * restPerWalk;
  };

  return {
    /** @param use null when all has ended, and only the copy is left to look at. */
    async reached(use: Use | null): Promise<SandboxLimit | null> {
      const bounded = await cgroup?.reached();
      if (bounded !== undefined && bounded !== null) return bounded;
      const processes =
        cgroup === null ? ((await use?.processes(limits.memoryBytes)) ?? null) : null;
      if (processes !== null && processes.processes > limits.processes) return 'processes';
      if (processes !== null && processes.memoryBytes > limits.memoryBytes) return 'memory';
      if (use === null || performance.now() >= nextWalk) await walk(use?.folders ?? []);
      const temporary = await Promise.all(((await use?.temporary()) ?? []).map(mountUse));
      const sum = temporary.reduce((bytes, more) => bytes + more, grown);
      return sum >= limits.diskBytes ? 'disk' : null;
    },
  };
}
