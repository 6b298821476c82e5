import { planFindings, type PlanFinding } from '../domain/graph.ts';
import { taskSchema, type Requirement, type Task } from '../domain/task.ts';

/** Something wrong with a plan: an error makes it unusable, a warning is shown. */
export interface PlanProblem {
  readonly code:
    | PlanFinding['code']
    | 'invalid-task'
    | 'no-tasks'
    | 'no-requirements'
    | 'duplicate-requirement'
    | 'unsafe-path'
    | 'doubtful-path';
  readonly severity: 'error' | 'warning';
  readonly message: string;
}

const noTasks: PlanProblem = {
  code: 'no-tasks',
  severity: 'error',
  message: 'The list holds no task',
};
const noRequirements: PlanProblem = {
  code: 'no-requirements',
  severity: 'warning',
  message: 'No requirement is stated, so nothing shows whether the tasks cover the spec',
};

/** All that is wrong with a plan as it would be kept, errors first. */
export function planProblems(
  tasks: readonly Task[],
  requirements: readonly Requirement[],
): PlanProblem[] {
  const problems: PlanProblem[] = [
    ...(tasks.length === 0 ? [noTasks] : []),
    ...(requirements.length === 0 ? [noRequirements] : []),
    ...tasks.flatMap(schemaProblems),
    ...planFindings(tasks, requirements),
  ];
  return [...problems.filter(isError), ...problems.filter((problem) => !isError(problem))];
}

export function isError(problem: PlanProblem): boolean {
  return problem.severity === 'error';
}

export function messagesOf(problems: readonly PlanProblem[]): string[] {
  return [...new Set(problems.map(({ message }) => message))];
}

function schemaProblems(task: Task): PlanProblem[] {
  const { error } = taskSchema.safeParse(task);
  return (error?.issues ?? []).map(({ path, message }) => ({
    code: 'invalid-task',
    severity: 'error',
    message: `Task ${task.id}: ${path.join('.')} ${message}`,
  }));
}
