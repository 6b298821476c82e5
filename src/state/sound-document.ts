import { planFindings } from '../domain/graph.ts';
import {
  featureDocumentSchema,
  taskSchema,
  type FeatureDocument,
  type Task,
} from '../domain/task.ts';
import { copyOf, frozen, isSame } from './plain-data.ts';
import { exactCheck, keyCount } from '../text/exact-check.ts';

const exactFrame = exactCheck(featureDocumentSchema.omit({ tasks: true }));
const exactTask = exactCheck(taskSchema);

export interface SoundDocument {
  /** With defaults filled in. */
  readonly document: FeatureDocument;
  /** How many keys the value has at any depth. */
  readonly keys: number;
}

/**
 * The document when it is sound; null when something is wrong with it, which `tasks-problems.ts` then finds
 * out.
 *
 * Parsing takes over 100 ms for 10,000 tasks in a fresh process, the exact check a tenth of it. So it goes
 * first; a task with less common content and a list in an unusual order go to the schema and to
 * `planFindings`, which alone may say no.
 */
export function soundDocument(value: unknown): SoundDocument | null {
  const frame = frameOf(value);
  if (frame === null) return null;
  let keys = frame.keys;
  let completed: Task[] | undefined;
  for (let index = 0; index < frame.tasks.length; index++) {
    const task = frame.tasks[index];
    const exact = exactTask(task);
    keys += exact === -1 ? keyCount(task) : exact;
    if (exact !== -1) continue;
    const parsed = taskSchema.safeParse(task);
    if (!parsed.success) return null;
    completed ??= frame.document.tasks.slice();
    completed[index] = parsed.data;
  }
  const whole = completed === undefined ? frame.document : { ...frame.document, tasks: completed };
  const document = withSoundGraph(whole);
  return document === null ? null : { document, keys };
}

/**
 * What a change made of a sound document, when that is sound too, else null. What is as it was is not judged
 * again: tasks that did not change are the very objects of `before`; the others are copies, so that nobody
 * who holds parts of `value` holds parts of the result.
 */
export function soundChange(value: unknown, before: FeatureDocument): FeatureDocument | null {
  const frame = frameOf(value);
  if (frame === null) return null;
  const tasks: Task[] = [];
  let sameGraph = sameFrameIds(frame.document, before);
  for (let index = 0; index < frame.tasks.length; index++) {
    const was = before.tasks[index];
    const task = soundTask(frame.tasks[index], was);
    if (task === null) return null;
    tasks.push(task);
    sameGraph &&= was !== undefined && isSameNode(task, was);
  }
  const document = { ...copyOf({ ...frame.document, tasks: [] }), tasks };
  return sameGraph ? document : withSoundGraph(document);
}

/** As `soundChange`, where a change can have touched one task alone. */
export function soundTaskChange(
  task: unknown,
  index: number,
  before: FeatureDocument,
): FeatureDocument | null {
  const was = before.tasks[index];
  const sound = soundTask(task, was);
  if (sound === null || was === undefined) return null;
  if (sound === was) return before;
  // Arrays that are frozen copy themselves by a slow way, and look at each member when they are to be frozen.
  const tasks = [...before.tasks];
  tasks[index] = sound;
  if (Object.isFrozen(before.tasks)) {
    frozen(sound);
    Object.freeze(tasks);
  }
  const document = { ...before, tasks };
  return isSameNode(sound, was) ? document : withSoundGraph(document);
}

/** A task in the form that is written, with nothing left out; null for another value. */
export function completeTask(value: unknown): Task | null {
  return exactTask(value) === -1 ? null : (value as Task);
}

/** What a change made of a task, when that is sound and its place in the graph as it was, else null. */
export function soundInPlace(task: Task, was: Task): Task | null {
  const sound = soundTask(task, was);
  return sound !== null && isSameNode(sound, was) ? sound : null;
}

function soundTask(task: unknown, was: Task | undefined): Task | null {
  if (was !== undefined && isSame(task, was)) return was;
  if (exactTask(task) !== -1) return copyOf(task as Task);
  return taskSchema.safeParse(task).data ?? null;
}

function withSoundGraph(document: FeatureDocument): FeatureDocument | null {
  if (isPlainlyOrdered(document)) return document;
  const findings = planFindings(document.tasks, document.requirements);
  return findings.some((finding) => finding.severity === 'error') ? null : document;
}

/** The document with everything checked but its tasks, which are as they were. */
function frameOf(
  value: unknown,
): { document: FeatureDocument; tasks: readonly unknown[]; keys: number } | null {
  if (typeof value !== 'object' || value === null || !('tasks' in value)) return null;
  const { tasks, ...rest } = value;
  if (!Array.isArray(tasks)) return null;
  const keys = exactFrame(rest);
  if (keys !== -1 && Object.keys(value).at(-1) === 'tasks')
    return { document: value as FeatureDocument, tasks, keys: keys + 1 };
  const frame = featureDocumentSchema.safeParse({ ...rest, tasks: [] });
  if (!frame.success) return null;
  return {
    document: { ...frame.data, tasks: tasks as Task[] },
    tasks,
    keys: keyCount(rest) + 1,
  };
}

/** Whether a task's place in the graph is as it was. */
function isSameNode(task: Task, was: Task): boolean {
  return (
    task === was ||
    (task.id === was.id &&
      isSame(task.dependsOn, was.dependsOn) &&
      isSame(task.requirements, was.requirements))
  );
}

function sameFrameIds(frame: FeatureDocument, before: FeatureDocument): boolean {
  return (
    frame.tasks.length === before.tasks.length &&
    isSame(
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
