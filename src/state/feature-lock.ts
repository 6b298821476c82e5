import { dirname, join } from 'node:path';
import { assertContained, featurePath, shownPath, type FeaturePlace } from './feature-folder.ts';
import { writing } from '../files/file-problem.ts';
import { acquireLock } from '../files/lock.ts';
import { makeFolder } from '../files/make-folder.ts';
import { currentProcess } from '../files/process-identity.ts';

const staleMs = 60_000;

type LockPlace = FeaturePlace & { readonly now: () => Date };

/**
 * Does the work while no other process holds this feature's lock of that name.
 * @throws BlueprintError `feature-locked`, and what the work throws.
 */
export function withFeatureLock<T>(
  place: LockPlace,
  slug: string,
  name: string,
  work: () => Promise<T>,
): Promise<T> {
  return withLockFile(place, featurePath(place, slug, `${name}.lock`), work);
}

/** The same for what concerns all features of a project at once, as its own files. */
export function withProjectLock<T>(
  place: LockPlace,
  name: string,
  work: () => Promise<T>,
): Promise<T> {
  return withLockFile(place, join(place.featuresDir, `.${name}.lock`), work);
}

/** By lock file: what ends when nobody in this process waits for it any more. */
const turns = new Map<string, Promise<unknown>>();

/** Whoever waits in this process has its turn in order, and does not try the file again and again. */
async function withLockFile<T>(place: LockPlace, path: string, work: () => Promise<T>): Promise<T> {
  const before = turns.get(path) ?? Promise.resolve();
  const done = before.then(() => withLock(place, path, work));
  const ended = done.catch(() => undefined);
  turns.set(path, ended);
  try {
    return await done;
  } finally {
    if (turns.get(path) === ended) turns.delete(path);
  }
}

async function withLock<T>(place: LockPlace, path: string, work: () => Promise<T>): Promise<T> {
  await assertContained(place, path);
  const shown = shownPath(place, path);
  const claim = await writing(shown, async () => {
    await makeFolder(dirname(path));
    return acquireLock(path, {
      self: currentProcess(),
      now: place.now,
      staleMs,
      shownPath: shown,
    });
  });
  try {
    return await work();
  } finally {
    await claim.release();
  }
}
