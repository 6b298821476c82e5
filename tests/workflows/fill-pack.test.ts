import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateTokens } from '../../src/domain/text.ts';
import { fillPack, type PackCandidate } from '../../src/workflows/fill-pack.ts';

/** A file of so many tokens whole, and by its signatures. */
function file(path: string, whole: number | null, outline: number | null): PackCandidate {
  const text = (tokens: number | null): string | null =>
    tokens === null ? null : 'x'.repeat(Math.floor(tokens * 3.5) - 2);
  return { path, whole: async () => text(whole), outline: async () => text(outline) };
}

const formsOf = async (candidates: readonly PackCandidate[], tokens: number): Promise<string[]> =>
  (await fillPack(candidates, tokens)).map(({ path, form }) => `${path} ${form}`);

describe('fillPack', () => {
  it('shows files whole first, then by their signatures', async () => {
    const files = ['a', 'b', 'c', 'd', 'e', 'f'].map((path) => file(path, 100, 10));
    expect(await formsOf(files, 1_000)).toEqual([
      'a whole',
      'b whole',
      'c whole',
      'd whole',
      'e outline',
      'f outline',
    ]);
  });

  it('shows one that would take too much by its signatures, and those behind it whole', async () => {
    expect(await formsOf([file('large', 400, 20), file('small', 50, 5)], 1_000)).toEqual([
      'large outline',
      'small whole',
    ]);
  });

  it('leaves out what cannot be read, and what has no signatures and no room', async () => {
    expect(
      await formsOf([file('gone', null, 5), file('data', 900, null), file('last', 10, 1)], 1_000),
    ).toEqual(['last whole']);
  });

  it('gives up after some that find no room, and asks for no more', async () => {
    let asked = 0;
    const large = Array.from({ length: 100 }, (_, index) => ({
      ...file(`f${index}`, 5_000, 2_000),
      whole: async () => {
        asked += 1;
        return 'x'.repeat(10_000);
      },
    }));
    expect(await formsOf(large, 1_000)).toEqual([]);
    expect(asked).toBeLessThan(20);
  });

  it('never takes more than it has', async () => {
    const sizes = fc.array(fc.tuple(fc.nat(500), fc.nat(100)), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(2_000), async (list, tokens) => {
        const filled = await fillPack(
          list.map(([whole, outline], index) => file(`f${index}`, whole + 2, outline + 2)),
          tokens,
        );
        const used = filled.reduce((sum, { text }) => sum + estimateTokens(`\n\n${text}`), 0);
        expect(used).toBeLessThanOrEqual(tokens);
      }),
    );
  });
});
