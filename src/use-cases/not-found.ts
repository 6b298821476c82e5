import { closest } from 'fastest-levenshtein';
import { BlueprintError } from '../domain/errors.ts';
import type { FeatureDocument, Task } from '../domain/task.ts';
import type { ArtefactStore, FeatureStore } from '../state/ports.ts';

/** The error for a feature without a task list: planned halfway, or not there at all. */
export async function featureNotFound(
  slug: string,
  store: FeatureStore,
  artefacts: ArtefactStore,
): Promise<BlueprintError> {
  if ((await artefacts.read(slug, 'brief.md')) !== null)
    return new BlueprintError({
      code: 'feature-not-planned',
      message: `Feature «${slug}» has a brief but no task list yet`,
      target: artefacts.path(slug, 'brief.md'),
      fix: `Finish its plan: blueprint new "${artefacts.path(slug, 'brief.md')}" --name ${slug}`,
    });
  const names = (await store.list()).map((feature) => feature.slug);
  return new BlueprintError({
    code: 'feature-not-found',
    message: `There is no feature «${slug}»`,
    fix:
      names.length === 0
        ? 'There are none yet; make one: blueprint new brief.md'
        : `Did you mean ${closest(slug, names)}? All of them: blueprint list`,
  });
}

/** @throws BlueprintError `task-not-found`, with the nearest id. */
export function findTask(slug: string, document: FeatureDocument, id: string): Task {
  const task = document.tasks.find((other) => other.id === id);
  if (task !== undefined) return task;
  const ids = document.tasks.map((other) => other.id);
  throw new BlueprintError({
    code: 'task-not-found',
    message: `Feature «${slug}» has no task «${id}»`,
    fix:
      ids.length === 0
        ? `It has none yet; add one: blueprint task add ${slug} --title "…"`
        : `Did you mean ${closest(id, ids)}? All of them: blueprint show ${slug}`,
  });
}
