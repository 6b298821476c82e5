import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { featureDocumentSchema, type FeatureDocument } from '../../src/domain/task.ts';
import { criteriaMatrix } from '../../src/report/criteria.ts';
import { runHere } from '../helpers/in-process.ts';
import { journalOf } from '../helpers/journal.ts';
import { jsonOf, projects, startCli, type CliResult } from '../helpers/run-cli.ts';
import { hostPrograms } from '../helpers/sandboxes.ts';
import { accepted } from './conversation.ts';

const createProject = projects();
const sandboxed = (await hostPrograms.find('bwrap')) !== null;
// Without a sandbox the same is tried as plain processes.
const where = sandboxed ? [] : ['--unsafe-no-sandbox'];
const env = { BLUEPRINT_ACCEPTANCE: 'hidden', BLUEPRINT_MUTANTS: '0' };

const at = '2026-01-31T12:00:00.000Z';
const file = (path: string, text: string): string => `FILE: ${path}\n\`\`\`\`\n${text}\n\`\`\`\`\n`;

function testFile(name: string, ...lines: string[]): string {
  return [
    "import assert from 'node:assert/strict';",
    "import { test } from 'node:test';",
    "import { add } from '../src/add.js';",
    '',
    `test('${name}', () => {`,
    ...lines.map((line) => `  ${line}`),
    '});',
    '',
  ].join('\n');
}

const sums = testFile(
  'R1.1 adds two numbers',
  'assert.equal(add(1, 2), 3);',
  'assert.equal(add(-1, 1), 0);',
);
const refuses = (how: string): string =>
  testFile('R1.2 refuses text', `assert.throws(() => add('1', 2), ${how});`);
/** The message is the verifier's own invention. */
const inventing = refuses("{ message: 'NaN!' }");

const held = (id: string, content: string) => ({
  id,
  held: 'test',
  why: 'calls add',
  path: `test/${id.toLowerCase().replace('.', '-')}.test.js`,
  content,
});
const style = { id: 'R1.3', held: 'reader', why: 'style', path: null, content: null };
const verifier = (round: number, ...criteria: object[]) => ({
  when: { stage: 'acceptance', round },
  reply: { json: { uses: ['src/add.js exports add(a, b)'], criteria } },
});
const says = (stage: string, text: string, more: object = {}) => ({
  when: { stage, ...more },
  reply: { text },
});
const reviews = { when: { stage: 'review' }, reply: { json: accepted }, times: null };
const judged = (met: string) => ({
  when: { stage: 'criteria' },
  reply: { json: { criteria: [{ id: 'R1.3', seen: 'src/add.js:1 is short', met }] } },
});

const cheat = file('src/add.js', 'export const add = (a, b) => (a === 1 ? 3 : 0);');
const right = file(
  'src/add.js',
  [
    'export function add(a, b) {',
    "  if (typeof a !== 'number' || typeof b !== 'number') throw new TypeError('numbers alone');",
    '  return a + b;',
    '}',
  ].join('\n'),
);
const decides = (round: number, right: string, reasons: string, id = 'R1.2') => ({
  when: { stage: 'dispute', round },
  reply: { json: { tests: [{ id, reasons, right }] } },
});
const reasons = 'The criterion asks for a TypeError, not for words.';
const disputing = `DELETE: test/r1-1.test.js\n${right}\nDispute R1.2: nothing asks for the message NaN!\n`;

/** What is not there: nothing shows it, so it does not block. */
const invents = {
  when: { stage: 'review' },
  reply: {
    json: {
      ...accepted,
      verdict: 'revise',
      findings: [
        {
          category: 'correctness',
          severity: 'blocker',
          evidence: 'add(2, 2) gives 5.',
          location: 'src/add.js:99',
          fixHint: 'Add.',
          cites: 'R1.1',
          earlier: null,
          test: null,
        },
      ],
    },
  },
};

/** The author cheats first, the verifier errs once, and the reviewer invents a finding. */
const wholeStory = [
  verifier(1, held('R1.1', sums), held('R1.2', inventing), style),
  says('execute', cheat + file('test/r1-1.test.js', '// nothing to see here')),
  decides(1, 'test', 'The work throws nothing at all.'),
  says('correct', disputing, { round: 1 }),
  decides(2, 'work', reasons),
  verifier(4, held('R1.2', refuses('TypeError'))),
  invents,
  judged('yes'),
];

async function project(entries: readonly object[], more: object = {}): Promise<string> {
  const acceptance = [
    'add(1, 2) is 3.',
    'add throws a TypeError for what is no number.',
    'The code reads well.',
  ];
  const document = featureDocumentSchema.parse({
    schemaVersion: 2,
    title: 'Adder',
    createdAt: at,
    updatedAt: at,
    plan: { specSha256: '', spec: null, refined: false, warnings: [] },
    requirements: [{ id: 'R1', text: 'It adds.', acceptance }],
    tasks: [
      {
        id: 'T1',
        title: 'Write add',
        type: 'code',
        requirements: ['R1'],
        files: ['src/add.js'],
        ...more,
      },
    ],
  });
  return createProject({
    'package.json': '{ "type": "module", "scripts": { "test": "node --test" } }\n',
    'features/adder/spec.md': `# Adder\n\n## Requirements\n\n### R1: It adds.\n\n${acceptance.map((line) => `- ${line}`).join('\n')}\n`,
    'features/adder/tasks.json': JSON.stringify(document, null, 2),
    '.script.jsonl': [{ script: 1 }, ...entries].map((line) => JSON.stringify(line)).join('\n'),
  });
}

const args = ['run', 'adder', '--script', '.script.jsonl', ...where];
const run = (cwd: string, ...more: string[]): Promise<CliResult> =>
  runHere([...args, ...more], { cwd, env });

async function documentIn(cwd: string): Promise<FeatureDocument> {
  const text = await readFile(join(cwd, 'features/adder/tasks.json'), 'utf8');
  return featureDocumentSchema.parse(JSON.parse(text));
}

const marksIn = async (cwd: string): Promise<string[]> =>
  criteriaMatrix(await documentIn(cwd)).flatMap(({ criteria }) =>
    criteria.map(({ id, by, test: path }) => `${id} ${by} ${path ?? '-'}`),
  );

const allSeen = ['R1.1 test test/r1-1.test.js', 'R1.2 test test/r1-2.test.js', 'R1.3 reviewer -'];

describe('a task that is held to its criteria', { timeout: 120_000 }, () => {
  test('ends right though its author cheats, its verifier errs and its reviewer invents, and shows who saw what', async () => {
    const cwd = await project(wholeStory);
    const ended = await run(cwd, '--set', 'acceptance.mutants=4');
    expect(ended, ended.stderr).toMatchObject({ exitCode: 0 });
    expect(ended.stderr).toContain('test/r1-1.test.js');
    expect(ended.stderr).toContain('acceptance dispute R1.2: test changed');
    expect(await marksIn(cwd)).toEqual(allSeen);
    const ofTask = await runHere(['show', 'adder', 'T1'], { cwd, env });
    expect(ofTask.stdout).toMatch(/in doubt|doubtful/);

    const shown = await runHere(['show', 'adder'], { cwd, env });
    expect(shown.stdout).toMatch(/R1\.1 {2}by tests \(T1 · test\/r1-1\.test\.js\)/);
    expect(shown.stdout).toMatch(/R1\.3 {2}judged by a reviewer \(T1\)/);
    const status = await runHere(['status', 'adder'], { cwd, env });
    expect(status.stdout).toContain('criteria: 3 of 3 seen to hold · 2 by tests · 1 judged by');
    const json = jsonOf(await runHere(['show', 'adder', '--json'], { cwd, env }));
    expect(json['criteria']).toMatchObject([
      {
        id: 'R1',
        criteria: [
          { id: 'R1.1', by: 'test', task: 'T1', names: ['R1.1 adds two numbers'] },
          {},
          {},
        ],
      },
    ]);

    // Delivered with the work, as they were fixed last.
    expect(await runHere(['apply', 'adder'], { cwd, env })).toMatchObject({ exitCode: 0 });
    expect(await readFile(join(cwd, 'test/r1-1.test.js'), 'utf8')).toBe(sums);
    expect(await readFile(join(cwd, 'test/r1-2.test.js'), 'utf8')).toBe(refuses('TypeError'));

    const { events } = await journalOf(join(cwd, 'features/adder/journal.jsonl'));
    const steps = events.flatMap((event) => (event.type === 'step-finish' ? [event] : []));
    expect(steps.map(({ step, name, outcome }) => `${step} ${name ?? ''} ${outcome}`)).toEqual([
      'criterion R1.1 test',
      'criterion R1.2 test',
      'criterion R1.3 reader',
      'dispute R1.2 test_stays',
      'dispute R1.2 test_changed',
      'mutants  noticed',
      'judgement R1.3 met',
    ]);
    const prompts = events.flatMap((event) => (event.type === 'call-start' ? [event.role] : []));
    expect(prompts.slice(0, 2)).toEqual(['verifier', 'coder']);
  });

  test('killed after every reply, it comes to the same and pays for none twice', async () => {
    const slow = wholeStory.map((entry) => ({ ...entry, delayMs: 120 }));
    const cwd = await project(slow);
    const calls = join(cwd, 'features/adder/calls');
    const kept = async (): Promise<number> =>
      (await readdir(calls).catch(() => [])).filter((name) => name.endsWith('.json')).length;
    for (let kills = 0; ; kills++) {
      expect(kills).toBeLessThan(30);
      const before = await kept();
      const running = startCli(args, { cwd, env });
      let over = false;
      const ended = running.ended.finally(() => (over = true));
      while (!over && (await kept()) === before) await sleep(5);
      running.kill('SIGKILL');
      const result = await ended;
      if (result.signal === 'SIGKILL') continue;
      expect(result, result.stderr).toMatchObject({ exitCode: 0 });
      break;
    }
    expect(await marksIn(cwd)).toEqual(allSeen);
    const { events } = await journalOf(join(cwd, 'features/adder/journal.jsonl'));
    const paid = events.flatMap((event) =>
      event.type === 'call-finish' && !event.stored ? [event.call] : [],
    );
    expect(paid).toHaveLength(new Set(paid).size);
    expect(paid).toHaveLength(8);
  });

  test('waits for a person where a reader does not see a criterion hold, whose yes is the mark', async () => {
    const cwd = await project([
      verifier(1, held('R1.1', sums), held('R1.2', refuses('TypeError')), style),
      says('execute', right),
      reviews,
      judged('unsure'),
    ]);
    const ended = await run(cwd);
    expect(ended, ended.stderr).toMatchObject({ exitCode: 3 });
    expect(ended.stderr).toContain(
      'Nobody has seen hold: R1.3 (style; scripted/reviewer: src/add.js:1',
    );
    const approved = await runHere(['approve', 'adder', 'T1', ...where], { cwd, env });
    expect(approved, approved.stderr).toMatchObject({ exitCode: 0 });
    expect(await marksIn(cwd)).toEqual([...allSeen.slice(0, 2), 'R1.3 person -']);
  });

  test('is held to the same tests after a person sent it back, without a word to the verifier', async () => {
    const cwd = await project([
      verifier(1, held('R1.1', sums), held('R1.2', refuses('TypeError')), style),
      says('execute', right),
      reviews,
      judged('unsure'),
    ]);
    expect(await run(cwd)).toMatchObject({ exitCode: 3 });
    const script = [
      { script: 1 },
      says('correct', right.replace('numbers alone', 'give numbers')),
      reviews,
      judged('yes'),
    ];
    await writeFile(
      join(cwd, '.script.jsonl'),
      script.map((line) => JSON.stringify(line)).join('\n'),
    );
    const words = ['--feedback', 'Say what to give.', '--script', '.script.jsonl'];
    const back = await runHere(['reject', 'adder', 'T1', ...words, ...where], { cwd, env });
    expect(back, back.stderr).toMatchObject({ exitCode: 0 });
    expect(await marksIn(cwd)).toEqual(allSeen);
  });

  test('names weak tests, and what they do not notice', async () => {
    const weak = testFile('R1.2 refuses text', "assert.throws(() => add('1', '2'));");
    const cwd = await project([
      verifier(
        1,
        held('R1.1', testFile('R1.1 adds', 'assert.equal(add(2, 2), 4);')),
        held('R1.2', weak),
        style,
      ),
      says('execute', right.replace('return a + b', 'return a > 100 ? a - -b : a + b')),
      reviews,
      judged('yes'),
    ]);
    const ended = await run(cwd, '--set', 'acceptance.mutants=6');
    expect(ended, ended.stderr).toMatchObject({ exitCode: 0 });
    const { result } = (await documentIn(cwd)).tasks[0] ?? {};
    expect(result?.reason).toMatch(/Its tests do not notice .*src\/add\.js:3: «a > 100» as/);
  });

  test('has all its criteria judged where no tests are run, and asks no verifier', async () => {
    const all = ['R1.1', 'R1.2', 'R1.3'].map((id) => ({ id, seen: 'src/add.js:3', met: 'yes' }));
    const cwd = await project([
      says('execute', right),
      reviews,
      { when: { stage: 'criteria' }, reply: { json: { criteria: all } } },
    ]);
    const ended = await run(cwd, '--gates', 'paths', '--gates', 'syntax');
    expect(ended, ended.stderr).toMatchObject({ exitCode: 0 });
    expect(await marksIn(cwd)).toEqual(['R1.1 reviewer -', 'R1.2 reviewer -', 'R1.3 reviewer -']);
  });

  test('is not corrected for a test that a third model finds wrong', async () => {
    const cwd = await project([
      verifier(1, held('R1.1', sums), held('R1.2', inventing), style),
      says('execute', right),
      decides(1, 'work', reasons),
      verifier(3, held('R1.2', refuses('TypeError'))),
      reviews,
      judged('yes'),
    ]);
    const ended = await run(cwd);
    expect(ended, ended.stderr).toMatchObject({ exitCode: 0 });
    expect(await marksIn(cwd)).toEqual(allSeen);
    expect((await documentIn(cwd)).tasks[0]?.result?.rounds).toBe(1);
  });

  test('may dispute a test without a word on its files', async () => {
    const cwd = await project([
      verifier(1, held('R1.1', sums), held('R1.2', inventing), style),
      says('execute', right),
      decides(1, 'test', 'The work is not there yet.'),
      says('correct', 'Dispute R1.2: nothing asks for the message NaN!'),
      decides(2, 'work', reasons),
      verifier(4, held('R1.2', refuses('TypeError'))),
      reviews,
      judged('yes'),
    ]);
    const ended = await run(cwd);
    expect(ended, ended.stderr).toMatchObject({ exitCode: 0 });
    expect(await marksIn(cwd)).toEqual(allSeen);
  });

  test('of solve is held to what its text states, in a folder without any test', async () => {
    const text = '# Add\n\n- R1: It adds.\n  - add(1, 2) is 3, in src/add.js.\n';
    const script = [
      { script: 1 },
      verifier(1, held('R1.1', sums)),
      says('execute', file('src/add.js', 'export const add = (a, b) => a - b;')),
      decides(1, 'test', 'The work subtracts.', 'R1.1'),
      says('correct', file('src/add.js', 'export const add = (a, b) => a + b;')),
      reviews,
    ];
    const cwd = await createProject({
      'task.md': text,
      '.script.jsonl': script.map((line) => JSON.stringify(line)).join('\n'),
    });
    const ways = ['--workflow', 'coding', '--script', '.script.jsonl', '--out', 'out', ...where];
    const solved = await runHere(['solve', 'task.md', ...ways, '--json'], { cwd, env });
    expect(solved, solved.stderr).toMatchObject({ exitCode: 0 });
    expect(solved.stderr).toContain('R1.1 adds two numbers');
    expect(await readFile(join(cwd, 'out/test/r1-1.test.js'), 'utf8')).toBe(sums);
  });

  test('is not held where that is off, or nothing is asked of it', async () => {
    const cwd = await project([says('execute', right), reviews]);
    const ended = await run(cwd, '--acceptance', 'off');
    // Nothing shows that it works.
    expect(ended, ended.stderr).toMatchObject({ exitCode: 3 });
    expect((await documentIn(cwd)).tasks[0]?.result?.criteria).toBeUndefined();
    // A script that knows nothing of it is played as it was made.
    const older = await project([says('execute', right), reviews]);
    const played = await run(older);
    expect(played, played.stderr).toMatchObject({ exitCode: 3 });
    expect(played.stderr).toContain('no entry for the stages acceptance and criteria');
    expect((await documentIn(older)).tasks[0]?.result?.criteria).toBeUndefined();
    const bare = await project([says('execute', right), reviews], { requirements: [] });
    expect(await run(bare)).toMatchObject({ exitCode: 3 });
    expect((await documentIn(bare)).tasks[0]?.result?.criteria).toBeUndefined();
  });
});
