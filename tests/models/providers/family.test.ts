import { expect, test } from 'vitest';
import { modelFamily } from '../../../src/models/providers/family.ts';

test.each([
  ['openrouter', 'anthropic/claude-sonnet-5.5', 'claude'],
  ['openrouter', 'openai/gpt-5.6-sol', 'gpt'],
  ['openrouter', 'openai/o3', 'gpt'],
  ['openrouter', 'google/gemini-3.5-flash', 'gemini'],
  ['openrouter', 'x-ai/grok-5', 'grok'],
  ['openrouter', 'meta-llama/llama-4-maverick', 'llama'],
  ['openrouter', 'cohere/command-a', 'cohere'],
  ['openrouter', 'openrouter/auto', 'openrouter'],
  ['groq', 'openai/gpt-oss-120b', 'gpt'],
  ['groq', 'llama-4-70b', 'llama'],
  ['ollama', 'qwen3:8b', 'qwen'],
  ['ollama', 'phi4', 'ollama'],
  ['deepseek', 'deepseek-chat', 'deepseek'],
  ['xai', 'grok-5', 'grok'],
  ['mine', 'house-model', 'mine'],
])('%s/%s is of the family %s', (provider, model, family) => {
  expect(modelFamily(provider, model)).toBe(family);
});
