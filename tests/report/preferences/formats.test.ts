import { describe, expect, it } from 'vitest';
import { messagesOf, pairRecord } from '../../../src/report/preferences/formats.ts';

const prompt = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: 'Add.' },
] as const;
const pair = { prompt, chosen: 'good', rejected: 'bad' };

describe('a pair', () => {
  it('is written as OpenAI has it', () => {
    expect(pairRecord('openai', pair)).toEqual({
      input: { messages: prompt, tools: [], parallel_tool_calls: true },
      preferred_output: [{ role: 'assistant', content: 'good' }],
      non_preferred_output: [{ role: 'assistant', content: 'bad' }],
    });
  });

  it('is written as TRL has it, plain and as messages', () => {
    expect(pairRecord('trl', pair)).toEqual({
      prompt: 'Be brief.\n\nAdd.\n\n',
      chosen: 'good',
      rejected: 'bad',
    });
    expect(pairRecord('trl-conversational', pair)).toEqual({
      prompt,
      chosen: [{ role: 'assistant', content: 'good' }],
      rejected: [{ role: 'assistant', content: 'bad' }],
    });
  });
});

it('messages are turns: neighbours of one role are joined, blank parts left out', () => {
  const part = (role: 'system' | 'user' | 'assistant', text: string) => ({ role, text });
  expect(
    messagesOf([
      part('system', 'a'),
      part('user', 'b'),
      part('user', ' \n'),
      part('user', 'c'),
      part('assistant', 'd'),
      part('user', 'e'),
    ]),
  ).toEqual([
    { role: 'system', content: 'a' },
    { role: 'user', content: 'b\n\nc' },
    { role: 'assistant', content: 'd' },
    { role: 'user', content: 'e' },
  ]);
});
