import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { featureDocumentSchema, newTask, type Task } from '../../src/domain/task.ts';
import { runHere as runCli } from '../helpers/in-process.ts';
import { expectSoundJournals } from '../helpers/journal.ts';
import { jsonOf, projects } from '../helpers/run-cli.ts';
import { plannedFiles } from './planned-feature.ts';

const createProject = projects();

/** A feature of these tasks, and a script that answers every call. */
async function featureOf(tasks: readonly Task[], lines: readonly object[]) {
  const at = '2026-01-31T12:00:00.000Z';
  const document = featureDocumentSchema.parse({
    schemaVersion: 2,
    title: 'Link checker',
    createdAt: at,
    updatedAt: at,
    plan: { specSha256: '', spec: null, refined: false, warnings: [] },
    requirements: [{ id: 'R1', text: 'It finds broken links.' }],
    tasks,
  });
  const cwd = await createProject({
    ...plannedFiles,
    'features/links/tasks.json': `${JSON.stringify(document, null, 2)}\n`,
    'docs/links.md': '# Links\n\nA link is broken when it answers 404 or 410.\n',
  });
  const script = join(cwd, '../script.jsonl');
  await writeFile(script, [{ script: 1 }, ...lines].map((line) => JSON.stringify(line)).join('\n'));
  return { cwd, env: { BLUEPRINT_SCRIPT: script } };
}

const solved = (answer: string, when: object = {}): object => ({
  when: { stage: 'solve', ...when },
  reply: { json: { reasoning: 'It follows.', answer } },
});

const question = (more: Partial<Task> = {}): Task =>
  newTask({ id: 'T1', type: 'code', title: 'How many links may a page have?', ...more });

test('a task that names no workflow is routed by its words; its answer is approved by evidence', async () => {
  const project = await featureOf(
    [question()],
    ['12', '12 links', 'twelve'].map((a) => solved(a)),
  );
  const dry = jsonOf(await runCli(['run', 'links', '--dry-run', '--json'], project));
  expect(dry).toMatchObject({ tasks: [{ task: { id: 'T1' }, route: { role: 'solver' } }] });
  const ran = await runCli(['run', 'links'], project);
  expect(ran, ran.stderr).toMatchObject({ exitCode: 0 });
  expect(ran.stderr).toContain('route decide: reasoning');
  const shown = jsonOf(await runCli(['show', 'links', 'T1', '--json'], project));
  expect(shown).toMatchObject({
    state: 'done',
    task: {
      workflow: null,
      result: {
        outcome: 'approved',
        by: 'supervisor',
        files: [],
        gates: [{ gate: 'agreement', status: 'passed' }],
      },
    },
    deliverable: { kind: 'answer', text: expect.stringContaining('12') },
  });
  const diff = await runCli(['diff', 'links', 'T1'], project);
  expect(diff.stdout).toContain('Task T1 ends in an answer');
  await expectSoundJournals(project.cwd);
});

test('answers that differ wait for a person, who sends them back and approves', async () => {
  const task = question({ workflow: 'reasoning' });
  const verify = { when: { stage: 'verify' }, times: null };
  const none = { points: [], reasons: 'None holds.', right: 'none' };
  const judged = { reasons: 'Even.', better: 'tie' };
  const first = ['1', '2', '3', '1', '2', '3'].map((answer) => solved(answer, { attempt: 1 }));
  const second = ['7', '8', '9', '7', '8', '9'].map((answer) => solved(answer, { attempt: 2 }));
  const project = await featureOf(
    [task],
    [
      ...first,
      ...second,
      { ...verify, reply: { json: none } },
      { when: { stage: 'judge' }, times: null, reply: { json: judged } },
    ],
  );
  const ran = await runCli(['run', 'links'], project);
  expect(ran, ran.stderr).toMatchObject({ exitCode: 3 });
  const shown = await runCli(['show', 'links', 'T1'], project);
  for (const answer of ['1', '2', '3'])
    expect(shown.stdout).toMatch(new RegExp(`^${answer}$`, 'm'));
  expect(shown.stdout).toContain('Another answer, by');

  const args = ['reject', 'links', 'T1', '--feedback', 'Count anchors too.', '--json'];
  const again = await runCli(args, project);
  expect(again, again.stderr).toMatchObject({ exitCode: 3 });
  const prompt = jsonOf(await runCli(['show', 'links', 'T1', '--json'], project));
  expect(prompt).toMatchObject({ task: { result: { attempt: 2 } } });
  const approved = await runCli(['approve', 'links', 'T1'], project);
  expect(approved, approved.stderr).toMatchObject({ exitCode: 0 });
  const done = jsonOf(await runCli(['show', 'links', 'T1', '--json'], project));
  expect(done).toMatchObject({ state: 'done', deliverable: { kind: 'answer' } });
});

test('an answer from the project’s files, with its place; the tasks after it go on', async () => {
  const citations = [
    { path: 'docs/links.md', firstLine: 3, lastLine: 3, quote: 'broken when it answers 404' },
  ];
  const claims = [{ statement: 'A broken link answers 404 or 410.', citations }];
  const verdicts = [{ number: 1, why: 'It says so.', follows: true }];
  const lines = [
    { when: { stage: 'answer' }, reply: { json: { claims, found: true, missing: '' } } },
    { when: { stage: 'verify' }, reply: { json: { claims: verdicts } } },
  ];
  const task = question({ title: 'When is a link broken?', workflow: 'rag_qa' });
  const after = newTask({ id: 'T2', title: 'Review it', type: 'review', dependsOn: ['T1'] });
  const project = await featureOf([task, after], lines);
  const ran = await runCli(['run', 'links'], project);
  expect(ran, ran.stderr).toMatchObject({ exitCode: 0 });
  const shown = await runCli(['show', 'links', 'T1'], project);
  expect(shown.stdout).toContain('A broken link answers 404 or 410. (docs/links.md:3)');
  expect(shown.stdout).toContain('citations passed: 1 of 1 citations hold');
  const states = jsonOf(await runCli(['show', 'links', '--json'], project));
  expect(states).toMatchObject({ states: { T1: 'done', T2: 'skipped' } });
});

test('without a model an answer is left undone: rules give none', async () => {
  const { cwd } = await featureOf([question({ workflow: 'science' })], []);
  const ran = await runCli(['run', 'links'], { cwd });
  expect(ran).toMatchObject({ exitCode: 5 });
  expect(ran.stdout + ran.stderr).toContain('A task of science needs a model');
  const shown = jsonOf(await runCli(['show', 'links', 'T1', '--json'], { cwd }));
  expect(shown).toMatchObject({ task: { result: null } });
});

test('a router that proposes what there is not fails the task alone, after its attempts', async () => {
  const proposal = {
    reasons: [],
    workflow: 'sorcery',
    workers: [],
    tools: [],
    controls: { debate: false, maxRounds: 1 },
  };
  const line = { when: { stage: 'route' }, times: null, reply: { json: proposal } };
  const project = await featureOf([question()], [line]);
  const ran = await runCli(['run', 'links', '--set', 'routing.router=model'], project);
  expect(ran, ran.stderr).toMatchObject({ exitCode: 1 });
  const shown = jsonOf(await runCli(['show', 'links', 'T1', '--json'], project));
  expect(shown).toMatchObject({
    state: 'failed',
    task: { result: { attempt: 2, reason: expect.stringContaining('«sorcery»') } },
  });
});
