import type { ResolvedConfig } from '../config/resolved-config.ts';
import type { FileChanges } from '../domain/bundle.ts';
import type { Emit } from '../domain/event.ts';
import { toSingleLine } from '../domain/text.ts';
import type { FeaturePlace } from '../state/feature-folder.ts';
import { withFeatureLock } from '../state/feature-lock.ts';
import { openWorkspace } from '../workspace/open-workspace.ts';
import { unifiedDiff } from '../text/unified-diff.ts';
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
    lock: (work) => withFeatureLock(place, slug, 'workspace', work),
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
  workspace: Workspace,
  changes: FileChanges | undefined,
): Promise<{ diff: string; files: string[] }> {
  const after = changes ?? (await workspace.files());
  const before = new Map<string, string | null>();
  const base = changes === undefined ? workspace.project() : workspace.base();
  for (const path of after.keys()) before.set(path, await base.read(path));
  const files = [...after.keys()].filter((path) => before.get(path) !== after.get(path)).sort();
  return { diff: unifiedDiff(before, after), files };
}

/** Says which files of the user the work will not see, if there are any. */
export async function warnOfUnseen(workspace: Workspace, emit: Emit): Promise<void> {
  const unseen = await workspace.unseen();
  if (unseen.length === 0) return;
  const named = unseen.slice(0, 5).map((path) => toSingleLine(path, 100));
  const more = unseen.length > named.length ? ` and ${unseen.length - named.length} more` : '';
  emit({
    type: 'warning',
    code: 'changes-not-seen',
    message: `the work stands on what is committed; not seen are your changes of ${named.join(', ')}${more}`,
    task: null,
  });
}
