import { estimatePromptTokens, estimateTokens } from '../../domain/text.ts';
import type { Usage } from '../../domain/usage.ts';
import { count, field } from './json-fields.ts';
import type { Prompt } from './prompt.ts';

/** Under which names servers tell what went in and what came out; gateways mix their vendors' words. */
const inputNames = [
  'prompt_tokens',
  'input_tokens',
  'promptTokenCount',
  'inputTokenCount',
  'inputTokens',
  'promptTokens',
  'prompt_eval_count',
  'prompt_n',
];
const outputNames = [
  'completion_tokens',
  'output_tokens',
  'candidatesTokenCount',
  'outputTokenCount',
  'outputTokens',
  'completionTokens',
  'eval_count',
  'predicted_n',
];

export const inputCount = (usage: unknown): number => firstCount(usage, inputNames);
export const outputCount = (usage: unknown): number => firstCount(usage, outputNames);

function firstCount(usage: unknown, names: readonly string[]): number {
  return names.map((name) => count(field(usage, name))).find((found) => found > 0) ?? 0;
}

/**
 * What several events say of usage, together: counts grow while a reply is written, and what one event
 * leaves out or has as 0 another may tell.
 */
export function moreOf(before: Usage | null, now: Usage): Usage | null {
  const names = ['input', 'cachedInput', 'cacheWrite', 'output', 'reasoning'] as const;
  const most = Object.fromEntries(
    names.map((name) => [name, Math.max(before?.[name] ?? 0, now[name])]),
  ) as Usage;
  return most.input + most.output === 0 ? before : most;
}

/**
 * The usage of a whole reply, with what the provider did not tell, or cannot be so, as an estimate: nothing
 * counts as free because nobody says what it was.
 */
export function completed(
  reported: Usage | null,
  prompt: Prompt,
  text: string,
): { readonly usage: Usage; readonly warning: string | null } {
  const parts = [...prompt.system, ...prompt.turns.flatMap((turn) => turn.parts)];
  const { input = 0, cachedInput = 0, cacheWrite = 0, output = 0, reasoning = 0 } = reported ?? {};
  const noInput = input === 0;
  const noOutput = output === 0 && text !== '';
  const usage = {
    input: Math.max(noInput ? estimatePromptTokens(parts) : input, cachedInput + cacheWrite),
    cachedInput,
    cacheWrite,
    output: Math.max(noOutput ? estimateTokens(text) : output, reasoning),
    reasoning,
  };
  if (!noInput && !noOutput) return { usage, warning: null };
  const what = noInput && (noOutput || output === 0) ? '' : noInput ? ' of input' : ' of output';
  return { usage, warning: `The provider reported no usage${what}; it is estimated.` };
}
