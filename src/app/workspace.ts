import type { ResolvedConfig } from '../config/resolved-config.ts';
import type { FileChanges } from '../domain/bundle.ts';
import type { FeaturePlace } from '../state/feature-folder.ts';
import { withFeatureLock } from '../state/feature-lock.ts';
import { createFolderWorkspace } from '../workspace/folder-workspace.ts';
import { unifiedDiff } from '../workspace/unified-diff.ts';

type Place = FeaturePlace & { readonly now: () => Date };

/** Where approved files stand until they are applied. */
export function workspaceOf(
  { root, featuresDir }: Pick<ResolvedConfig, 'root' | 'featuresDir'>,
  place: Place,
  env: NodeJS.ProcessEnv,
) {
  return createFolderWorkspace({
    root,
    featuresDir,
    env,
    lock: (slug, work) => withFeatureLock(place, slug, 'workspace', work),
  });
}

/** The files before and after approved work, or after `changes` over it, as a unified diff. */
export async function workspaceChanges(
  slug: string,
  workspace: ReturnType<typeof workspaceOf>,
  changes: FileChanges | undefined,
): Promise<{ diff: string; files: string[] }> {
  const approved = await workspace.files(slug);
  const after = changes ?? approved;
  const before = new Map<string, string | null>();
  const base = changes === undefined ? workspace.project() : workspace.base(slug);
  for (const path of after.keys()) before.set(path, await base.read(path));
  const files = [...after.keys()].filter((path) => before.get(path) !== after.get(path)).sort();
  return { diff: unifiedDiff(before, after), files };
}
