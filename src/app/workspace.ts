import type { ResolvedConfig } from '../config/resolved-config.ts';
import type { FileChanges } from '../domain/bundle.ts';
import type { Emit } from '../domain/event.ts';
import type { FeaturePlace } from '../state/feature-folder.ts';
import { withFeatureLock } from '../state/feature-lock.ts';
import { openWorkspace } from '../workspace/open-workspace.ts';
import { unifiedDiff } from '../workspace/unified-diff.ts';
import type { Workspace } from '../workspace/workspace.ts';

type Place = FeaturePlace & { readonly now: () => Date };

/** Where a feature's approved files stand until they are applied. Warnings go to the journal, if any. */
export function workspaceOf(
  slug: string,
  { root, featuresDir, workspace }: Pick<ResolvedConfig, 'root' | 'featuresDir' | 'workspace'>,
  place: Place,
  { env, now, emit }: { env: NodeJS.ProcessEnv; now: () => Date; emit?: Emit },
): Promise<Workspace> {
  return openWorkspace(slug, {
    root,
    featuresDir: place.featuresDir,
    leftOut: [featuresDir],
    env,
    now,
    kind: workspace.kind,
    identity: workspace.identity,
    lock: (name, work) => withFeatureLock(place, name, 'workspace', work),
    warn: ({ code, message, fix }) =>
      emit?.({
        type: 'warning',
        code,
        message: fix === undefined ? message : `${message} (${fix})`,
        task: null,
      }),
  });
}

/** The files before and after approved work, or after `changes` over it, as a unified diff. */
export async function workspaceChanges(
  slug: string,
  workspace: Workspace,
  changes: FileChanges | undefined,
): Promise<{ diff: string; files: string[] }> {
  const after = changes ?? (await workspace.files(slug));
  const before = new Map<string, string | null>();
  const base = changes === undefined ? workspace.project(slug) : workspace.base(slug);
  for (const path of after.keys()) before.set(path, await base.read(path));
  const files = [...after.keys()].filter((path) => before.get(path) !== after.get(path)).sort();
  return { diff: unifiedDiff(before, after), files };
}
