import { join } from 'node:path';
import type { ResolvedConfig } from '../config/resolved-config.ts';
import type { OwnState } from '../files/own-state.ts';
import { withProjectLock } from '../state/feature-lock.ts';
import type { FeaturePlace } from '../state/feature-folder.ts';
import type { Applier } from '../workspace/applier.ts';
import { applyState, applyWork, undoApply } from '../workspace/apply/apply.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** What writes a feature's approved work into the project; one process at a time does so. */
export function applierOf(
  slug: string,
  { root }: Pick<ResolvedConfig, 'root'>,
  place: FeaturePlace & { readonly now: () => Date },
  workspace: Workspace,
  own: OwnState,
): Applier {
  const feature = join(place.featuresDir, slug);
  const options = { root, feature, slug, workspace, own, now: place.now };
  return {
    apply: (way) => withProjectLock(place, 'apply', () => applyWork(options, way, false)),
    check: (way) => applyWork(options, way, true),
    undo: () => withProjectLock(place, 'apply', () => undoApply(options)),
    state: (before) => applyState(options, before),
  };
}
