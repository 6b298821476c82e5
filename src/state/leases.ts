import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { rm, utimes } from '../files/disk.ts';
import { BlueprintError } from '../domain/errors.ts';
import { leaseLostError } from '../domain/lease-lost.ts';
import { taskId } from '../domain/task.ts';
import { toSingleLine } from '../domain/text.ts';
import { writeFileAtomic } from '../files/atomic-file.ts';
import { claim, type LockClaim, type Holder } from '../files/claim.ts';
import { assertContained, featurePath, shownPath, type FeaturePlace } from './feature-folder.ts';
import { writeProblem } from '../files/file-problem.ts';
import { looked } from '../files/is-there.ts';
import { makeFolder } from '../files/make-folder.ts';
import type { Lease, LeaseKeeper } from './ports.ts';
import { currentProcess, type ProcessIdentity } from '../files/process-identity.ts';

export interface LeaseOptions extends FeaturePlace {
  readonly now: () => Date;
  readonly self?: ProcessIdentity;
  /** How often a lease's file is touched, in ms: the sign of life for other machines. */
  readonly heartbeatMs?: number;
  /** When another machine's lease counts as ended, in ms since its last sign of life. */
  readonly staleMs?: number;
}

/**
 * Leases as `leases/TASK.json` in the feature's folder. A lease whose process is dead is taken over at
 * once, one of another machine when it has shown no sign of life for a while.
 */
export function createLeaseKeeper(options: LeaseOptions): LeaseKeeper {
  const {
    now,
    self = currentProcess(),
    heartbeatMs = 15_000,
    staleMs = Math.max(90_000, heartbeatMs * 6),
  } = options;
  return {
    async take(slug, task, run) {
      if (!taskId.safeParse(task).success)
        throw new BlueprintError({
          code: 'task-id-invalid',
          message: `«${toSingleLine(task, 80)}» is not a task id`,
        });
      const path = featurePath(options, slug, `leases/${task}.json`);
      const counter = fencePath(options, slug, task);
      await assertContained(options, path);
      await assertContained(options, counter);
      try {
        await makeFolder(dirname(path));
        const result = await claim(path, { self, now, staleMs }, run);
        if ('holder' in result) return { heldBy: describe(result.holder) };
        const fence = await nextFence(counter, now);
        // Before the first there was nobody who could still take the number for his own.
        const forget = (): Promise<void> =>
          fence === 1 ? rm(counter, { force: true }) : Promise.resolve();
        return { lease: leaseOf(result.claim, fence, path, { now, heartbeatMs, forget }) };
      } catch (error) {
        throw writeProblem(error, shownPath(options, path));
      }
    },
  };
}

function leaseOf(
  held: LockClaim,
  fence: number,
  path: string,
  options: { now: () => Date; heartbeatMs: number; forget: () => Promise<void> },
): Lease {
  const { now, heartbeatMs, forget } = options;
  // A beat that fails is made up for by the next one; a lease that was taken away must not be kept alive.
  const beat = async (): Promise<void> => {
    if (await held.isHeld()) await utimes(path, now(), now());
  };
  const timer = setInterval(() => void beat().catch(() => undefined), heartbeatMs);
  timer.unref();
  return {
    fence,
    isHeld: held.isHeld,
    async release({ unused } = { unused: false }) {
      clearInterval(timer);
      if (unused && (await held.isHeld())) await forget();
      await held.release();
    },
  };
}

function fencePath(place: FeaturePlace, slug: string, task: string): string {
  return featurePath(place, slug, `leases/${task}.fence`);
}

/** The number that was given last, 0 before the first; NaN where that cannot be read. */
function lastFence(path: string): number {
  const text = looked(path) === null ? '0\n' : readFileSync(path, 'utf8');
  return /^\d+\n$/.test(text) ? Number(text) : Number.NaN;
}

/** Counted by the holder alone. Where the last number cannot be read, the time is greater than any of them. */
async function nextFence(path: string, now: () => Date): Promise<number> {
  const last = lastFence(path);
  const fence = Number.isNaN(last) ? now().getTime() : last + 1;
  await writeFileAtomic(path, `${fence}\n`);
  return fence;
}

/**
 * To be asked under the lock of what is written, so that nobody comes between.
 * @throws BlueprintError `lease-lost` when the task's lease was given to another after this one
 */
export async function requireFence(
  place: FeaturePlace,
  slug: string,
  task: string,
  { fence }: Pick<Lease, 'fence'>,
): Promise<void> {
  const path = fencePath(place, slug, task);
  await assertContained(place, path);
  if (lastFence(path) > fence) throw leaseLostError(slug, task);
}

function describe(holder: Holder): string {
  if (holder.pid === null) return `an unreadable lease from ${holder.since}`;
  const run = holder.note === null || holder.note === '' ? '' : `run ${holder.note}, `;
  return toSingleLine(`${run}process ${holder.pid} on ${holder.host} since ${holder.since}`);
}
