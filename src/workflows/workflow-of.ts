import type { WorkflowName } from '../domain/route.ts';
import type { Task } from '../domain/task.ts';
import { kindOfTask } from './route/kind-of-task.ts';
import type { Workflow } from './workflow.ts';

/** What the `workflow` of a task can name. */
export interface WorkflowEntry {
  /** What a task goes through, in one line. */
  readonly description: string;
  readonly load: () => Promise<Workflow>;
}

/** By name; tasks of type review have their own, `review`. */
export type Workflows = Readonly<Record<string, WorkflowEntry>>;

type Named = Pick<Task, 'id' | 'type' | 'workflow'> &
  Partial<Pick<Task, 'title' | 'description' | 'acceptance' | 'files'>>;

/** A task in words. */
export function wordsOfTask({ title = '', description = '', acceptance = [] }: Named): string {
  return [title, description, ...acceptance].join('\n');
}

/**
 * The workflow that a task names or, as it is known without its words, has: what is written down as files is
 * coding. Null where it is to be decided.
 */
export function givenWorkflow({ type, workflow, files = [] }: Named): WorkflowName | null {
  return workflow ?? (type !== 'code' || files.length > 0 ? 'coding' : null);
}

/** By rules, where the task leaves it open. */
const nameOf = (task: Named): string =>
  task.type === 'review'
    ? task.type
    : (givenWorkflow(task) ?? kindOfTask(wordsOfTask(task)).workflow);

/** What a task goes through. @throws RangeError where its workflow is not registered */
export async function workflowOf(task: Named, workflows: Workflows): Promise<Workflow> {
  const entry = workflows[nameOf(task)];
  if (entry === undefined) throw new RangeError(`No workflow ${nameOf(task)} for ${task.id}`);
  return entry.load();
}
