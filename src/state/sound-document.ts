import { planFindings } from '../domain/graph.ts';
import {
  featureDocumentSchema,
  taskSchema,
  type FeatureDocument,
  type Task,
} from '../domain/task.ts';
import { isPlainFrame, isPlainTask } from './plain-document.ts';

/**
 * The document when it is sound, defaults filled in; null when something is wrong with it, which
 * `tasks-problems.ts` then finds out.
 *
 * The schema takes over 100 ms for 10,000 tasks in a fresh process, the plain checks a tenth of it. So
 * they go first; a task with an unusual but allowed spelling and a list in an unusual order go to the
 * schema and to `planFindings`, which alone may say no.
 * @param before a document known to be sound: what is as it was there is not looked at again.
 */
export function soundDocument(value: unknown, before?: FeatureDocument): FeatureDocument | null {
  const document = inShape(value, before);
  if (document === null) return null;
  if (before !== undefined && sameGraph(document, before)) return document;
  if (isPlainlyOrdered(document)) return document;
  const findings = planFindings(document.tasks, document.requirements);
  return findings.some((finding) => finding.severity === 'error') ? null : document;
}

function inShape(value: unknown, before: FeatureDocument | undefined): FeatureDocument | null {
  const frame = frameOf(value);
  if (frame === null) return null;
  let completed: Task[] | null = null;
  for (let index = 0; index < frame.tasks.length; index++) {
    const task = frame.tasks[index];
    const known = before?.tasks[index];
    if ((known !== undefined && sameTask(task, known)) || isPlainTask(task)) continue;
    const parsed = taskSchema.safeParse(task);
    if (!parsed.success) return null;
    completed ??= frame.tasks.slice();
    completed[index] = parsed.data;
  }
  return completed === null ? frame : { ...frame, tasks: completed };
}

/** The document with everything checked but its tasks, which are as they were. */
function frameOf(value: unknown): FeatureDocument | null {
  if (isPlainFrame(value)) return value as FeatureDocument;
  if (typeof value !== 'object' || value === null || !('tasks' in value)) return null;
  if (!Array.isArray(value.tasks)) return null;
  const frame = featureDocumentSchema.safeParse({ ...value, tasks: [] });
  return frame.success ? { ...frame.data, tasks: value.tasks as Task[] } : null;
}

function sameTask(task: unknown, known: Task): boolean {
  if (typeof task !== 'object' || task === null) return false;
  const fields = task as Readonly<Record<string, unknown>>;
  let count = 0;
  for (const field in known) {
    const is = fields[field];
    const was = known[field as keyof Task];
    if (is !== was && !(Array.isArray(was) && Array.isArray(is) && sameMembers(is, was)))
      return false;
    count++;
  }
  return Object.keys(fields).length === count;
}

function sameMembers(is: readonly unknown[], was: readonly unknown[]): boolean {
  if (is.length !== was.length) return false;
  for (let index = 0; index < is.length; index++) if (is[index] !== was[index]) return false;
  return true;
}

/** Whether the ids and what refers to them are as they were. */
function sameGraph(document: FeatureDocument, before: FeatureDocument): boolean {
  return (
    document.tasks.length === before.tasks.length &&
    document.requirements.length === before.requirements.length &&
    document.requirements.every(({ id }, index) => id === before.requirements[index]?.id) &&
    document.tasks.every((task, index) => {
      const was = before.tasks[index];
      return (
        task.id === was?.id &&
        sameMembers(task.dependsOn, was.dependsOn) &&
        sameMembers(task.requirements, was.requirements)
      );
    })
  );
}

/**
 * Each task comes after all that it depends on, and every id is there once: so there is no cycle and
 * nothing is missing. A sound list in another order is for `planFindings` to judge.
 */
function isPlainlyOrdered(document: FeatureDocument): boolean {
  const requirements = new Set(document.requirements.map((requirement) => requirement.id));
  const seen = new Set<string>();
  let numbered = true;
  for (const task of document.tasks) {
    for (const id of task.dependsOn) if (!seen.has(id)) return false;
    for (const id of task.requirements) if (!requirements.has(id)) return false;
    seen.add(task.id);
    numbered &&= /^T[0-9]+$/.test(task.id);
  }
  // Only ids that differ otherwise than by number can be the same but for their case.
  const ids = numbered ? seen : new Set(document.tasks.map((task) => task.id.toLowerCase()));
  return ids.size === document.tasks.length;
}
