import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { featureDocumentSchema, type Task } from '../../src/domain/task.ts';
import { createFeatureStore } from '../../src/state/lowdb-feature-store.ts';
import type { FeatureStore } from '../../src/state/ports.ts';
import { createSoundMark } from '../../src/state/sound-mark.ts';
import { changedUnread } from '../../src/state/change-unread.ts';
import { renderDocument } from '../../src/state/splice-tasks.ts';
import { documentOf, temporaryFolder } from './fixtures.ts';

const lease = { fence: 0 };
const long = 1_000;
const done = (task: Task): string => {
  task.status = 'done';
  return task.title;
};

/** Each call is a process of its own: it knows nothing that the one before read. */
async function longList(count = long) {
  const root = await temporaryFolder();
  const marks = join(root, 'marks');
  const path = join(root, 'features/alpha/tasks.json');
  const later = (): Date => new Date('2026-05-06T07:08:09.000Z');
  const process = (own: string | null = marks): FeatureStore =>
    createFeatureStore({
      featuresDir: join(root, 'features'),
      displayRoot: root,
      now: later,
      marks: own,
    });
  await process().create('alpha', documentOf(count));
  const text = () => readFile(path, 'utf8');
  return { root, marks, path, process, text };
}

test('a change of a long list that is known to be sound gives the file that reading all of it gives', async () => {
  const { marks, path, process, text } = await longList();
  const before = await text();
  for (const id of ['T1', 'T500', `T${long}`]) {
    expect(await process().updateTask('alpha', id, lease, done)).toBe(`Title of ${id}`);
    const unread = await text();
    await writeFile(path, before);
    expect(await process(null).updateTask('alpha', id, lease, done)).toBe(`Title of ${id}`);
    expect(await text()).toBe(unread);
    await writeFile(path, before);
    await createSoundMark(marks, path).set(Buffer.from(before));
  }
});

test('words that look like the list itself are found nowhere but in their task', async () => {
  const tricky = documentOf(long, {
    title: '\n  "tasks": [\n    {\n      "id": "T2",\n',
    requirements: [{ id: 'R1', text: '\n    {\n      "id": "T2",\n    }', acceptance: [] }],
  });
  const [first, second] = tricky.tasks;
  if (first === undefined || second === undefined) throw new Error('there are two');
  first.description = '\n    {\n      "id": "T2",\n      "title": "x"\n    }';
  second.description = 'Grüße\n    }\n"updatedAt": "then",\n';
  const bytes = Buffer.from(renderDocument(tricky));
  const change = { id: 'T2', updatedAt: 'later', change: done, sign: async () => undefined };
  const changed = await changedUnread(bytes, change);
  second.status = 'done';
  expect(changed?.bytes.toString()).toBe(renderDocument({ ...tricky, updatedAt: 'later' }));
});

test('the whole list is read for what is unknown, unsound, moved in the graph, or looks at the others', async () => {
  const { process, text } = await longList();
  expect(await process().updateTask('alpha', 'T0', lease, done)).toBeNull();
  const before = await text();
  const spoiled = process().updateTask('alpha', 'T2', lease, (task) => void (task.title = ''));
  await expect(spoiled).rejects.toMatchObject({ target: expect.stringContaining('tasks.json') });
  const circle = process().updateTask('alpha', 'T1', lease, (task) => task.dependsOn.push('T9'));
  await expect(circle).rejects.toMatchObject({ code: expect.stringMatching(/^tasks-/) });
  expect(await text()).toBe(before);

  await process().updateTask('alpha', 'T3', lease, (task) => task.dependsOn.push('T1'));
  expect((await process().get('alpha')).tasks[2]?.dependsOn).toEqual(['T2', 'T1']);
  const seen = await process().updateTask('alpha', 'T4', lease, (task, look) => {
    task.status = 'done';
    return look().tasks[2]?.dependsOn;
  });
  expect(seen).toEqual(['T2', 'T1']);
  expect((await process().get('alpha')).tasks[3]?.status).toBe('done');
});

test('an error of the change is its own, and nothing is written where nothing changed', async () => {
  const { process, text } = await longList();
  const before = await text();
  const failing = process().updateTask('alpha', 'T2', lease, () => {
    throw new Error('its own');
  });
  await expect(failing).rejects.toThrow('its own');
  expect(await process().updateTask('alpha', 'T2', lease, ({ id }) => id)).toBe('T2');
  expect(await text()).toBe(before);
});

test('what a person wrote is read and judged, however little of it they changed', async () => {
  const { path, process, text } = await longList();
  await process().updateTask('alpha', 'T1', lease, done);
  const sound = await text();
  // Of the same length, and far from the task that is changed.
  await writeFile(path, sound.replace('"Title of T900"', '"Title of T9"   '));
  await process().updateTask('alpha', 'T2', lease, done);
  expect((await process().get('alpha')).tasks[899]?.title).toBe('Title of T9');
  for (const wrong of [
    sound.replace('"complexity": 3,\n      "category"', '"complexity": 0,\n      "category"'),
    sound.replace('"id": "T900",', '"id": "T899",'),
    sound.replace('"src/t900.ts"', '"../t900.ts" '),
    sound.replace('"title": "Title of T9",', '"title": "Title of T9", "title": "x",'),
  ]) {
    await writeFile(path, wrong);
    const change = process().updateTask('alpha', 'T2', lease, done);
    await expect(change).rejects.toMatchObject({ code: expect.stringMatching(/^tasks-/) });
    expect(await text()).toBe(wrong);
  }
});

test('marks are of long lists alone, one a file; where none can be kept all is read', async () => {
  const short = await longList(20);
  await short.process().updateTask('alpha', 'T1', lease, done);
  expect(await readdir(short.root)).toEqual(['features']);

  const { root, marks, process } = await longList();
  for (const id of ['T1', 'T2']) await process().updateTask('alpha', id, lease, done);
  expect(await readdir(marks)).toHaveLength(1);
  await mkdir(join(root, 'file'));
  await writeFile(join(root, 'file/marks'), '');
  const unable = process(join(root, 'file/marks'));
  for (const id of ['T3', 'T4']) await unable.updateTask('alpha', id, lease, done);
  const { tasks } = featureDocumentSchema.parse(await process().get('alpha'));
  expect(tasks.filter(({ status }) => status === 'done').map(({ id }) => id)).toEqual([
    'T1',
    'T2',
    'T3',
    'T4',
  ]);
});
