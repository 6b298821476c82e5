import type { Task } from '../domain/task.ts';
import type { MessagePart } from '../models/language-model.ts';
import type { TaskPrompt } from '../workflows/workflow.ts';
import type { WorkspaceBase } from '../workspace/workspace.ts';
import { taskKey, type Attempt } from './attempt.ts';
import { movedPaths } from './moved-paths.ts';

/**
 * What the attempt sends; as it was first written, when the attempt is resumed. `moved` says why what was
 * written then no longer holds: its answers would be about another task, or about older files.
 */
export async function beginAttempt(
  task: Task,
  attempt: Attempt,
  view: WorkspaceBase,
  build: () => Promise<TaskPrompt>,
): Promise<{ prompt: readonly MessagePart[] } | { moved: string }> {
  const kept = await attempt.prompt();
  if (kept !== null) {
    if (kept.opening.about !== taskKey(task))
      return { moved: `${task.id} was changed while it was worked on` };
    const paths = await movedPaths(kept.opening.seen, view);
    return paths.length === 0
      ? { prompt: kept.parts }
      : { moved: `${paths.join(', ')} changed while ${task.id} was interrupted` };
  }
  const { parts } = await build();
  await attempt.keepPrompt(parts, { about: taskKey(task), seen: [...view.seen()] });
  return { prompt: parts };
}
