import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import type { Answer } from '../../src/domain/deliverable.ts';
import type { FeatureDocument, Task } from '../../src/domain/task.ts';
import type { Blueprint, BlueprintOptions } from '../../src/library.ts';
import { runHere as runCli } from '../helpers/in-process.ts';
import { jsonOf, program, projects, writeFiles } from '../helpers/run-cli.ts';
import { plannedFiles } from './planned-feature.ts';

const createProject = projects();

const answer: Answer = {
  kind: 'answer',
  text: 'Links are found in src/links.js.',
  citations: [{ path: 'src/links.js', firstLine: 3, lastLine: 9 }],
  computation: null,
};

const result: Task['result'] = {
  outcome: 'not_approved',
  by: 'supervisor',
  at: '2026-01-31T12:00:00.000Z',
  reason: 'One claim has no source.',
  run: null,
  attempt: 1,
  rounds: 1,
  author: 'vendor/author',
  reviewer: 'vendor/reviewer',
  files: [],
  gates: [],
  review: null,
  feedback: null,
};

/** The planned feature, with other values for fields of its third task. */
async function projectWith(fields: Partial<Task>): Promise<string> {
  const document = JSON.parse(plannedFiles['features/links/tasks.json']) as FeatureDocument;
  const tasks = document.tasks.map((task) => (task.id === 'T3' ? { ...task, ...fields } : task));
  const list = JSON.stringify({ ...document, tasks });
  return createProject({ ...plannedFiles, 'features/links/tasks.json': list });
}

test('a task that ended in an answer shows it, in place of files', async () => {
  const cwd = await projectWith({ status: 'needs_review', result });
  await writeFiles(cwd, {
    'features/links/partial/T3/1/outcome.json': JSON.stringify({
      version: 2,
      about: '',
      status: 'needs_review',
      again: 'no',
      result,
      author: null,
      deliverable: answer,
      seen: [],
      base: [],
    }),
  });
  const words = 'Links are found in src/links.js.\n\nSources: src/links.js:3-9';

  const show = await runCli(['show', 'links', 'T3'], { cwd });
  expect(show.stdout).toContain(`not approved by supervisor`);
  expect(show.stdout).toContain(`\n\nanswer:\n${words}\n`);
  const showJson = jsonOf(await runCli(['show', 'links', 'T3', '--json'], { cwd }));
  expect(showJson).toMatchObject({ state: 'needs_review', deliverable: answer });

  const diff = await runCli(['diff', 'links', 'T3'], { cwd });
  expect(diff).toMatchObject({ exitCode: 0, stderr: '' });
  expect(diff.stdout).toBe(`Task T3 ends in an answer, not in files:\n\n${words}\n`);
  const diffJson = jsonOf(await runCli(['diff', 'links', 'T3', '--json'], { cwd }));
  expect(diffJson).toEqual({
    feature: 'links',
    autoruns: [],
    foreign: [],
    task: 'T3',
    files: [],
    diff: '',
    deliverable: answer,
  });

  const entry = pathToFileURL(join(dirname(program), 'index.js')).href;
  const { createBlueprint } = (await import(entry)) as {
    createBlueprint: (options: BlueprintOptions) => Blueprint;
  };
  const fromCode = await createBlueprint({ cwd, env: {} }).show('links', 'T3');
  expect(fromCode).toMatchObject({ state: 'needs_review', deliverable: answer });
  expect((await createBlueprint({ cwd, env: {} }).show('links', 'T1')).deliverable).toBeNull();
});
