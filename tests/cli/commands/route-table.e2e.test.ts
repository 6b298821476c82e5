import { expect, test } from 'vitest';
import { runHere as runCli } from '../../helpers/in-process.ts';
import { jsonOf, projects, treeOf } from '../../helpers/run-cli.ts';
import { plannedFiles } from '../../e2e/planned-feature.ts';

const createProject = projects();

test('shows both lists of a role that has two, and why models were passed over', async () => {
  const cwd = await createProject({
    'blueprint.config.json': JSON.stringify({
      roles: {
        coder: { models: ['groq/small', 'openai/gpt-x'], large: ['openai/gpt-large'] },
        reviewer: ['openai/gpt-x'],
      },
      routing: { coderLargeTokens: 500 },
    }),
  });
  const options = { cwd, env: { OPENAI_API_KEY: 'sk-secret-1234' } };
  const shown = await runCli(['route-table'], options);
  expect(shown.exitCode, shown.stderr).toBe(0);
  expect(shown.stdout).toMatch(/coder +small +openai\/gpt-x +first reachable of coder/);
  expect(shown.stdout).toMatch(/coder +large +openai\/gpt-large +first of coder, large/);
  expect(shown.stdout).toMatch(/reviewer +any +openai\/gpt-x +first of reviewer/);
  expect(shown.stdout).toMatch(/groq\/small +GROQ_API_KEY is not set +coder/);
  expect(shown.stdout).toContain('500 for the coder');

  const { roles } = jsonOf(await runCli(['route-table', '--json'], options)) as {
    roles: { role: string; source: string; routes: object[] }[];
  };
  expect(roles).toHaveLength(13);
  expect(roles.find(({ role }) => role === 'coder')).toMatchObject({
    source: 'config',
    routes: [
      {
        size: 'small',
        chosen: 'openai/gpt-x',
        passedOver: [{ model: 'groq/small', reason: 'GROQ_API_KEY is not set' }],
      },
      { size: 'large', chosen: 'openai/gpt-large', passedOver: [], fallbacks: [] },
    ],
  });
});

test('ends with 5 and the fix when a role has no model, though only for large content', async () => {
  const cwd = await createProject({
    'blueprint.config.json': JSON.stringify({
      roles: { coder: { models: ['offline/planner'], large: ['groq/large'] } },
    }),
  });
  const shown = await runCli(['route-table'], { cwd });
  expect(shown.exitCode).toBe(5);
  expect(shown.stdout).toMatch(/coder +large +none +No model of the role «coder»/);
  expect(shown.stdout).toContain('fix: Set GROQ_API_KEY, or change roles.coder in the config.');
});

/** A journal in which two coders wrote tasks; of the second all were approved. */
function journalOf(tasks: number): string {
  const write = (model: string, task: string, status: string): object[] => {
    const purpose = { stage: 'execute', feature: 'links', task, attempt: 1, round: 1 };
    const usage = { input: 1, cachedInput: 0, cacheWrite: 0, output: 1, reasoning: 0 };
    const call = { call: 'c', role: 'coder', model, purpose };
    const ended = { finishReason: 'stop', usage, usd: 0.5, durationMs: 1, stored: false };
    return [
      { type: 'call-finish', ...call, ...ended, servedBy: model },
      { type: 'task-finish', task, status, reason: '', attempt: 1, rounds: 1 },
    ];
  };
  const events = Array.from({ length: tasks }, (_, index) => [
    ...write('groq/small', `A${index}`, index === 0 ? 'done' : 'failed'),
    ...write('openai/gpt-x', `B${index}`, 'done'),
  ]).flat();
  return events
    .map((event) => `${JSON.stringify({ at: '2026-01-01', run: 'r', version: 2, ...event })}\n`)
    .join('');
}

const coders = { roles: { coder: { models: ['groq/small', 'openai/gpt-x'] } } };
const config = { 'blueprint.config.json': JSON.stringify(coders) };

test('--learned shows the order that the record speaks for, and changes nothing', async () => {
  const cwd = await createProject({
    ...plannedFiles,
    ...config,
    'features/links/journal.jsonl': `torn{\n${journalOf(12)}`,
  });
  const options = { cwd, env: { OPENAI_API_KEY: 'sk-x', GROQ_API_KEY: 'gsk-x' } };
  const before = await treeOf(cwd);
  const shown = await runCli(['route-table', '--learned'], options);
  expect(shown, shown.stderr).toMatchObject({ exitCode: 0 });
  expect(shown.stdout).toMatch(/coder +small +groq\/small/);
  expect(shown.stdout).toMatch(/coder +groq\/small +12 +1 /);
  expect(shown.stdout).toContain(
    'coder: openai/gpt-x did better: openai/gpt-x 12 of 12, groq/small 1 of 12',
  );
  expect(shown.stdout).toContain('roles.coder.models: [openai/gpt-x, groq/small]');
  expect(shown.stdout).toContain('Nothing was changed');
  const { learned } = jsonOf(await runCli(['route-table', '--learned', '--json'], options)) as {
    learned: object;
  };
  expect(learned).toMatchObject({
    roles: [{ role: 'coder', learned: ['openai/gpt-x', 'groq/small'] }],
    skipped: { unreadable: 1 },
  });
  expect(await treeOf(cwd)).toEqual(before);
  expect((await runCli(['route-table'], options)).stdout).not.toContain('record');
});

test.each([
  ['no record', '', 'There is no record of the listed models yet.'],
  ['too few cases', journalOf(9), 'It speaks for no other order.'],
])('--learned with %s has nothing to say', async (_name, journal, says) => {
  const cwd = await createProject({
    ...plannedFiles,
    ...config,
    'features/links/journal.jsonl': journal,
  });
  const options = { cwd, env: { OPENAI_API_KEY: 'sk-x', GROQ_API_KEY: 'gsk-x' } };
  const shown = await runCli(['route-table', '--learned'], options);
  expect(shown.stdout).toContain(says);
  expect(shown.stdout).not.toContain('Nothing was changed');
});
