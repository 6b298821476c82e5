import { expect, it } from 'vitest';
import type { TraceLine } from '../../src/domain/trace.ts';
import { spanOf } from '../../src/telemetry/gen-ai.ts';

const line: TraceLine = {
  schema: 'blueprint.trace/1',
  id: '0123456789abcdef',
  folder: 'features/f',
  feature: 'f',
  run: 'r',
  call: 'c',
  role: 'coder',
  provider: 'google',
  model: 'gemini-3-pro',
  servedBy: 'gemini-3-pro-001',
  stage: 'execute',
  task: 'T1',
  attempt: 1,
  round: 1,
  candidate: null,
  critic: null,
  outcome: 'finished',
  finishReason: 'stop',
  fault: null,
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: '2026-01-01T00:00:02.000Z',
  durationMs: 2_000,
  tries: 1,
  usage: { input: 10, cachedInput: 4, cacheWrite: 1, output: 5, reasoning: 2 },
  usd: null,
  promptSha256: null,
  artefactSha256: null,
  replySchema: 'plan',
  maxOutputTokens: 100,
  verdict: null,
};

it('a call is a span in the names of the conventions, without what is not known', () => {
  expect(spanOf(line)).toEqual({
    name: 'chat gemini-3-pro',
    start: '2026-01-01T00:00:00.000Z',
    end: '2026-01-01T00:00:02.000Z',
    fault: null,
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'gcp.gemini',
      'gen_ai.request.model': 'gemini-3-pro',
      'gen_ai.request.max_tokens': 100,
      'gen_ai.output.type': 'json',
      'gen_ai.response.model': 'gemini-3-pro-001',
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.usage.input_tokens': 10,
      'gen_ai.usage.output_tokens': 5,
      'gen_ai.usage.cache_read.input_tokens': 4,
      'gen_ai.usage.cache_creation.input_tokens': 1,
      'gen_ai.usage.reasoning.output_tokens': 2,
      'gen_ai.agent.name': 'coder',
      'blueprint.call.id': '0123456789abcdef',
      'blueprint.request.sha256': 'c',
      'blueprint.folder': 'features/f',
      'blueprint.feature': 'f',
      'blueprint.task': 'T1',
      'blueprint.stage': 'execute',
      'blueprint.attempt': 1,
      'blueprint.round': 1,
      'blueprint.tries': 1,
    },
  });
});

it('a call that failed or was cut off says why; a kept reply is no call', () => {
  expect(spanOf({ ...line, outcome: 'failed', fault: 'overloaded' })).toMatchObject({
    fault: 'overloaded',
    attributes: { 'error.type': 'overloaded' },
  });
  expect(spanOf({ ...line, outcome: 'cut-off', endedAt: null })).toMatchObject({
    fault: 'cut_off',
    end: line.startedAt,
  });
  expect(spanOf({ ...line, outcome: 'kept' })).toBeNull();
});

it.each([
  ['xai', 'x_ai'],
  ['mistral', 'mistral_ai'],
  ['openai', 'openai'],
  ['our-server', 'our-server'],
])('the provider %s is %s', (provider, name) => {
  expect(spanOf({ ...line, provider })?.attributes['gen_ai.provider.name']).toBe(name);
});

it.each([
  [{ replySchema: null, promptSha256: 'p' }, 'text'],
  [{ replySchema: null, promptSha256: null }, undefined],
])('what kind of output was asked for by %j: %s', (kept, output) => {
  expect(spanOf({ ...line, ...kept })?.attributes['gen_ai.output.type']).toBe(output);
});
