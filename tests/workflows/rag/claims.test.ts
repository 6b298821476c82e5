import { expect, test } from 'vitest';
import { sourcedReplySchema } from '../../../src/workflows/rag/claims.ts';

test('a claim states something', () => {
  const cited = { path: 'a.md', firstLine: 1, lastLine: 1, quote: 'It is so.' };
  const reply = (statement: string) => ({
    claims: [{ statement, citations: [cited] }],
    found: true,
    missing: '',
  });
  expect(sourcedReplySchema.safeParse(reply('It is so.')).success).toBe(true);
  expect(sourcedReplySchema.safeParse(reply(' \n')).success).toBe(false);
});
