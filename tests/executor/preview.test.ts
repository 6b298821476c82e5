import { expect, it } from 'vitest';
import { previewRun, promptOf } from '../../src/executor/preview.ts';
import { createProject, slug, task, writes } from './project.ts';

const everything = { tasks: [], types: [] };

async function setup() {
  return createProject({
    tasks: [
      task('T1', { complexity: 2, status: 'done' }),
      task('T2', { complexity: 5, dependsOn: ['T1'], files: ['a.js'] }),
      task('T3', { complexity: 1, dependsOn: ['T1'], type: 'boilerplate' }),
      task('T4', { complexity: 1, dependsOn: ['T2', 'T3'], type: 'review', files: [] }),
      task('T5', { complexity: 3, type: 'architecture' }),
    ],
    files: { 'a.js': 'let a;\n' },
  });
}

it('shows order, waves, states, routes and the critical path, and calls nothing', async () => {
  const project = await setup();
  const document = await project.document();
  const before = await project.files('.');
  const preview = await previewRun(slug, document, everything, project.dependencies());
  expect(
    preview.tasks.map(({ task: { id }, state, wave, route }) => [id, state, wave, route.chosen]),
  ).toEqual([
    ['T5', 'ready', 1, 'one/author'],
    ['T2', 'ready', 1, 'one/author'],
    ['T3', 'ready', 1, 'one/author'],
    ['T4', 'blocked', 2, 'two/reviewer'],
  ]);
  expect(preview.criticalPath).toEqual(['T2', 'T4']);
  expect(preview.tasks.every(({ promptTokens }) => promptTokens > 100)).toBe(true);
  expect([...project.author.requests, ...project.reviewer.requests]).toEqual([]);
  expect(await project.files('.')).toEqual(before);
  expect(project.events).toEqual([]);
});

it('shows the selected part alone', async () => {
  const project = await setup();
  const selection = { tasks: [], types: ['boilerplate' as const] };
  const preview = await previewRun(
    slug,
    await project.document(),
    selection,
    project.dependencies(),
  );
  expect(preview.tasks.map(({ task: { id } }) => id)).toEqual(['T3']);
  expect(preview.criticalPath).toEqual(['T3']);
});

it('shows the very words that the attempt then sends', async () => {
  const project = await createProject({
    tasks: [task('T1', { files: ['a.js'] })],
    files: { 'a.js': 'let a;\n' },
    author: writes('T1'),
  });
  const document = await project.document();
  const shown = await promptOf(slug, document, await project.task('T1'), project.dependencies());
  await project.run();
  expect(project.author.requests[0]?.parts).toEqual(shown.parts);
  expect(shown.leftOut).toEqual([]);
});
