import { BlueprintError } from '../domain/errors.ts';
import type { LockClaim } from '../files/claim.ts';
import { errnoOf, writeProblem } from '../files/file-problem.ts';
import { acquireLock } from '../files/lock.ts';
import { currentProcess, type ProcessIdentity } from '../files/process-identity.ts';
import { assertContained, featurePath, shownPath, type FeaturePlace } from './feature-folder.ts';
import { featureNotFound } from './list-features.ts';

export interface ListLockOptions extends FeaturePlace {
  readonly now: () => Date;
  readonly self?: ProcessIdentity;
  /** How long to wait for a lock that one holder keeps, in ms. */
  readonly patienceMs?: number;
  /** When the lock of another machine's process counts as left behind, in ms. */
  readonly staleLockMs?: number;
}

/** Does the work while nobody else changes the feature's task list. @throws BlueprintError `feature-locked` */
export async function withListLock<T>(
  options: ListLockOptions,
  slug: string,
  work: (claim: LockClaim) => Promise<T>,
): Promise<T> {
  const path = featurePath(options, slug, 'tasks.lock');
  const shown = shownPath(options, path);
  const claim = await takeLock(options, path, shown).catch(async (error: unknown) => {
    if (errnoOf(error) === 'ENOENT') throw await featureNotFound(options, slug);
    throw writeProblem(error, shown);
  });
  try {
    return await work(claim);
  } finally {
    await claim.release();
  }
}

async function takeLock(options: ListLockOptions, path: string, shown: string): Promise<LockClaim> {
  await assertContained(options, path);
  const { now, patienceMs, self = currentProcess(), staleLockMs: staleMs = 60_000 } = options;
  const how = { self, now, staleMs, shownPath: shown };
  return acquireLock(path, patienceMs === undefined ? how : { ...how, patienceMs });
}

/** Writes a list whose lock is held. @throws BlueprintError `lock-lost`, or what the file system says of the file */
export async function writeLocked(
  claim: LockClaim,
  shown: string,
  write: () => Promise<void>,
): Promise<void> {
  // Another machine may have taken a lock away that looked left behind.
  if (!(await claim.isHeld()))
    throw new BlueprintError({
      code: 'lock-lost',
      message: `The lock on ${shown} was taken away before the change was written`,
      target: shown,
      fix: 'Run the command again.',
    });
  await write().catch((error: unknown) => {
    throw writeProblem(error, shown);
  });
}
