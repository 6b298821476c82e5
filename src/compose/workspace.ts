import { join } from 'node:path';
import type { ResolvedConfig } from '../config/resolved-config.ts';
import { orNull } from '../domain/errors.ts';
import type { Emit } from '../domain/event.ts';
import type { OwnState } from '../files/own-state.ts';
import type { FeaturePlace } from '../state/feature-folder.ts';
import { withFeatureLock } from '../state/feature-lock.ts';
import { ownFolder, kindsAtRoot } from '../state/work-folder.ts';
import { createGit } from '../files/git.ts';
import { openRepository } from '../workspace/git/repository.ts';
import { openWorkspace } from '../workspace/open-workspace.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** Null where there is no git, or it does not work. */
export async function gitVersion(cwd: string, env: NodeJS.ProcessEnv): Promise<string | null> {
  const said = await orNull(createGit({ cwd, env }).text(['--version']));
  return said?.replace('git version ', '') ?? null;
}

/** Why git refuses the repository that a folder is in, with its remedy; null where it does not. */
export async function refusedRepository(
  root: string,
  env: NodeJS.ProcessEnv,
): Promise<{ problem: string; remedy: string } | null> {
  const opened = await openRepository(createGit({ cwd: root, env }), root);
  if ('repository' in opened || opened.remedy === undefined) return null;
  return { problem: opened.problem, remedy: opened.remedy };
}

type Place = FeaturePlace & { readonly now: () => Date };

interface WorkspaceParts {
  readonly env: NodeJS.ProcessEnv;
  readonly now: () => Date;
  readonly emit?: Emit;
  readonly own?: OwnState;
  /** In place of the feature's own. */
  readonly lock?: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Where a feature's approved files stand until they are applied. Warnings go to the journal, if any. */
export function workspaceOf(
  slug: string,
  { root, featuresDir, workspace }: Pick<ResolvedConfig, 'root' | 'featuresDir' | 'workspace'>,
  place: Place,
  { env, now, emit, own, lock }: WorkspaceParts,
): Promise<Workspace> {
  return openWorkspace(slug, {
    root,
    featuresDir: place.featuresDir,
    leftOut: [featuresDir, ...[ownFolder, ...kindsAtRoot].map((folder) => join(root, folder))],
    env,
    now,
    ...(own && { own }),
    kind: workspace.kind,
    identity: workspace.identity,
    lock: lock ?? ((work) => withFeatureLock(place, slug, 'workspace', work)),
    warn: ({ code, message, fix }) =>
      emit?.({
        type: 'warning',
        code,
        message: fix === undefined ? message : `${message} (${fix})`,
        task: null,
      }),
  });
}
