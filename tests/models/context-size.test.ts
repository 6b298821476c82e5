import { expect, test } from 'vitest';
import { defaultRoles } from '../../src/config/default-models.ts';
import { parseModelRef } from '../../src/domain/model-role.ts';
import { knownContextTokens } from '../../src/models/context-size.ts';

const sizeOf = (text: string): number | null => {
  const ref = parseModelRef(text);
  if (ref === null) throw new Error(`«${text}» is not provider/model`);
  return knownContextTokens(ref);
};

test.each([
  ['anthropic/claude-opus-5-5', 1_000_000],
  ['anthropic/claude-sonnet-4-6', 1_000_000],
  ['anthropic/claude-sonnet-4-5-20250929', 200_000],
  ['anthropic/claude-opus-4-20250514', 200_000],
  ['openrouter/anthropic/claude-sonnet-4.6', 1_000_000],
  ['openai/gpt-5.6-sol', 1_050_000],
  ['openai/gpt-5', 400_000],
  ['openai/gpt-5-mini', 400_000],
  ['openai/gpt-4o-mini', 128_000],
  ['google/gemini-3.1-pro-preview', 1_048_576],
  ['openai/gpt-5.9', null],
  ['ollama/qwen3', null],
])('%s takes %s tokens', (ref, tokens) => {
  expect(sizeOf(ref)).toBe(tokens);
});

test('the size of every default model is known', () => {
  const refs = Object.values(defaultRoles).flatMap(({ models, large = [] }) => [
    ...models,
    ...large,
  ]);
  const unknown = refs.filter((ref) => !ref.startsWith('offline/') && sizeOf(ref) === null);
  expect(unknown).toEqual([]);
});
