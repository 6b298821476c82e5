import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunEvent } from '../../src/domain/event.ts';
import { runHere } from '../helpers/in-process.ts';
import { jsonOf, projects, type CliResult } from '../helpers/run-cli.ts';
import { accepted, fileReply, planned } from './conversation.ts';

const createProject = projects();

const tasks = [
  {
    ...planned({ id: 'T1', title: 'Write add', type: 'code', files: ['add.js'] }),
    requirements: [],
  },
];
const scriptOf = (review: object): string =>
  [
    { script: 1 },
    { when: { stage: 'execute' }, reply: { text: fileReply('add.js', 'one\n') }, times: null },
    { when: { stage: 'review' }, reply: review, times: null },
    { when: { stage: 'review:repair' }, reply: review, times: null },
  ]
    .map((entry) => `${JSON.stringify(entry)}\n`)
    .join('');

test('a review that could not be used is asked for again, the author is not', async () => {
  const at = '2026-01-31T12:00:00.000Z';
  const plan = { specSha256: '', spec: null, refined: false, warnings: [] };
  const times = { createdAt: at, updatedAt: at };
  const list = { schemaVersion: 2, title: 'Adder', ...times, plan, requirements: [], tasks };
  const cwd = await createProject({
    'features/adder/tasks.json': JSON.stringify(list),
    'script.jsonl': scriptOf({ text: 'Looks good to me!' }),
  });
  const blueprint = (...args: string[]): Promise<CliResult> =>
    runHere(args, { cwd, env: { BLUEPRINT_SCRIPT: 'script.jsonl' } });
  const stages = async (): Promise<string[]> => {
    const text = await readFile(join(cwd, 'features/adder/journal.jsonl'), 'utf8');
    const events = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as RunEvent);
    return events.flatMap((event) => (event.type === 'call-start' ? event.purpose.stage : []));
  };

  expect((await blueprint('review', 'adder', 'T1')).stderr).toContain('not-in-review');
  const run = await blueprint('run', 'adder', '--gates', 'paths');
  expect(run.exitCode, run.stderr).toBe(3);
  expect(run.stdout).toContain('blueprint review adder T1');
  expect(await stages()).toEqual(['execute', 'review', 'review:repair']);

  await writeFile(join(cwd, 'script.jsonl'), scriptOf({ json: accepted }));
  const again = await blueprint('review', 'adder', 'T1', '--gates', 'paths', '--json');
  expect(again.exitCode, again.stderr).toBe(0);
  expect(jsonOf(again)).toMatchObject({ task: { id: 'T1', status: 'done' } });
  expect(await stages()).toEqual(['execute', 'review', 'review:repair', 'review']);
});
