import { expect, test } from 'vitest';
import { codexCliProvider } from '../../../../src/models/providers/cli/codex.ts';
import { fakeClis, type Scenario } from '../../../helpers/fake-cli/install.ts';
import { failureOf, limits, requestOf } from '../vendors.ts';
import { cliConfig } from './programs.ts';

const install = fakeClis();

async function start(scenario: Scenario) {
  const fake = await install('codex', scenario);
  const config = cliConfig({ kind: 'codex-cli', command: 'codex' }, fake.folder);
  return { fake, model: codexCliProvider(config, limits).model('gpt-5.6-terra') };
}

test('runs in the read-only sandbox, outside of a repository, with the prompt on stdin', async () => {
  const { fake, model } = await start({ reply: { pieces: ['Yes.'] } });
  await model.generate(requestOf({ effort: 'low' }));
  const [started] = await fake.starts();
  const args = started?.args.join(' ') ?? '';
  expect(args).toMatch(/^exec --json --sandbox read-only --skip-git-repo-check --ephemeral /);
  expect(args).toContain('-c model_reasoning_effort="low"');
  expect(args).toMatch(/ -$/);
  expect(started?.input).toBe('You write code.\n\nWrite it.');
});

test('the last message is the reply; reasoning is part of the output', async () => {
  const { model } = await start({ reply: { pieces: ['Yes.'] } });
  const result = await model.generate(requestOf());
  expect(result.text).toBe('Yes.');
  expect(result.usage).toEqual({
    input: 60,
    cachedInput: 30,
    cacheWrite: 0,
    output: 7,
    reasoning: 3,
  });
});

test('an error that it got over is none', async () => {
  const says = '{"type":"error","message":"Reconnecting... 1/5 (stream disconnected)"}\n';
  const { model } = await start({ says, reply: { pieces: ['Yes.'] } });
  expect((await model.generate(requestOf())).text).toBe('Yes.');
});

test('an error that ends it counts without a failed turn', async () => {
  const says = '{"type":"thread.started"}\n{"type":"error","message":"stream disconnected"}\n';
  const { model } = await start({ says, exitCode: 1 });
  expect((await failureOf(model.generate(requestOf()))).kind).toBe('network');
});

test.each([
  {
    message: 'unexpected status 401 Unauthorized: Missing bearer or basic authentication in header',
    kind: 'auth',
  },
  {
    message: 'Your access token could not be refreshed. Please log out and sign in again.',
    kind: 'auth',
  },
  {
    message: "You've hit your usage limit. Upgrade to Pro or try again later.",
    kind: 'quota_exhausted',
  },
  { message: 'Quota exceeded. Check your plan and billing details.', kind: 'quota_exhausted' },
  {
    message:
      '{"detail":"The \'nope\' model is not supported when using Codex with a ChatGPT account."}',
    kind: 'unavailable',
  },
  { message: '{"error":{"message":"Overloaded"},"status":503}', kind: 'overloaded' },
  {
    message: "Codex ran out of room in the model's context window.",
    kind: 'context_too_long',
  },
  { message: 'exceeded retry limit, last status: 429 Too Many Requests', kind: 'rate_limit' },
  { message: 'stream disconnected before completion', kind: 'network' },
])('«$message» → $kind', async ({ message, kind }) => {
  const { model } = await start({ fault: { message } });
  const failure = await failureOf(model.generate(requestOf()));
  expect(failure.kind).toBe(kind);
  if (kind === 'auth') expect(failure.fix).toMatch(/codex login/);
});

test.each([
  { code: 'usage_limit_reached', kind: 'quota_exhausted' },
  { code: 'cyberPolicy', kind: 'refused' },
  { code: 'rate_limit_exceeded', kind: 'rate_limit' },
  { code: 'server_overloaded', kind: 'overloaded' },
  { code: 'context_window_exceeded', kind: 'context_too_long' },
])('an error of code $code → $kind, though its words say nothing', async ({ code, kind }) => {
  const within = JSON.stringify({ error: { message: 'Oh.', code } });
  const beside = { type: 'turn.failed', error: { message: 'Oh.', codex_error_info: code } };
  for (const event of [{ type: 'turn.failed', error: { message: within } }, beside]) {
    const { model } = await start({ says: `${JSON.stringify(event)}\n`, exitCode: 1 });
    expect((await failureOf(model.generate(requestOf()))).kind).toBe(kind);
  }
});

test('a turn that ends without a message: what it told before is why', async () => {
  const events = [
    { type: 'item.completed', item: { type: 'error', message: 'Blocked by our content policy' } },
    { type: 'turn.completed' },
  ];
  const { model } = await start({ says: events.map((e) => `${JSON.stringify(e)}\n`).join('') });
  expect((await failureOf(model.generate(requestOf()))).kind).toBe('refused');
});

test('a program without usage: it is estimated, and said so', async () => {
  const says = [
    { type: 'item.completed', item: { type: 'agent_message', text: 'Yes.' } },
    { type: 'turn.completed' },
  ];
  const { model } = await start({
    says: says.map((event) => `${JSON.stringify(event)}\n`).join(''),
  });
  const result = await model.generate(requestOf());
  expect(result.usage.input).toBeGreaterThan(0);
  expect(result.warnings.join()).toMatch(/estimated/);
});
