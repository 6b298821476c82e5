import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { displayableDiff, unifiedDiff } from '../../src/text/unified-diff.ts';

type Files = Record<string, string | null>;

function diff(before: Files, after: Files): string {
  return unifiedDiff(new Map(Object.entries(before)), new Map(Object.entries(after)));
}

test('changed, added, deleted and unchanged files', () => {
  expect(
    diff(
      { 'b.js': 'one\ntwo\nthree\n', gone: 'x\n', same: 's' },
      { 'b.js': 'one\n2\nthree\n', gone: null, same: 's', 'a/new': 'n\n' },
    ),
  ).toBe(`diff --git a/a/new b/a/new
new file mode 100644
--- /dev/null
+++ b/a/new
@@ -0,0 +1,1 @@
+n
diff --git a/b.js b/b.js
--- a/b.js
+++ b/b.js
@@ -1,3 +1,3 @@
 one
-two
+2
 three
diff --git a/gone b/gone
deleted file mode 100644
--- a/gone
+++ /dev/null
@@ -1,1 +0,0 @@
-x
`);
});

test('a missing final newline and line ends are shown', () => {
  expect(diff({ a: 'x\n' }, { a: 'x' })).toContain('-x\n+x\n\\ No newline at end of file\n');
  expect(displayableDiff(diff({ a: 'x\r\n' }, { a: 'x\n' }))).toContain('-x␍\n+x\n');
});

test('an empty file is an addition without a hunk; nothing changed is nothing', () => {
  expect(diff({}, { a: '' })).toBe('diff --git a/a b/a\nnew file mode 100644\n');
  expect(diff({ a: 'x' }, { a: 'x' })).toBe('');
  expect(diff({ a: null }, {})).toBe('');
});

test('escape codes reach no terminal, but stay in the exact text', () => {
  const exact = diff({ a: 'x\n' }, { a: '\u001b[2Jy\rz\n' });
  expect(exact).toContain('\u001b[2J');
  expect(displayableDiff(exact)).toContain('+\\u{1b}[2Jy␍z\n');
  expect(displayableDiff(exact)).not.toContain('\u001b');
});

test('very different large files are shown as rewritten', () => {
  const lines = (prefix: string): string =>
    Array.from({ length: 20_000 }, (_, index) => `${prefix}${index}\n`).join('');
  const text = diff({ a: lines('a') }, { a: lines('b') });
  expect(text).toContain('@@ -1,20000 +1,20000 @@');
  expect(text.match(/^-a/gm)).toHaveLength(20_000);
});

test('git applies it and gets the same files', async () => {
  const home = await mkdtemp(join(tmpdir(), 'blueprint-diff-'));
  const line = fc.constantFrom('a', 'b', 'c', '', ' ', 'x\r', '-- d', '+e', '\\ No newline', 'ü');
  const content = fc.option(
    fc
      .tuple(fc.array(line, { maxLength: 12 }), fc.boolean())
      .map(([lines, end]) => lines.join('\n') + (end ? '\n' : '')),
  );
  const path = fc.constantFrom(
    'a',
    'a b.js',
    'ünï/日本.md',
    'x/"q".txt',
    'deep/er/file',
    '-dash',
    'new\u00a0x',
  );
  let round = 0;
  try {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.record({ path, before: content, after: content }), {
          selector: (file) => file.path,
          minLength: 1,
        }),
        async (files) => {
          const folder = join(home, String(round++));
          await mkdir(folder);
          execFileSync('git', ['init', '-q'], { cwd: folder });
          const before: Files = {};
          const after: Files = {};
          for (const file of files) {
            before[file.path] = file.before;
            after[file.path] = file.after;
            if (file.before === null) continue;
            await mkdir(dirname(join(folder, file.path)), { recursive: true });
            await writeFile(join(folder, file.path), file.before);
          }
          const patch = diff(before, after);
          if (patch !== '')
            execFileSync(
              'git',
              ['-c', 'core.autocrlf=false', 'apply', '--whitespace=nowarn', '-'],
              { cwd: folder, input: patch },
            );
          for (const file of files) {
            const real = join(folder, file.path);
            expect(existsSync(real) ? await readFile(real, 'utf8') : null).toBe(file.after);
          }
        },
      ),
      { numRuns: 60 },
    );
  } finally {
    await rm(home, { recursive: true, force: true });
  }
});

test('a file that is no text is told to differ, as git does', () => {
  const after = new Map([
    ['gone.png', null],
    ['other.png', 'text\n'],
  ]);
  expect(unifiedDiff(new Map(), after, new Set(['gone.png', 'other.png']))).toBe(
    [
      'diff --git a/gone.png b/gone.png',
      'deleted file mode 100644',
      'Binary files a/gone.png and /dev/null differ',
      'diff --git a/other.png b/other.png',
      'Binary files a/other.png and b/other.png differ\n',
    ].join('\n'),
  );
});
