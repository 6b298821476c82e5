import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { taskSchema } from '../../src/domain/task.ts';

/** What the rules of the graph look at; the words mean other things as well. */
const ofTheGraph = ['id', 'title', 'dependsOn', 'requirements'];

test('whoever keeps task lists knows no field of a task by name: a new one is a line in its schema', async () => {
  const folder = fileURLToPath(new URL('../../src/state', import.meta.url));
  const fields = Object.keys(taskSchema.shape).filter((field) => !ofTheGraph.includes(field));
  const files = (await readdir(folder)).filter((name) =>
    /tasks?-|document|splice|plain|lowdb/.test(name),
  );
  expect(files.length).toBeGreaterThan(5);
  for (const name of files) {
    const source = await readFile(`${folder}/${name}`, 'utf8');
    const named = fields.filter((field) => new RegExp(`\\.${field}\\b|'${field}'`).test(source));
    expect([name, named]).toEqual([name, []]);
  }
});
