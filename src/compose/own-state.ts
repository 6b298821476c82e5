import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { userFolder } from '../config/user-folder.ts';
import { repositoryAbove } from '../files/ignore-rules.ts';
import { createOwnState, readOwnKey, type OwnState } from '../files/own-state.ts';
import { featurePath, type FeaturePlace } from '../state/feature-folder.ts';
import { createGit, listIn } from '../files/git.ts';
import { once } from '../text/once.ts';

/** What of the state in each work folder of a place is this user's own. Nothing is asked before it is needed. */
export function ownStatesOf(
  place: FeaturePlace,
  env: NodeJS.ProcessEnv,
): (name: string) => OwnState {
  const known = new Map<string, OwnState>();
  return (name) => {
    const own = known.get(name) ?? ownStateOf(place, name, env);
    known.set(name, own);
    return own;
  };
}

function ownStateOf(place: FeaturePlace, name: string, env: NodeJS.ProcessEnv): OwnState {
  const tracked = once(() => trackedBelow(featurePath(place, name, ''), env));
  return createOwnState({
    slug: name,
    key: once(() => readOwnKey(userFolder(env))),
    isTracked: async (path) => {
      const known = await tracked();
      return known === 'all' || known.has(path);
    },
  });
}

async function isInRepository(folder: string): Promise<boolean> {
  const start = await realpath(folder).catch(() => resolve(folder));
  return (await repositoryAbove(start)) !== null;
}

/** Files that git tracks below a folder, by slash path; all where it does not say. */
async function trackedBelow(
  folder: string,
  env: NodeJS.ProcessEnv,
): Promise<ReadonlySet<string> | 'all'> {
  const none: ReadonlySet<string> = new Set();
  // Commands that only show do not start git for nothing.
  if (env['GIT_DIR'] === undefined && !(await isInRepository(folder))) return none;
  try {
    const answer = await createGit({ cwd: folder, env }).attempt(['ls-files', '-z']);
    if (answer.exitCode === 0) return new Set(listIn(answer.stdout));
    return /not a git repository/i.test(answer.stderr) ? none : 'all';
  } catch (error) {
    // Without git, or without the folder, nothing was cloned into it.
    if (error instanceof Error && 'code' in error && error.code === 'git-missing') return none;
    throw error;
  }
}
