import type { Requirement, Task } from '../domain/task.ts';

export function requirementText({ id, text, acceptance }: Requirement): string {
  return [`${id}: ${text}`, ...acceptance.map((criterion) => `  - ${criterion}`)].join('\n');
}

/** The task as a model sees it: its plan, without its history. */
export function taskText(task: Task): string {
  const { id, title, description, type, dependsOn, requirements, acceptance, files } = task;
  const plan = { id, title, description, type, dependsOn, requirements, acceptance, files };
  return JSON.stringify(plan, null, 2);
}
