import { BlueprintError } from '../domain/errors.ts';
import type { FeatureDocument, Task } from '../domain/task.ts';
import { toSingleLine } from '../domain/text.ts';
import { didYouMean } from '../text/nearest.ts';

/** The task of that id. @throws BlueprintError `task-not-found`, with the nearest id. */
export function findTask(document: FeatureDocument, id: string): Task {
  const task = document.tasks.find((other) => other.id === id);
  if (task === undefined) throw taskNotFound(document, id);
  return task;
}

export function taskNotFound(document: FeatureDocument, id: string): BlueprintError {
  const ids = document.tasks.map((other) => other.id);
  return new BlueprintError({
    code: 'task-not-found',
    message: `There is no task «${toSingleLine(id, 80)}» in «${document.title}»`,
    fix:
      ids.length === 0
        ? 'It has none yet; add one: blueprint task add <feature> --title "…"'
        : `${didYouMean(id, ids)}All of them: blueprint show <feature>`,
  });
}
