import type { PlannedWorkflow, Task } from '../domain/task.ts';
import { coding } from './coding.ts';
import { review } from './review.ts';
import type { Workflow } from './workflow.ts';

const workflows: Readonly<Record<PlannedWorkflow, Workflow>> = { coding };

/** What a task goes through. Tasks of type review have their own; others, until theirs exists, make files. */
export function workflowOf({ type, workflow }: Pick<Task, 'type' | 'workflow'>): Workflow {
  if (type === 'review') return review;
  return new Map<string, Workflow>(Object.entries(workflows)).get(workflow) ?? coding;
}
