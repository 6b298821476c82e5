import { throwAll, type Diagnostic } from '../domain/errors.ts';
import type { Task } from '../domain/task.ts';
import type { Workflow } from './workflow.ts';

/** What the `workflow` of a task can name. */
export interface WorkflowEntry {
  /** What a task goes through, in one line. */
  readonly description: string;
  readonly load: () => Promise<Workflow>;
}

/** By name; tasks of type review have their own, `review`. */
export type Workflows = Readonly<Record<string, WorkflowEntry>>;

type Named = Pick<Task, 'id' | 'type' | 'workflow'>;

const nameOf = ({ type, workflow }: Named): string => (type === 'review' ? type : workflow);

/** What a task goes through. @throws as `requireWorkflows` */
export async function workflowOf(task: Named, workflows: Workflows): Promise<Workflow> {
  requireWorkflows([task], workflows);
  return (workflows[nameOf(task)] as WorkflowEntry).load();
}

/**
 * Task lists may name workflows that are still to come. Work of that kind is not done as coding in silence.
 * @throws BlueprintError `workflow-missing`, for each of the tasks
 */
export function requireWorkflows(tasks: readonly Named[], workflows: Workflows): void {
  const problems = tasks
    .filter((task) => !Object.hasOwn(workflows, nameOf(task)))
    .map(({ id, workflow }): Diagnostic => ({
      code: 'workflow-missing',
      message: `Task ${id} names the workflow ${workflow}, which does not exist yet`,
      target: id,
      fix: `Have it done as code: blueprint task edit <feature> ${id} --workflow coding`,
    }));
  throwAll(problems);
}
