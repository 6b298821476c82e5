import { expect, test } from 'vitest';
import { contentHash, movedFileOf, movedFileText } from '../../src/text/moved-file.ts';
import { sha256 } from '../../src/text/sha256.ts';
import { unifiedDiff } from '../../src/text/unified-diff.ts';

const moved = { from: 'a "b"/ü.png', sha256: '0'.repeat(64) };
const text = movedFileText(moved);

test('what stands for a file says which, also when an editor saved it', () => {
  for (const saved of [text, text.trimEnd(), text.replaceAll('\n', '\r\n')])
    expect(movedFileOf(saved)).toEqual(moved);
  const elsewhere = movedFileText({ ...moved, from: '../x.png' });
  for (const other of ['', 'x', ` ${text}`, `${text}x`, text.replace('0000', ''), elsewhere])
    expect(movedFileOf(other)).toBeNull();
  expect(contentHash(text)).toBe(moved.sha256);
  expect(contentHash('x')).toBe(sha256('x'));
});

test('a diff tells it as git does', () => {
  const pointer = movedFileText({ ...moved, from: 'a.png' });
  const after = new Map([
    ['a.png', null],
    ['b.png', pointer],
  ]);
  const header = 'diff --git a/a.png b/b.png\nsimilarity index 100%\n';
  const noText = new Set(['a.png']);
  expect(unifiedDiff(new Map(), after, noText)).toBe(
    `${header}rename from a.png\nrename to b.png\n`,
  );
  expect(unifiedDiff(new Map(), new Map([['b.png', pointer]]), noText)).toBe(
    `${header}copy from a.png\ncopy to b.png\n`,
  );
  expect(unifiedDiff(after, after)).toBe('');
});
