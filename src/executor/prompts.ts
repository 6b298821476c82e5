import type { ModelRole } from '../domain/model-role.ts';
import type { Requirement, Task, TaskType } from '../domain/task.ts';

export const roleOfType: Record<TaskType, ModelRole> = {
  architecture: 'architect',
  boilerplate: 'boilerplate',
  code: 'coder',
  review: 'reviewer',
};

const aims: Record<Exclude<TaskType, 'review'>, string> = {
  architecture:
    'Your task is design: write the decisions that later tasks build on, as short documents and, where they fix a contract, as type or interface files. Name modules, their responsibilities, data shapes, error cases. Decide; leave no menu of options.',
  boilerplate:
    'Your task is groundwork: configuration, project files, documentation, plain wiring. Keep it minimal and conventional; add no dependency that the spec does not ask for.',
  code: 'Your task is working code with its tests. Cover each acceptance criterion by a test that fails without the code. Handle the errors that the requirements name.',
};

/** The stable head of every execution prompt of a task type. */
export function executeInstructions(type: Exclude<TaskType, 'review'>, format: string): string {
  return `You carry out one task of a software project's plan. Others carry out the other tasks; keep to yours.

${aims[type]}

Rules
- The spec and the task's acceptance criteria decide. Where they are silent, choose the simplest thing that serves and say so in one line of notes.
- Build on the files shown: use their names and contracts exactly. To change one of them, edit it; never rewrite a whole file for a small change.
- Touch only what the task needs. Paths are relative to the project folder.
- Write complete files: nothing left out, no placeholders.

${format}`;
}

export const reviewTaskInstructions = `You review what earlier tasks of a software project produced, as the plan asks for at this point.

Judge the files below as a whole against the requirements: correctness, consistency between the files, safety, missing work. Report only what you can show in the files; there is no quota of findings.

- Severity: blocker = wrong, unsafe or missing; major = will fail in realistic use; minor and nit = worth knowing.
- verdict is accept when no blocker and no major finding is left, else revise.
- Each finding: the evidence, path:line where there is one, and the smallest fix. Scores run from 0 to 1.`;

export function requirementText({ id, text, acceptance }: Requirement): string {
  return [`${id}: ${text}`, ...acceptance.map((criterion) => `  - ${criterion}`)].join('\n');
}

/** The task as a model sees it: its plan, without its history. */
export function taskText(task: Task): string {
  const { id, title, description, type, dependsOn, requirements, acceptance, files } = task;
  const plan = { id, title, description, type, dependsOn, requirements, acceptance, files };
  return JSON.stringify(plan, null, 2);
}
