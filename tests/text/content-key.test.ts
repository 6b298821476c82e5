import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentKey, exactKey } from '../../src/text/content-key.ts';

describe('keys of content', () => {
  const files = fc.dictionary(
    fc.constantFrom('a.js', 'b/c.js', 'd.md'),
    fc.oneof(
      fc.constant(null),
      fc
        .array(fc.constantFrom('x = 1', '  y', ''), { maxLength: 4 })
        .map((lines) => lines.join('\n')),
    ),
    { minKeys: 1 },
  );

  it('do not see line ends, blanks at the end of lines, and the order of files', () => {
    fc.assert(
      fc.property(files, (given) => {
        const changes = new Map(Object.entries(given));
        const other = new Map(
          [...changes]
            .reverse()
            .map(([path, text]) => [
              path,
              text === null ? null : `${text.replaceAll('\n', ' \r\n')}\n\n`,
            ]),
        );
        expect(contentKey(other)).toBe(contentKey(changes));
        const some = [...changes.values()].some((text) => text !== null);
        expect(exactKey(other) === exactKey(changes)).toBe(!some);
      }),
    );
  });

  it('see everything else', () => {
    const key = (text: string | null): string => contentKey(new Map([['a.py', text]]));
    const texts = [null, '', 'x\n', '  x\n', 'x\n\ny\n', 'x\ny\n', 'X\n'];
    expect(new Set(texts.map(key)).size).toBe(texts.length);
  });
});
