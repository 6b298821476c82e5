import { describe, expect, test } from 'vitest';
import { fakeClis, type Scenario } from '../../../helpers/fake-cli/install.ts';
import { failureOf, limits, requestOf } from '../vendors.ts';
import { claudeCliProvider } from '../../../../src/models/providers/cli/claude.ts';
import { cliConfig } from './programs.ts';

const install = fakeClis();

async function start(scenario: Scenario) {
  const fake = await install('claude', scenario);
  const config = cliConfig({ kind: 'claude-cli', command: 'claude' }, fake.folder);
  return { fake, model: claudeCliProvider(config, limits).model('sonnet') };
}

test('runs without tools, tool servers, commands and a session', async () => {
  const { fake, model } = await start({ reply: { pieces: ['Yes.'] } });
  await model.generate(requestOf({ effort: 'high', maxOutputTokens: 1234 }));
  const [started] = await fake.starts();
  const args = started?.args.join(' ') ?? '';
  expect(args).toContain('--tools  --strict-mcp-config --setting-sources user');
  expect(args).toContain('--disable-slash-commands --no-session-persistence');
  expect(args).toContain('--effort high');
  expect(started?.system).toBe('You write code.');
  expect(started?.input).toBe('Write it.');
  expect(started?.env['CLAUDE_CODE_MAX_OUTPUT_TOKENS']).toBe('1234');
});

test('counts cached input as input, and streams the text', async () => {
  const { model } = await start({ reply: { pieces: ['Y', 'es.'] } });
  const deltas: string[] = [];
  const result = await model.generate(requestOf({ onText: (delta) => deltas.push(delta) }));
  expect(deltas).toEqual(['Y', 'es.']);
  expect(result).toMatchObject({
    usage: { input: 60, cachedInput: 30, cacheWrite: 20, output: 7, reasoning: 0 },
    servedBy: 'claude-sonnet-5-5',
    rawFinishReason: 'end_turn',
  });
});

test('reads one document over many lines as well', async () => {
  const { model } = await start({ reply: { pieces: ['Yes.'], document: true } });
  const deltas: string[] = [];
  const result = await model.generate(requestOf({ onText: (delta) => deltas.push(delta) }));
  expect(result.text).toBe('Yes.');
  expect(deltas).toEqual(['Yes.']);
  expect(result.servedBy).toBe('claude-sonnet-5-5');
});

describe('a result that is none', () => {
  test.each([
    { result: { stop_reason: 'max_tokens' }, kind: 'truncated' },
    { result: { stop_reason: 'refusal' }, kind: 'refused' },
    { result: { is_error: true }, kind: 'unavailable' },
    {
      result: { subtype: 'error_during_execution', errors: ['overloaded_error'] },
      kind: 'overloaded',
    },
    { result: { subtype: 'error_max_turns', result: undefined }, kind: 'malformed' },
    { result: { subtype: 'error_max_budget_usd' }, kind: 'quota_exhausted' },
    { result: { subtype: 'error_max_structured_output_retries' }, kind: 'malformed' },
  ])('$result → $kind, though the exit code is 0', async ({ result, kind }) => {
    const { model } = await start({ reply: { pieces: ['Yes.'], result } });
    const failure = await failureOf(model.generate(requestOf()));
    expect(failure.kind).toBe(kind);
    // What was written before it failed was paid for.
    expect(failure.usage).toMatchObject({ input: 60, output: 7 });
  });

  test.each([
    { message: 'Not logged in · Please run /login', kind: 'auth' },
    { message: 'Invalid API key · Fix external API key', kind: 'auth' },
    { message: 'Credit balance is too low', kind: 'quota_exhausted' },
    { message: 'Claude AI usage limit reached|1795300000', kind: 'quota_exhausted' },
    {
      message: 'API Error: 401 {"type":"error","error":{"type":"authentication_error"}}',
      kind: 'auth',
    },
    { message: 'API Error: 500 {"type":"error","error":{"type":"api_error"}}', kind: 'overloaded' },
    {
      message: 'There is an issue with the selected model (nope). It may not exist.',
      kind: 'unavailable',
    },
    {
      message: "API Error: Claude's response exceeded the 32000 output token maximum.",
      kind: 'truncated',
    },
    {
      message:
        'API Error: Claude Code is unable to respond: it appears to violate our Usage Policy',
      kind: 'refused',
    },
    { message: 'API Error: Connection error.', kind: 'network' },
    { message: 'API Error: Request timed out.', kind: 'timeout' },
  ])('«$message» → $kind', async ({ message, kind }) => {
    const { model } = await start({ fault: { message } });
    const failure = await failureOf(model.generate(requestOf()));
    expect(failure.kind).toBe(kind);
    if (kind === 'auth') expect(failure.fix).toMatch(/\/login/);
  });

  test('the status of its own call counts where words say nothing', async () => {
    const { model } = await start({ fault: { message: 'Oh.', result: { api_error_status: 529 } } });
    const failure = await failureOf(model.generate(requestOf()));
    expect(failure).toMatchObject({ kind: 'overloaded', status: 529 });
  });
});
