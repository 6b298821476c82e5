import { isDeepStrictEqual } from 'node:util';
import { planFindings } from '../domain/graph.ts';
import {
  featureDocumentSchema,
  taskSchema,
  type FeatureDocument,
  type Task,
} from '../domain/task.ts';
import { copyDocument } from './copy-document.ts';
import { isPlainFrame, isPlainTask } from './plain-document.ts';

/**
 * The document when it is sound, defaults filled in; null when something is wrong with it, which
 * `tasks-problems.ts` then finds out.
 *
 * The schema takes over 100 ms for 10,000 tasks in a fresh process, the plain checks a tenth of it. So
 * they go first; a task with an unusual but allowed spelling and a list in an unusual order go to the
 * schema and to `planFindings`, which alone may say no.
 */
export function soundDocument(value: unknown): FeatureDocument | null {
  const frame = frameOf(value);
  if (frame === null) return null;
  let completed: Task[] | null = null;
  for (let index = 0; index < frame.tasks.length; index++) {
    const task = frame.tasks[index];
    if (isPlainTask(task)) continue;
    const parsed = taskSchema.safeParse(task);
    if (!parsed.success) return null;
    completed ??= frame.tasks.slice();
    completed[index] = parsed.data;
  }
  return withSoundGraph(completed === null ? frame : { ...frame, tasks: completed });
}

/**
 * As `soundDocument`, for what a change made of a sound document: what is as it was is not judged again.
 * Tasks that did not change are the very objects of `before`; the others are copies, so that nobody who
 * holds parts of `value` holds parts of the result.
 */
export function soundChange(value: unknown, before: FeatureDocument): FeatureDocument | null {
  const frame = frameOf(value);
  if (frame === null) return null;
  const tasks: Task[] = [];
  let sameGraph = sameFrameIds(frame, before);
  for (let index = 0; index < frame.tasks.length; index++) {
    const task: unknown = frame.tasks[index];
    const was = before.tasks[index];
    if (was !== undefined && isSameTask(task, was)) {
      tasks.push(was);
      continue;
    }
    const parsed = taskSchema.safeParse(task);
    if (!parsed.success) return null;
    tasks.push(parsed.data);
    sameGraph &&= was !== undefined && isSameNode(parsed.data, was);
  }
  const document = copyDocument({ ...frame, tasks: [] });
  document.tasks = tasks;
  return sameGraph ? document : withSoundGraph(document);
}

function withSoundGraph(document: FeatureDocument): FeatureDocument | null {
  if (isPlainlyOrdered(document)) return document;
  const findings = planFindings(document.tasks, document.requirements);
  return findings.some((finding) => finding.severity === 'error') ? null : document;
}

/** The document with everything checked but its tasks, which are as they were. */
function frameOf(value: unknown): FeatureDocument | null {
  if (isPlainFrame(value)) return value as FeatureDocument;
  if (typeof value !== 'object' || value === null || !('tasks' in value)) return null;
  if (!Array.isArray(value.tasks)) return null;
  const frame = featureDocumentSchema.safeParse({ ...value, tasks: [] });
  return frame.success ? { ...frame.data, tasks: value.tasks as Task[] } : null;
}

function isSameTask(task: unknown, known: Task): boolean {
  if (typeof task !== 'object' || task === null) return false;
  const fields = task as Readonly<Record<string, unknown>>;
  let count = 0;
  for (const field in known) {
    const is = fields[field];
    const was = known[field as keyof Task];
    if (is !== was && !isSameList(is, was) && !isSameResult(field, is, was)) return false;
    count++;
  }
  return Object.keys(fields).length === count;
}

function isSameList(is: unknown, was: unknown): boolean {
  if (!Array.isArray(was) || !Array.isArray(is) || is.length !== was.length) return false;
  for (let index = 0; index < is.length; index++) if (is[index] !== was[index]) return false;
  return true;
}

function isSameResult(field: string, is: unknown, was: unknown): boolean {
  return field === 'result' && isDeepStrictEqual(is, was);
}

/** Whether a task's place in the graph is as it was. */
function isSameNode(task: Task, was: Task): boolean {
  return (
    task.id === was.id &&
    isSameList(task.dependsOn, was.dependsOn) &&
    isSameList(task.requirements, was.requirements)
  );
}

function sameFrameIds(frame: FeatureDocument, before: FeatureDocument): boolean {
  return (
    frame.tasks.length === before.tasks.length &&
    isSameList(
      frame.requirements.map(({ id }) => id),
      before.requirements.map(({ id }) => id),
    )
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
