import type { ResolvedConfig } from '../config/resolved-config.ts';
import { userFolder } from '../config/user-folder.ts';
import { relative } from 'node:path';
import { BlueprintError } from '../domain/errors.ts';
import { isFolder } from '../files/is-there.ts';
import { slashPath } from '../files/contained-path.ts';
import { readOwnKey } from '../files/own-state.ts';
import { openProject, type OpenProjectOptions } from '../repository/open-project.ts';
import type { Project } from '../repository/project.ts';
import { kindsAtRoot, ownFolder } from '../state/work-folder.ts';
import { sourcesOf, type Sources } from '../workflows/rag/sources.ts';
import { once } from '../text/once.ts';

const progressMs = 1_000;

/** Short reading is told of to nobody; of long reading the end is. */
function nowAndThen(
  tell: (done: number, all: number) => void,
  now: () => Date,
): (done: number, all: number) => void {
  let next: number | null = null;
  let isTold = false;
  return (done, all) => {
    const at = now().getTime();
    next ??= at + progressMs;
    if (at < next && !(isTold && done === all)) return;
    isTold = true;
    next = at + progressMs;
    tell(done, all);
  };
}

/** What is known of the project that the config belongs to; nothing is read before something is asked. */
export function projectOf(
  { root, featuresDir, repository, file }: ResolvedConfig,
  env: NodeJS.ProcessEnv,
  {
    leftOut = [],
    ...options
  }: Pick<OpenProjectOptions, 'now' | 'signal' | 'progress' | 'warn'> & {
    /** Absolute. */
    readonly leftOut?: readonly string[];
  },
): Project {
  const files = [...(file === null ? [] : [file]), ...leftOut];
  const own = [featuresDir, ...files].map((path) => slashPath(root, path));
  return openProject({
    ...options,
    ...(options.progress && { progress: nowAndThen(options.progress, options.now) }),
    root,
    leftOut: [...own, ownFolder, ...kindsAtRoot],
    maxFiles: repository.maxFiles,
    env,
    key: once(() => readOwnKey(userFolder(env))),
  });
}

/**
 * Files of folders, in place of the project's.
 * @param folders absolute. @throws BlueprintError `sources-not-found`
 */
export async function sourcesIn(
  folders: readonly string[],
  { repository }: Pick<ResolvedConfig, 'repository'>,
  env: NodeJS.ProcessEnv,
  options: Pick<OpenProjectOptions, 'now' | 'signal' | 'warn'> & { readonly displayRoot: string },
): Promise<Sources> {
  for (const folder of folders)
    if (!(await isFolder(folder))) {
      const shown = relative(options.displayRoot, folder) || '.';
      throw new BlueprintError({
        code: 'sources-not-found',
        message: `There is no folder ${shown} to answer from`,
        target: shown,
        fix: 'Give a folder with --sources; repeat it for more.',
      });
    }
  const key = once(() => readOwnKey(userFolder(env)));
  return sourcesOf(
    folders.map((root) => {
      const project = openProject({
        ...options,
        root,
        leftOut: [ownFolder],
        maxFiles: repository.maxFiles,
        env,
        key,
      });
      const shown = slashPath(options.displayRoot, root);
      return { prefix: shown === '' ? '' : `${shown}/`, project };
    }),
  );
}
