import { join } from 'node:path';
import { currentProcess } from '../files/process-identity.ts';
import { sweepFolder } from '../files/sweep.ts';
import { assertContained, assertPlace, featurePath } from '../state/feature-folder.ts';
import { ownFolder, workKinds } from '../state/work-folder.ts';
import { sweepOutFolders } from './out-folder.ts';
import type { LocatedFolder } from './work-folder.ts';

/** Before a command works in a folder: what killed ones left there. */
export async function sweepLeftOvers(
  { name, place }: Pick<LocatedFolder, 'name' | 'place'>,
  now: () => Date,
): Promise<void> {
  const folder = featurePath(place, name, '');
  await assertContained(place, folder);
  const claimant = { self: currentProcess(), now, staleMs: Number.POSITIVE_INFINITY };
  await sweepFolder(place.featuresDir, claimant, 'folder');
  await sweepFolder(folder, claimant, 'tree');
}

/** What they left beside the folders that answers were written to. */
export async function sweepBesideOutFolders(root: string): Promise<void> {
  for (const kind of workKinds) {
    const featuresDir = join(root, ownFolder, kind);
    await assertPlace({ featuresDir, displayRoot: root, root });
    await sweepOutFolders(featuresDir);
  }
}
