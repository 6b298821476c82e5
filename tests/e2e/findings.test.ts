import { describe, expect, test } from 'vitest';
import { runHere } from '../helpers/in-process.ts';
import { projects } from '../helpers/run-cli.ts';
import { accepted, fileReply, planned, refused, rightAdd, wrongAdd } from './conversation.ts';

const createProject = projects();
const at = '2026-01-31T12:00:00.000Z';

const tested = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { add } from '../src/add.js';

`;
const showsIt = `${tested}test('refuses text', () => assert.throws(() => add('1', 2), TypeError));\n`;
const passes = `${tested}test('adds', () => assert.equal(add(1, 2), 3));\n`;

/** A feature of one task, whose reviewer gives a test with its finding that cites nothing. */
async function reviewed(content: string) {
  const [found] = refused.findings;
  const finding = {
    ...found,
    cites: null,
    location: null,
    test: { path: 'test/review.test.js', content },
  };
  const entries = [
    { when: { stage: 'execute' }, reply: { text: fileReply('src/add.js', wrongAdd) } },
    {
      when: { stage: 'review', round: 1 },
      reply: { json: { ...refused, findings: [finding] } },
    },
    {
      when: { stage: 'correct', contains: ['Missing expected exception'] },
      reply: { text: fileReply('src/add.js', rightAdd) },
    },
    { when: { stage: 'review', round: 2 }, reply: { json: accepted } },
  ];
  const lines = [{ script: 1, note: 'A finding with its test.' }, ...entries];
  const cwd = await createProject({
    'package.json': '{ "type": "module" }\n',
    'test/there.test.js': `import { test } from 'node:test';\ntest('is there', () => {});\n`,
    'script.jsonl': lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
    'features/it/tasks.json': JSON.stringify({
      schemaVersion: 2,
      title: 'It',
      createdAt: at,
      updatedAt: at,
      plan: { specSha256: '', spec: null, refined: false, warnings: [] },
      requirements: [],
      tasks: [{ ...planned({ id: 'T1', title: 'Add', type: 'code' }), requirements: [] }],
    }),
  });
  const env = { BLUEPRINT_SCRIPT: 'script.jsonl' };
  const run = await runHere(['run', 'it'], { cwd, env });
  const shown = await runHere(['show', 'it', 'T1'], { cwd, env });
  const stats = await runHere(['stats', 'reviewers', '--json'], { cwd, env });
  return { run, shown: shown.stdout, stats: JSON.parse(stats.stdout) as unknown };
}

describe('a finding that comes with a test', () => {
  test('is proved by its failure, corrected by it, and told of', async () => {
    const { run, shown, stats } = await reviewed(showsIt);
    expect(run, run.stderr).toMatchObject({ exitCode: 0 });
    expect(run.stderr).toMatch(/review 1 by .*: revise, 1 finding, 1 blocking/);
    expect(shown).toMatch(
      /F1 blocker, correctness[^]*proved: its test test\/review\.test\.js fails/,
    );
    expect(stats).toMatchObject({ reviewers: [{ standings: { proved: 1 } }] });
  });

  test('is refuted where it passes: the work is approved at once', async () => {
    const { run, shown } = await reviewed(passes);
    expect(run, run.stderr).toMatchObject({ exitCode: 0 });
    expect(run.stderr).toMatch(/review 1 by .*: revise, 1 finding, 1 refuted/);
    expect(shown).toContain('refuted: its own test test/review.test.js passes on the work');
  });
});
