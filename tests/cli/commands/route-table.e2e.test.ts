import { expect, test } from 'vitest';
import { runHere as runCli } from '../../helpers/in-process.ts';
import { jsonOf, projects } from '../../helpers/run-cli.ts';

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
