import { featureDocumentSchema, newTask, type FeatureDocument, type Task } from '../domain/task.ts';
import type { WorkflowName } from '../domain/route.ts';
import { toSingleLine, withoutControls } from '../domain/text.ts';
import { estimateComplexity } from '../domain/task-complexity.ts';

/** What is to be solved as a task of its own. */
export function solveTaskOf(text: string, workflow: WorkflowName): Task {
  const [first = ''] = text.trim().split('\n');
  return newTask({
    id: 'solve',
    title: toSingleLine(first.replace(/^#+\s*/, ''), 300) || 'A task',
    description: withoutControls(text),
    type: 'code',
    workflow,
    complexity: estimateComplexity(text).value,
  });
}

/** The task list that it stands in: alone, without requirements. */
export function aloneIn(task: Task, now: Date): FeatureDocument {
  const at = now.toISOString();
  return featureDocumentSchema.parse({
    schemaVersion: 2,
    title: task.title,
    createdAt: at,
    updatedAt: at,
    plan: { specSha256: '', refined: false, warnings: [] },
    requirements: [],
    tasks: [task],
  });
}
