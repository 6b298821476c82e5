import { dirname } from 'node:path';
import { assertContained, featurePath, shownPath, type FeaturePlace } from './feature-folder.ts';
import { acquireLock } from './lock.ts';
import { makeFolder } from './make-folder.ts';
import { currentProcess } from './process-identity.ts';

const staleMs = 60_000;

/**
 * Does the work while no other process holds this feature's lock of that name.
 * @throws BlueprintError `feature-locked`, and what the work throws.
 */
export async function withFeatureLock<T>(
  place: FeaturePlace & { readonly now: () => Date },
  slug: string,
  name: string,
  work: () => Promise<T>,
): Promise<T> {
  const path = featurePath(place, slug, `${name}.lock`);
  await assertContained(place, path);
  await makeFolder(dirname(path));
  const claim = await acquireLock(path, {
    self: currentProcess(),
    now: place.now,
    staleMs,
    shownPath: shownPath(place, path),
  });
  try {
    return await work();
  } finally {
    await claim.release();
  }
}
