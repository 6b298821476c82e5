import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { BlueprintError, type Diagnostic } from '../domain/errors.ts';
import { defaultCopyLimits, type CopyLimits } from './copy-tree.ts';
import { checkedName, checkFeatureLinks } from './feature-path.ts';
import { createFolderWorkspace } from './folder-workspace.ts';
import { branchName, hasBranch } from './git/branch.ts';
import { createGit } from '../files/git.ts';
import { createGitWorkspace } from './git/git-workspace.ts';
import type { Identity } from './git/identity.ts';
import { openRepository, type Repository } from './git/repository.ts';
import { slashPath } from '../files/contained-path.ts';
import { orMissing } from '../files/file-problem.ts';
import type { OwnState } from '../files/own-state.ts';
import type { Workspace } from './workspace.ts';

export interface OpenWorkspaceOptions {
  /** The project's folder, absolute. */
  readonly root: string;
  /** Absolute. */
  readonly featuresDir: string;
  /** Folders that are no part of the project, absolute; the features folder is none without being told. */
  readonly leftOut?: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly kind: 'auto' | 'git' | 'folder';
  readonly identity: Identity | null;
  /** Runs the work while no other process does so for this feature. Not re-entered. */
  readonly lock: <T>(work: () => Promise<T>) => Promise<T>;
  readonly now: () => Date;
  /** Which of the feature's state is this user's. */
  readonly own?: OwnState;
  readonly warn: (problem: Diagnostic) => void;
  readonly copyLimits?: CopyLimits;
}

/**
 * The workspace of one feature: where it has approved work already, else what is asked for; with `auto` git
 * where the project has committed files in a repository, else the folder.
 * @throws BlueprintError `workspace-git-unusable`, `feature-name-invalid`, `path-unsafe`
 */
export async function openWorkspace(
  slug: string,
  options: OpenWorkspaceOptions,
): Promise<Workspace> {
  const { root, featuresDir, env, kind, warn, copyLimits = defaultCopyLimits } = options;
  const git = createGit({ cwd: root, env });
  const leftOut = [featuresDir, ...(options.leftOut ?? [])].map((folder) =>
    slashPath(root, folder),
  );
  const common = { ...options, slug, git, copyLimits, leftOut };
  const folder = (): Workspace => createFolderWorkspace(common);
  const inGit = (repository: Repository): Workspace =>
    createGitWorkspace({ ...common, repository });

  await checkFeatureLinks(featuresDir, checkedName(slug), []);
  if (await hasFolderWork(join(featuresDir, slug))) {
    if (kind === 'git') warn(goesOn(slug, `features/${slug}/workspace`, 'folder'));
    return folder();
  }
  const opened = await openRepository(git, root);
  if ('problem' in opened) {
    const { problem, remedy } = opened;
    if (kind === 'auto' && remedy !== undefined)
      warn({
        code: 'workspace-git-refused',
        message: `${problem}: approved work is kept in ${slashPath(root, featuresDir)}/${slug}/workspace, as without a repository`,
        fix: `${remedy}, or set workspace.kind to folder`,
      });
    if (kind !== 'git') return folder();
    throw new BlueprintError({
      code: 'workspace-git-unusable',
      message: `workspace.kind is git, but ${problem}`,
      target: root,
      fix: remedy ?? 'Mend that, or set workspace.kind to auto or folder.',
    });
  }
  const { repository, head } = opened;
  if (await hasBranch(repository, slug)) {
    if (kind === 'folder') warn(goesOn(slug, branchName(slug), 'git'));
    return inGit(repository);
  }
  if (kind === 'folder') return folder();
  if (kind === 'git') return inGit(repository);
  // A project that is all new to git would look empty.
  const tracked = await repository.tree(head);
  return tracked.size === 0 ? folder() : inGit(repository);
}

function goesOn(slug: string, place: string, kind: Workspace['kind']): Diagnostic {
  return {
    code: 'workspace-kind-kept',
    message: `${slug} has approved work in ${place}, so it goes on there (${kind})`,
    fix: 'Another workspace.kind holds for new features.',
  };
}

async function hasFolderWork(feature: string): Promise<boolean> {
  for (const name of ['workspace.json', 'workspace.pending', 'workspace'])
    if ((await orMissing(lstat(join(feature, name)), null)) !== null) return true;
  return false;
}
