import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { SolveOutcome } from '../../src/use-cases/solve.ts';
import { openSandbox } from '../../src/compose/sandbox.ts';
import { runHere as runCli } from '../helpers/in-process.ts';
import { expectSoundJournals } from '../helpers/journal.ts';
import { jsonOf, projects, treeOf } from '../helpers/run-cli.ts';
import { fileReply } from './conversation.ts';

const createProject = projects();

type Line = Record<string, unknown>;
const replies = (when: Line, json: unknown, times: number | null = 1): Line => ({
  when,
  reply: { json },
  times,
});
const says = (when: Line, text: string): Line => ({ when, reply: { text } });

/** A project with a script beside it, which answers every call. */
async function scripted(lines: readonly Line[], files: Record<string, string> = {}) {
  const cwd = await createProject(files);
  const script = join(cwd, '../script.jsonl');
  await writeFile(script, [{ script: 1 }, ...lines].map((line) => JSON.stringify(line)).join('\n'));
  return { cwd, env: { BLUEPRINT_SCRIPT: script } };
}

const outcomeOf = (result: Parameters<typeof jsonOf>[0]): SolveOutcome =>
  jsonOf(result) as unknown as SolveOutcome;

const gatesOf = ({ evidence }: SolveOutcome): string[] =>
  evidence.map(({ gate, status }) => `${gate} ${status}`);

const route = (workflow: string, more: Line = {}): Line =>
  replies(
    { stage: 'route' },
    {
      reasons: ['it fits'],
      workflow,
      workers: [],
      tools: [],
      controls: { debate: false, maxRounds: 2 },
      ...more,
    },
  );

const solved = (candidate: string, answer: string, round = 1, more: Line = {}): Line =>
  replies({ stage: 'solve', candidate, round }, { reasoning: `by ${candidate}`, answer, ...more });

const verified = (right: string, round = 1, more: Line = {}): Line =>
  replies({ stage: 'verify', round }, { points: [], reasons: 'I solved it.', right, ...more });

const question = 'What is six times seven?';

describe('route', () => {
  test('a model’s proposal is checked: who is not there is left out, rounds are brought into bounds', async () => {
    const workers = [{ provider: 'nobody', model: 'x', role: 'solver' }];
    const controls = { debate: false, maxRounds: 99 };
    const project = await scripted([route('reasoning', { workers, controls })]);
    const found = await runCli(['route', question, '--json'], project);
    expect(found, found.stderr).toMatchObject({ exitCode: 0 });
    expect(jsonOf(found)).toMatchObject({
      workflow: 'reasoning',
      by: expect.stringMatching(/^scripted\//),
      controls: { debate: false, maxRounds: 4 },
      warnings: [
        expect.stringContaining('nobody/x as solver is left out'),
        expect.stringContaining('no solver is left'),
        expect.stringContaining('99 rounds'),
      ],
      cost: { total: { calls: 1 } },
    });
    // The same again is not asked again.
    expect(jsonOf(await runCli(['route', question, '--json'], project))).toMatchObject({
      workflow: 'reasoning',
      cost: { total: { calls: 0 } },
    });
  });

  test('an unknown workflow is an error that shows the proposal', async () => {
    const project = await scripted([route('sorcery')]);
    const found = await runCli(['route', question], project);
    expect(found).toMatchObject({ exitCode: 2, stdout: '' });
    expect(found.stderr).toContain('error[workflow-unknown]');
    expect(found.stderr).toContain('"workflow":"sorcery"');
    // It is not kept: the same command asks anew.
    const sound = [{ script: 1 }, route('reasoning')].map((line) => JSON.stringify(line));
    await writeFile(project.env.BLUEPRINT_SCRIPT, sound.join('\n'));
    expect((await runCli(['route', question], project)).exitCode).toBe(0);
  });

  test('a reply that is no proposal leaves it to rules, after one call', async () => {
    const project = await scripted([says({ stage: 'route' }, 'I would ask three models.')]);
    const found = jsonOf(await runCli(['route', question, '--json'], project));
    expect(found).toMatchObject({
      by: 'rules',
      warnings: [expect.stringContaining('gave no proposal')],
      cost: { total: { calls: 1 } },
    });
  });

  test('without a model rules decide, and nothing is written', async () => {
    const cwd = await createProject();
    const before = await treeOf(cwd);
    const found = await runCli(['route', 'Fix the bug in src/add.js', '--rules'], { cwd });
    expect(found.stdout).toContain('coding, decided by rules');
    expect(found.stdout).toContain('warning: no model can be asked now');
    expect(await treeOf(cwd)).toEqual(before);
  });
});

describe('reasoning', () => {
  test('three that agree need no verifier; the same again asks nobody', async () => {
    const project = await scripted([
      route('reasoning'),
      solved('S1', '42'),
      solved('S2', '$\\boxed{42.0}$'),
      solved('S3', 'The answer is 42.'),
    ]);
    const result = await runCli(['solve', question, '--json', '--out', 'made'], project);
    expect(result, result.stderr).toMatchObject({ exitCode: 0 });
    const outcome = outcomeOf(result);
    expect(outcome).toMatchObject({
      status: 'done',
      route: { workflow: 'reasoning' },
      deliverable: { kind: 'answer', text: expect.stringContaining('42') },
      out: { files: ['answer.md'] },
      cost: { total: { calls: 4 } },
    });
    expect(gatesOf(outcome)).toEqual(['agreement passed']);
    expect(await readFile(join(project.cwd, 'made/answer.md'), 'utf8')).toContain('42');
    const again = outcomeOf(await runCli(['solve', question, '--json'], project));
    expect(again.cost.total.calls).toBe(0);
    await expectSoundJournals(project.cwd);
  });

  test('where they differ a verifier decides on the majority', async () => {
    const project = await scripted([
      solved('S1', '42'),
      solved('S2', '42'),
      solved('S3', '43'),
      verified('A1'),
    ]);
    const args = ['solve', question, '--workflow', 'reasoning', '--json'];
    const outcome = outcomeOf(await runCli(args, project));
    expect(outcome).toMatchObject({ status: 'done', rounds: 1 });
    expect(gatesOf(outcome)).toEqual(['agreement passed', 'verification passed']);
  });

  test('answers that never agree go to a person, all of them', async () => {
    const rounds = [1, 2].flatMap((round) => [
      solved('S1', '41', round),
      solved('S2', '42', round),
      solved('S3', '43', round),
      verified('none', round),
    ]);
    const judged = replies({ stage: 'judge' }, { reasons: 'even', better: 'tie' }, null);
    const project = await scripted([...rounds, judged]);
    const result = await runCli(['solve', question, '--workflow', 'reasoning', '--json'], project);
    const outcome = outcomeOf(result);
    expect(outcome).toMatchObject({ exitCode: 3, status: 'needs_review', rounds: 2 });
    expect(outcome.reason).toContain('No answer was agreed on: 3 stand beside each other');
    expect(outcome.deliverable).toMatchObject({ alternatives: [{}, {}] });
    const shown = await runCli(['solve', question, '--workflow', 'reasoning'], project);
    for (const answer of ['41', '42', '43']) expect(shown.stdout).toContain(answer);
  });
});

const { sandbox } = await openSandbox(
  {
    root: '/',
    sandbox: {
      kind: 'auto',
      image: '',
      timeoutMs: 60_000,
      memoryBytes: 1e9,
      processes: 64,
      outputBytes: 1e5,
      diskBytes: 1e8,
    },
  },
  process.env,
  new AbortController().signal,
);

describe('science', () => {
  const science = (code: string | null): Line => ({
    claims: ['Energy is force times distance.'],
    assumptions: ['No friction.'],
    units: ['E in J'],
    program: code === null ? null : { language: 'javascript', code },
  });
  const task = 'How much energy does it take to push with 50 N over 3 m?';
  const args = ['solve', task, '--workflow', 'science', '--json'];
  const prints = 'console.log(`${50 * 3} J`);';

  test.skipIf(sandbox === null)('a program that prints the answer bears it out', async () => {
    const project = await scripted([
      solved('S1', '150 J', 1, science(prints)),
      solved('S2', '0.15 kJ', 1, science(null)),
      solved('S3', '150 N m', 1, science(null)),
      verified('A1'),
    ]);
    const result = await runCli(args, project);
    const outcome = outcomeOf(result);
    expect(outcome, result.stderr).toMatchObject({
      status: 'done',
      deliverable: {
        computation: { language: 'javascript', code: prints, output: '150 J', end: 'exit code 0' },
      },
    });
    expect(gatesOf(outcome)).toEqual([
      'agreement passed',
      'computation passed',
      'verification passed',
    ]);
  });

  test.skipIf(sandbox === null)('one that prints another answer takes its vote away', async () => {
    const lines = [
      solved('S1', '160 J', 1, science(prints)),
      solved('S2', '160 J', 1, science(prints)),
      solved('S3', '150 J', 1, science(prints)),
      verified('A1'),
    ];
    const outcome = outcomeOf(await runCli([...args, '--rounds', '1'], await scripted(lines)));
    expect(outcome.evidence.find(({ gate }) => gate === 'computation')?.summary).toContain(
      'S1, S2 printed another answer',
    );
    expect(outcome.deliverable).toMatchObject({ text: expect.stringMatching(/^150 J/) });
  });

  test('without a program it says that it was not computed', async () => {
    const project = await scripted([
      ...['S1', 'S2', 'S3'].map((label) => solved(label, '150 J', 1, science(null))),
      verified('A1'),
    ]);
    const outcome = outcomeOf(await runCli(args, project));
    expect(outcome).toMatchObject({ status: 'done' });
    expect(outcome.reason).toContain('not computed');
    expect(gatesOf(outcome)).toContain('computation skipped');
  });
});

describe('rag_qa', () => {
  const files = {
    'docs/retries.md': '# Retries\n\nA call is retried four times.\nThen it fails.\n',
    'docs/logo.png': '\u0000\u0001binary',
    'src/add.js': 'export const add = (a, b) => a + b;\n',
  };
  const task = 'According to the docs, how often is a call retried?';
  const args = ['solve', task, '--workflow', 'rag_qa', '--policy', 'cost', '--json'];
  const cites = (quote: string, line: number, path = 'docs/retries.md'): Line => ({
    claims: [
      {
        statement: 'A call is retried four times.',
        citations: [{ path, firstLine: line, lastLine: line, quote }],
      },
    ],
    found: true,
    missing: '',
  });
  const right = cites('retried four times', 3);

  test('each quote is read again where it is cited', async () => {
    const project = await scripted([replies({ stage: 'answer' }, right)], files);
    const result = await runCli(args, project);
    const outcome = outcomeOf(result);
    expect(outcome, result.stderr).toMatchObject({
      status: 'done',
      deliverable: {
        text: 'A call is retried four times. (docs/retries.md:3)',
        citations: [{ path: 'docs/retries.md', firstLine: 3, lastLine: 3 }],
      },
    });
    expect(result.stderr).toContain('docs/logo.png: no text');
  });

  test.each([
    ['a character that differs', cites('retried Four times', 3), 'does not stand there'],
    ['another line', cites('retried four times', 4), 'it begins in line 3'],
    ['a line that is not there', cites('retried four times', 99), 'there are no such lines'],
    ['another file', cites('retried', 1, 'docs/other.md'), 'no piece of this file was shown'],
    ['a file outside', cites('root', 1, '../../etc/passwd'), 'no piece of this file was shown'],
  ])('%s goes back once, with what is wrong', async (_what, wrong, fault) => {
    const lines = [
      replies({ stage: 'answer' }, wrong),
      replies({ stage: 'answer:citations', contains: [fault] }, right),
    ];
    const result = await runCli(args, await scripted(lines, files));
    expect(outcomeOf(result), result.stderr).toMatchObject({ status: 'done' });
  });

  test('an answer that loses all its citations is not given as found', async () => {
    const wrong = cites('retried nine times', 3);
    const lines = [
      replies({ stage: 'answer' }, wrong),
      replies({ stage: 'answer:citations' }, wrong),
    ];
    const outcome = outcomeOf(await runCli(args, await scripted(lines, files)));
    expect(outcome).toMatchObject({ exitCode: 3, status: 'needs_review' });
    expect(outcome.reason).toContain('it is not given as found');
  });

  test('that the sources do not say it is an answer', async () => {
    const none = { claims: [], found: false, missing: 'How long a call may take.' };
    const project = await scripted([replies({ stage: 'answer' }, none)], files);
    const outcome = outcomeOf(await runCli(args, project));
    expect(outcome).toMatchObject({
      status: 'done',
      deliverable: { text: 'Not found in the sources. How long a call may take.' },
    });
  });

  test('folders that are given stand in place of the project; an empty one has nothing', async () => {
    const lines = [replies({ stage: 'answer' }, right)];
    const project = await scripted(lines, { ...files, 'empty/.keep': '' });
    const given = outcomeOf(await runCli([...args, '--sources', 'docs'], project));
    expect(given).toMatchObject({ status: 'done' });
    await rm(join(project.cwd, 'empty/.keep'));
    const empty = await runCli([...args, '--sources', 'empty'], project);
    expect(jsonOf(empty)).toMatchObject({ error: { code: 'sources-empty' } });
    const missing = await runCli([...args, '--sources', 'nowhere'], project);
    expect(jsonOf(missing)).toMatchObject({ error: { code: 'sources-not-found' } });
  });
});

describe('coding', () => {
  const files = {
    'task.md': 'Write add.js, which exports add, the sum of two numbers.\n',
    'package.json': '{"type":"module","scripts":{"test":"node --test"}}\n',
  };
  const given =
    "import { test } from 'node:test';\nimport assert from 'node:assert';\nimport { add } from '../add.js';\ntest('adds', () => assert.equal(add(1, 2), 3));\n";
  const accepted = {
    verdict: 'accept',
    summary: 'Right.',
    scores: { correctness: 1, consistency: 1, safety: 1, efficiency: 1, clarity: 1 },
    findings: [],
  };

  test.skipIf(sandbox === null)(
    'a folder’s task: given tests fail, are fixed, and pass',
    async () => {
      const project = await scripted(
        [
          route('coding'),
          says({ stage: 'execute' }, fileReply('add.js', 'export const add = (a, b) => a - b;\n')),
          says({ stage: 'correct' }, fileReply('add.js', 'export const add = (a, b) => a + b;\n')),
          replies({ stage: 'review' }, accepted, null),
        ],
        Object.fromEntries(Object.entries(files).map(([path, text]) => [`work/${path}`, text])),
      );
      const { cwd } = project;
      await mkdir(join(cwd, 'given'));
      await writeFile(join(cwd, 'given/add.test.js'), given);
      const args = ['solve', 'work', '--tests', 'given', '--out', 'made', '--json'];
      const result = await runCli(args, project);
      const outcome = outcomeOf(result);
      expect(outcome, result.stderr).toMatchObject({ status: 'done', out: { files: ['add.js'] } });
      expect(gatesOf(outcome)).toContain('tests passed');
      expect(await readFile(join(cwd, 'made/add.js'), 'utf8')).toContain('a + b');
    },
  );
});

test.each([
  [['--tests', '.', '--workflow', 'reasoning'], '--tests is for coding'],
  [['--sources', '.', '--workflow', 'science'], '--sources is for rag_qa'],
  [['--sources', '.', '--tests', '.'], '--sources is for rag_qa'],
  [['--rounds', '11'], '--rounds takes a whole number'],
  [['--rounds', '1.5'], '--rounds takes a whole number'],
])('%j is refused before anything is asked', async (options, message) => {
  const project = await scripted([]);
  const result = await runCli(['solve', question, ...options], project);
  expect(result).toMatchObject({ exitCode: 2, stdout: '' });
  expect(result.stderr).toContain(message);
});

test.each(['reasoning', 'science', 'rag_qa', 'coding'])(
  'without a model %s ends as it cannot be solved',
  async (workflow) => {
    const cwd = await createProject({ 'a.md': 'six times seven' });
    const result = await runCli(['solve', question, '--workflow', workflow], { cwd });
    expect(result).toMatchObject({ exitCode: 5, stdout: '' });
    expect(result.stderr).toContain('error[no-model]');
  },
);
