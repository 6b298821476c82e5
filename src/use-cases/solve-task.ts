import { requirementsOf } from '../domain/spec.ts';
import { featureDocumentSchema, newTask, type FeatureDocument, type Task } from '../domain/task.ts';
import type { WorkflowName } from '../domain/route.ts';
import { toSingleLine, withoutControls } from '../domain/text.ts';
import { estimateComplexity } from '../domain/task-complexity.ts';

/** What is to be solved as a task of its own. Files are held to what it states, or else to its words as a whole. */
export function solveTaskOf(text: string, workflow: WorkflowName): Task {
  const [first = ''] = text.trim().split('\n');
  const stated = requirementsOf(text).map(({ id }) => id);
  return newTask({
    id: 'solve',
    title: toSingleLine(first.replace(/^#+\s*/, ''), 300) || 'A task',
    description: withoutControls(text),
    type: 'code',
    workflow,
    requirements: stated,
    complexity: estimateComplexity(text).value,
    ...(workflow === 'coding' && stated.length === 0 && { acceptance: [asAsked] }),
  });
}

const asAsked = 'The task is carried out as its description says, all of it.';

/** The task list that it stands in: alone, with the requirements that its text states. */
export function aloneIn(task: Task, now: Date): FeatureDocument {
  const at = now.toISOString();
  return featureDocumentSchema.parse({
    schemaVersion: 2,
    title: task.title,
    createdAt: at,
    updatedAt: at,
    plan: { specSha256: '', refined: false, warnings: [] },
    requirements: requirementsOf(task.description).map(({ id, text, acceptance }) => {
      return { id, text: withoutControls(text), acceptance };
    }),
    tasks: [task],
  });
}
