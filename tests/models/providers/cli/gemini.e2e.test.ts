import { expect, test } from 'vitest';
import { geminiCliProvider } from '../../../../src/models/providers/cli/gemini.ts';
import { fakeClis, type Scenario } from '../../../helpers/fake-cli/install.ts';
import { failureOf, limits, requestOf } from '../vendors.ts';
import { cliConfig } from './programs.ts';

const install = fakeClis();

async function start(scenario: Scenario) {
  const fake = await install('gemini', scenario);
  const config = cliConfig({ kind: 'gemini-cli', command: 'gemini' }, fake.folder);
  return { fake, model: geminiCliProvider(config, limits).model('gemini-3.5-flash') };
}

test('runs with its instructions in a file, and trusts its own empty folder', async () => {
  const { fake, model } = await start({ reply: { pieces: ['Yes.'] } });
  await model.generate(requestOf());
  const [started] = await fake.starts();
  expect(started?.args.join(' ')).toContain('--approval-mode default --extensions none');
  expect(started?.system).toBe('You write code.');
  expect(started?.input).toBe('Write it.');
  expect(started?.env['GEMINI_CLI_TRUST_WORKSPACE']).toBe('true');
});

test.each([
  { title: 'a stream', document: false, pieces: ['Y', 'es.'] },
  { title: 'a document', document: true, pieces: ['Yes.'] },
])('reads $title; thinking is part of the output', async ({ document, pieces }) => {
  const { model } = await start({ reply: { pieces, document } });
  const deltas: string[] = [];
  const result = await model.generate(requestOf({ onText: (delta) => deltas.push(delta) }));
  expect(deltas).toEqual(pieces);
  expect(result).toMatchObject({
    text: 'Yes.',
    usage: { input: 60, cachedInput: 30, cacheWrite: 0, output: 7, reasoning: 3 },
    servedBy: 'gemini-3.5-flash',
  });
});

test.each([
  { fault: { message: 'Please set an Auth method', exitCode: 41, onStderr: true }, kind: 'auth' },
  { fault: { message: 'Oh.', type: 'FatalAuthenticationError', exitCode: 41 }, kind: 'auth' },
  { fault: { message: 'Oh.', exitCode: 41, onStderr: true }, kind: 'auth' },
  {
    fault: { message: 'No input provided via stdin.', exitCode: 42, onStderr: true },
    kind: 'bad_request',
  },
  {
    fault: { message: 'Reached max session turns.', exitCode: 53, onStderr: true },
    kind: 'malformed',
  },
  {
    fault: { message: 'not running in a trusted directory', exitCode: 55, onStderr: true },
    kind: 'unavailable',
  },
  {
    fault: { message: 'You have exhausted your daily quota on this model.' },
    kind: 'quota_exhausted',
  },
  { fault: { message: 'Requested entity was not found.' }, kind: 'unavailable' },
  { fault: { message: 'Oh.', code: 429 }, kind: 'rate_limit' },
  {
    fault: { message: 'Quota exceeded for metric: requests, limit: 5, per minute', code: 429 },
    kind: 'rate_limit',
  },
  {
    fault: { message: 'Quota exceeded, quotaId GenerateRequestsPerDay', code: 429 },
    kind: 'quota_exhausted',
  },
  { fault: { message: 'Oh.', type: 'RESOURCE_EXHAUSTED' }, kind: 'rate_limit' },
  { fault: { message: 'Blocked: PROHIBITED_CONTENT' }, kind: 'refused' },
  { fault: { message: 'Oh.', code: 503 }, kind: 'overloaded' },
])('$fault → $kind', async ({ fault, kind }) => {
  const { model } = await start({ fault });
  const failure = await failureOf(model.generate(requestOf()));
  expect(failure.kind).toBe(kind);
  if (kind === 'auth') expect(failure.fix).toMatch(/\/auth/);
});

test.each([
  { message: 'Response stopped due to safety reasons.', pieces: [], kind: 'refused' },
  { message: 'Response stopped due to recitation policy.', pieces: ['Ye'], kind: 'refused' },
  { message: 'Response truncated due to token limits.', pieces: ['Ye'], kind: 'truncated' },
  { message: 'Loop detected, stopping execution', pieces: [], kind: 'unavailable' },
])('«$message» beside a good end → $kind', async ({ message, pieces, kind }) => {
  const says = `${JSON.stringify({ type: 'error', severity: 'warning', message })}\n`;
  const { model } = await start({ says, reply: { pieces } });
  expect((await failureOf(model.generate(requestOf()))).kind).toBe(kind);
});

test('a warning that it got over is none', async () => {
  const says = `${JSON.stringify({ type: 'error', severity: 'warning', message: 'Retrying' })}\n`;
  const { model } = await start({ says, reply: { pieces: ['Yes.'] } });
  expect((await model.generate(requestOf())).text).toBe('Yes.');
});

test('a prompt that it would cut off in silence is not sent', async () => {
  const { fake, model } = await start({ reply: { pieces: ['Yes.'] } });
  const text = 'x'.repeat(8 * 1024 * 1024 + 1);
  const failure = await failureOf(
    model.generate(requestOf({ parts: [{ role: 'user', name: 'task', text }] })),
  );
  expect(failure.kind).toBe('context_too_long');
  expect(await fake.starts()).toEqual([]);
});
