import type { ProjectView } from '../files/project-view.ts';
import { protectedPath } from './protect/protected-path.ts';
import { sectionsOf } from './protect/sections.ts';

/** The files of a project that a change of some may reach, these among them; or why nothing can be said of it. */
export type Reach = (
  changed: readonly string[],
  project: ProjectView,
) => Promise<{ readonly files: ReadonlySet<string> } | { readonly doubt: string }>;

/** What can be said of a change for the choice of tests. */
export type Reached = { readonly files: ReadonlySet<string> } | { readonly doubt: string };

/** The same, and a doubt where settings that decide how tests run are changed or reached: these reach all of them. */
export async function reachedTests(
  reach: Reach | null,
  changed: readonly string[],
  project: ProjectView,
): Promise<Reached> {
  if (reach === null) return { doubt: 'who imports whom is not known' };
  const setting = changed.find(isSetting);
  if (setting !== undefined) return { doubt: `${setting} says how tests are run` };
  const reached = await reach(changed, project);
  if ('doubt' in reached) return reached;
  const loaded = [...reached.files].find(isSetting);
  return loaded === undefined
    ? reached
    : { doubt: `${loaded}, which loads for all tests, is reached` };
}

function isSetting(path: string): boolean {
  const kind = protectedPath(path)?.kind;
  return kind === 'config' || kind === 'hijack' || sectionsOf(path, []) !== null;
}
