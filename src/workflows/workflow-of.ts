import { throwAll, type Diagnostic } from '../domain/errors.ts';
import { plannedWorkflows, type PlannedWorkflow, type Task } from '../domain/task.ts';
import { coding } from './coding.ts';
import { review } from './review.ts';
import type { Workflow } from './workflow.ts';

const workflows: Readonly<Record<PlannedWorkflow, Workflow>> = { coding };

type Named = Pick<Task, 'id' | 'type' | 'workflow'>;

/** What a task goes through; tasks of type review have their own. @throws as `requireWorkflows` */
export function workflowOf(task: Named): Workflow {
  requireWorkflows([task]);
  return task.type === 'review' ? review : workflows[task.workflow as PlannedWorkflow];
}

/**
 * Task lists may name workflows that are still to come. Work of that kind is not done as coding in silence.
 * @throws BlueprintError `workflow-missing`, for each of the tasks
 */
export function requireWorkflows(tasks: readonly Named[]): void {
  const known: readonly string[] = plannedWorkflows;
  const problems = tasks
    .filter(({ type, workflow }) => type !== 'review' && !known.includes(workflow))
    .map(({ id, workflow }): Diagnostic => ({
      code: 'workflow-missing',
      message: `Task ${id} names the workflow ${workflow}, which does not exist yet`,
      target: id,
      fix: `Have it done as code: blueprint task edit <feature> ${id} --workflow coding`,
    }));
  throwAll(problems);
}
