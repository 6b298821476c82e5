import { describe, expect, it } from 'vitest';
import { createTokenCounter } from '../../src/models/tokens.ts';

const parts = (text: string) => ({ parts: [{ role: 'user', name: 'task', text } as const] });

describe('createTokenCounter', () => {
  const count = createTokenCounter();

  it('counts words as a tokenizer does, with a margin for what stands around them', async () => {
    const words = 'The quick brown fox jumps over the lazy dog. '.repeat(100);
    const exact = 1_001;
    const counted = await count(parts(words), 'gpt');
    expect(counted).toBeGreaterThan(exact);
    expect(counted).toBeLessThan(exact * 1.1 + 150);
  });

  it('errs higher for vendors whose tokenizer is another', async () => {
    const text = 'const sum = (a: number, b: number): number => a + b;\n'.repeat(50);
    const gpt = await count(parts(text), 'gpt');
    expect(await count(parts(text), 'gemini')).toBeGreaterThan(gpt);
    expect(await count(parts(text), 'claude')).toBeGreaterThan(await count(parts(text), 'gemini'));
  });

  it('counts the schema that goes with a request', async () => {
    const schema = { name: 'review', json: { type: 'object', description: 'x '.repeat(500) } };
    expect(await count({ ...parts('Hi.'), schema }, 'gpt')).toBeGreaterThan(
      (await count(parts('Hi.'), 'gpt')) + 400,
    );
  });

  it.each([
    ['one letter', 'a'.repeat(60_000)],
    ['blanks', ' '.repeat(60_000)],
    ['signs', '=-'.repeat(30_000)],
    ['a script without blanks', '漢字仮名'.repeat(15_000)],
    ['pictures', '👩‍💻'.repeat(5_000)],
    ['control tokens', '<|endoftext|><|im_start|>'.repeat(2_000)],
    ['halves of characters', '\ud800x\udc00'.repeat(2_000)],
    ['nothing', ''],
  ])('copes with %s', async (_what, text) => {
    // Uncut, such a run takes a tokenizer minutes.
    expect(await count(parts(text), 'gpt')).toBeGreaterThan(text.length / 200);
  });

  it('loads the tokenizer once, and counts a text that comes again from memory', async () => {
    let loads = 0;
    let counts = 0;
    const counter = createTokenCounter(async () => {
      loads++;
      return (text) => {
        counts++;
        return text.length;
      };
    });
    await Promise.all([counter(parts('same'), 'gpt'), counter(parts('same'), 'gpt')]);
    await counter(parts('other'), 'gpt');
    expect([loads, counts]).toEqual([1, 2]);
  });
});
