import type { FeatureDocument, Task } from '../domain/task.ts';

/** With more changed tasks than this the whole file is as soon written anew. */
const fewTasks = 50;

/**
 * The bytes of `before` with some of its tasks exchanged, or null where that cannot be done and the file
 * must be rendered whole. Exchanging takes a tenth of the time for a list of 10,000 tasks, and leaves the
 * rest of the file as it was.
 *
 * Tasks that did not change must be the same objects in both documents. A task is found by its own text
 * as `renderDocument` indents it: no string in JSON holds a line break and ids are unique, so where the
 * text is found it is that task.
 */
export function splicedBytes(
  bytes: Buffer,
  before: FeatureDocument,
  after: FeatureDocument,
): Buffer | null {
  if (after.tasks.length !== before.tasks.length) return null;
  if (frameText(before) !== frameText({ ...after, updatedAt: before.updatedAt })) return null;
  const exchanges: { from: string; to: string }[] = [
    { from: timeText(before), to: timeText(after) },
  ];
  for (let index = 0; index < after.tasks.length; index++) {
    const [was, is] = [before.tasks[index], after.tasks[index]];
    if (was === is) continue;
    if (was === undefined || is === undefined || exchanges.length > fewTasks) return null;
    exchanges.push({ from: taskText(was), to: taskText(is) });
  }
  return exchanged(bytes, exchanges);
}

/** The text of one task in the bytes of a list that is sound and complete, or null where it is written otherwise. */
export function taskTextIn(bytes: Buffer, id: string): string | null {
  const tasksAt = bytes.indexOf('\n  "tasks": [');
  if (tasksAt === -1) return null;
  const at = bytes.indexOf(`\n    {\n      "id": ${JSON.stringify(id)},\n`, tasksAt);
  const lastLine = '\n    }';
  const end = at === -1 ? -1 : bytes.indexOf(lastLine, at + 1);
  return end === -1 ? null : bytes.toString('utf8', at, end + lastLine.length);
}

/**
 * The bytes with one task exchanged for another, and the time of the change; null as above.
 * @param text the task as `taskTextIn` found it
 */
export function withTask(
  bytes: Buffer,
  { text, was, is }: { text: string; was: Task; is: Task },
  updatedAt: string,
): Buffer | null {
  if (taskText(was) !== text) return null;
  const head = bytes.toString('latin1', 0, bytes.indexOf('\n  "tasks": ['));
  const time = /\n {2}"updatedAt": "([^"\\]*)",\n/.exec(head)?.[1];
  if (time === undefined) return null;
  return exchanged(bytes, [
    { from: timeText({ updatedAt: time }), to: timeText({ updatedAt }) },
    { from: text, to: taskText(is) },
  ]);
}

function exchanged(
  bytes: Buffer,
  exchanges: readonly { readonly from: string; readonly to: string }[],
): Buffer | null {
  const parts: Buffer[] = [];
  let end = 0;
  for (const { from, to } of exchanges) {
    const at = bytes.indexOf(from, end);
    if (at === -1) return null;
    parts.push(bytes.subarray(end, at), Buffer.from(to));
    end = at + Buffer.byteLength(from);
  }
  return Buffer.concat([...parts, bytes.subarray(end)]);
}

/** The whole file's text. */
export function renderDocument(document: FeatureDocument): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

const frameText = (document: FeatureDocument): string => JSON.stringify({ ...document, tasks: [] });

const timeText = ({ updatedAt }: Pick<FeatureDocument, 'updatedAt'>): string =>
  `\n  "updatedAt": ${JSON.stringify(updatedAt)},\n`;

function taskText(task: Task): string {
  return `\n    ${JSON.stringify(task, null, 2).replaceAll('\n', '\n    ')}`;
}
