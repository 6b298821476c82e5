import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { mergeText } from '../../src/text/merge-text.ts';

const base = 'one\ntwo\nthree\nfour\nfive\n';

test('changes apart from each other come together', () => {
  expect(mergeText(base, base.replace('one', '1'), `${base.replace('four', '4')}six\n`)).toBe(
    '1\ntwo\nthree\n4\nfive\nsix\n',
  );
  expect(mergeText(base, base.replace('two\n', ''), base.replace('five', '5'))).toBe(
    'one\nthree\nfour\n5\n',
  );
});

test('the same change twice is one change', () => {
  const both = base.replace('two', '2');
  expect(mergeText(base, both, both)).toBe(both);
  expect(mergeText(base, both.replace('five', '5'), both)).toBe(both.replace('five', '5'));
});

test('a side that changed nothing has nothing to say', () => {
  expect(mergeText(base, base, 'other')).toBe('other');
  expect(mergeText(base, 'other', base)).toBe('other');
});

test.each([
  ['one line in two ways', base.replace('two', '2'), base.replace('two', 'zwei')],
  ['neighbouring lines', base.replace('two', '2'), base.replace('three', '3')],
  ['a line changed and deleted', base.replace('two', '2'), base.replace('two\n', '')],
  ['two additions at one place', `${base}a\n`, `${base}b\n`],
  ['all line ends, and a line', base.replaceAll('\n', '\r\n'), base.replace('two', '2')],
  ['the last line with and without its end', base.slice(0, -1), base.replace('five', '5')],
])('%s is a conflict', (_name, ours, theirs) => {
  expect(mergeText(base, ours, theirs)).toBeNull();
  expect(mergeText(base, theirs, ours)).toBeNull();
});

test('line ends and a missing last one are kept', () => {
  expect(mergeText('a\r\nb\nc\nd', 'A\r\nb\nc\nd', 'a\r\nb\nc\nD')).toBe('A\r\nb\nc\nD');
});

test('lines named as what every object has are lines', () => {
  const text = '__proto__\nb\nc\nd\nconstructor';
  expect(mergeText(text, text.replace('b', 'B'), `${text}\ntoString`)).toBe(
    '__proto__\nB\nc\nd\nconstructor\ntoString',
  );
});

test('what takes too long to compare is a conflict', () => {
  const blank = '\n'.repeat(2_000);
  expect(mergeText(`a${blank}b`, `x${blank}\nb`, `y\n${blank}c`)).toBeNull();
});

test('what it merges, git merges to the same', () => {
  const folder = mkdtempSync(join(tmpdir(), 'blueprint-merge-'));
  const line = fc.constantFrom('a\n', 'b\n', 'c\n', '\n', '}\n', 'd\n', 'e\n');
  const lines = fc.array(line, { minLength: 4, maxLength: 14 });
  const edit = fc.record({
    at: fc.nat(13),
    gone: fc.nat(2),
    put: fc.array(line, { maxLength: 2 }),
  });
  type Edit = { at: number; gone: number; put: string[] };
  const edited = (text: readonly string[], { at, gone, put }: Edit): string =>
    [...text.slice(0, at), ...put, ...text.slice(at + gone)].join('');
  const place = (name: string): string => join(folder, name);
  let merges = 0;
  try {
    execFileSync('git', ['--version']);
    fc.assert(
      fc.property(lines, edit, edit, (text, ours, theirs) => {
        const [o, a, b] = [text.join(''), edited(text, ours), edited(text, theirs)];
        const merged = mergeText(o, a, b);
        if (merged === null) return;
        for (const [name, content] of Object.entries({ o, a, b }))
          writeFileSync(place(name), content);
        const git = spawnSync('git', ['merge-file', '-p', place('a'), place('o'), place('b')], {
          encoding: 'utf8',
        });
        // The two may align equal lines in other ways; where both see no conflict they agree.
        if (git.status !== 0) return;
        merges += 1;
        expect(merged).toBe(git.stdout);
      }),
      { numRuns: 120 },
    );
    expect(merges).toBeGreaterThan(10);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
