import { structuredPatch } from 'diff';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyBundle, unsafePaths } from '../../../src/text/bundle/apply.ts';
import type { FileBundle } from '../../../src/domain/bundle.ts';
import { bundleOf } from './bundles.ts';

type Files = Readonly<Record<string, string>>;

function reader(files: Files): (path: string) => Promise<string | null> {
  return (path) => Promise.resolve(files[path] ?? null);
}

async function changes(parts: Partial<FileBundle>, files: Files = {}): Promise<unknown> {
  const applied = await applyBundle(bundleOf(parts), reader(files));
  if ('faults' in applied) throw new Error(applied.faults.join('\n'));
  return Object.fromEntries(applied.changes);
}

async function faults(parts: Partial<FileBundle>, files: Files = {}): Promise<string> {
  const applied = await applyBundle(bundleOf(parts), reader(files));
  if ('changes' in applied) throw new Error('no fault');
  return applied.faults.join('\n');
}

const edit = (search: string, replace: string, path = 'a'): FileBundle['edits'][number] => ({
  path,
  search,
  replace,
});

describe('what is applied', () => {
  test('files, edits on the bundle’s own file, deletions', async () => {
    expect(
      await changes(
        {
          files: [{ path: 'new', content: 'one\n' }],
          edits: [edit('one', 'two', 'new'), edit('two', 'three', 'new'), edit('x', 'y', 'old')],
          deletions: ['gone'],
        },
        { old: 'x', gone: '', new: 'before\n' },
      ),
    ).toEqual({ new: 'three\n', old: 'y', gone: null });
  });

  test('what changes nothing is left out', async () => {
    expect(
      await changes(
        {
          files: [{ path: 'a', content: 'same' }],
          edits: [edit('x', 'y', 'b'), edit('y', 'x', 'b')],
        },
        { a: 'same', b: 'x' },
      ),
    ).toEqual({});
  });

  test('an empty file is not a missing one', async () => {
    expect(await changes({ files: [{ path: 'a', content: '' }] })).toEqual({ a: '' });
    expect(await changes({ deletions: ['a'] }, { a: '' })).toEqual({ a: null });
  });

  test('a dollar sign in the new text is only that', async () => {
    expect(await changes({ edits: [edit('x', "$& $1 $' $$")] }, { a: '-x-' })).toEqual({
      a: "-$& $1 $' $$-",
    });
  });

  test('the whole line at the margin is meant, not the inner one', async () => {
    expect(await changes({ edits: [edit('}\n', '};\n')] }, { a: '{\n  }\n}\n' })).toEqual({
      a: '{\n  }\n};\n',
    });
  });

  test.each([
    ['behind a byte order mark', '\ufeffa\nb\n', 'a\n', '\ufeffA\nb\n'],
    [
      'behind a byte order mark, with line ends of Windows',
      '\ufeffa\r\nb\r\n',
      'a\n',
      '\ufeffA\r\nb\r\n',
    ],
    ['behind a lone carriage return', 'x\ra\nb\n', 'a\n', 'x\rA\nb\n'],
    ['the only line of a file with a mark and no newline', '\ufeffa', 'a\n', '\ufeffA'],
  ])('a whole line is one %s', async (_name, before, search, after) => {
    expect(await changes({ edits: [edit(search, 'A\n')] }, { a: before })).toEqual({ a: after });
  });

  test('the last line of a file without final newline', async () => {
    expect(await changes({ edits: [edit('b\n', 'c\n')] }, { a: 'a\nb' })).toEqual({ a: 'a\nc' });
    expect(await changes({ edits: [edit('b\n', 'c\n')] }, { a: 'b\na\nb' })).toEqual({
      a: 'c\na\nb',
    });
  });
});

describe('line ends', () => {
  const windows = 'one\r\ntwo\r\nthree\r\n';
  test.each([
    ['LF on a CRLF file', windows, edit('one\ntwo\n', '1\n2\n'), '1\r\n2\r\nthree\r\n'],
    ['within a line of a CRLF file', windows, edit('two', 'a\nb'), 'one\r\na\r\nb\r\nthree\r\n'],
    ['CRLF on a LF file', 'one\ntwo\n', edit('one\r\ntwo\r\n', '1\r\n'), '1\n'],
    ['exact CRLF', windows, edit('two\r\n', '2\n'), 'one\r\n2\nthree\r\n'],
    ['a mixed file keeps each', 'a\nb\r\nc\n', edit('b\nc\n', 'B\nC\n'), 'a\nB\nC\n'],
    ['LF is turned into CRLF where that is asked', 'a\nb\n', edit('a\n', 'a\r\n'), 'a\r\nb\n'],
    ['the last line of a CRLF file', 'a\r\nb', edit('b\n', 'c\nd\n'), 'a\r\nc\r\nd'],
    ['lone carriage returns stay', 'a\rb\r\nc', edit('b\nc', 'd\ne'), 'a\rd\r\ne'],
  ])('%s', async (_name, before, change, after) => {
    expect(await changes({ edits: [change] }, { a: before })).toEqual({ a: after });
  });
});

describe('faults', () => {
  test('a search text that is not there comes with the nearest lines', async () => {
    const content = Array.from({ length: 50 }, (_, index) => `line ${index}`).join('\n');
    const file = `${content}\nfunction total(items) {\n  return items.length;\n}\n`;
    const fault = await faults(
      { edits: [edit('function total(items) {\n  return items.size;\n}\n', '')] },
      { a: file },
    );
    expect(fault).toContain('a: the search text was not found:\nfunction total(items) {');
    expect(fault).toContain('51| function total(items) {\n52|   return items.length;\n53| }');
    expect(fault).not.toContain('line 40');
  });

  test('a similar line is found though none is equal', async () => {
    const file = 'alpha\nbeta\nconst timeout = 5000;\ngamma\n';
    expect(await faults({ edits: [edit('const timeOut = 500;', '')] }, { a: file })).toContain(
      '3| const timeout = 5000;',
    );
  });

  test('an ambiguous search text comes with count and lines', async () => {
    expect(await faults({ edits: [edit('x', 'y')] }, { a: 'x\na\nx\nxx' })).toMatch(
      /found 4 times, in lines 1, 3, 4, 4;/,
    );
    expect(await faults({ edits: [edit('aa', 'y')] }, { a: 'aaa' })).toMatch(/found 2 times/);
  });

  test.each([
    ['lost indentation', 'return 1\n', 'f\n    return 1\ng\n', 'line 2'],
    ['the end of a longer word', 'one\n', 'else\nnone\n', 'line 2'],
    ['the last line without a newline', 'b\n', 'a\n  b', 'not found'],
    ['several places', 'x\n', ' x\n\tx\n', 'lines 1, 2'],
    ['line ends of Windows', 'return 1\n', 'f\r\n  return 1\r\n', 'line 2'],
  ])('whole lines are not looked for within others: %s', async (_name, search, before, told) => {
    expect(await faults({ edits: [edit(search, 'y\n')] }, { a: before })).toContain(told);
  });

  test('all faults are reported at once', async () => {
    const found = await faults(
      { edits: [edit('x', 'y', 'none'), edit('', 'y'), edit('q', 'r')], deletions: ['gone'] },
      { a: '' },
    );
    expect(found).toMatch(/none cannot be edited/);
    expect(found).toMatch(/no search text/);
    expect(found).toMatch(/the file is empty/);
    expect(found).toMatch(/gone cannot be deleted/);
  });

  test('text that cannot be written as UTF-8', async () => {
    expect(await faults({ files: [{ path: 'a', content: '\ud800' }] })).toMatch(/lone surrogate/);
  });

  test('contradictions', async () => {
    expect(await faults({ files: [{ path: 'a', content: '' }], deletions: ['a'] })).toMatch(
      /both written and deleted/,
    );
  });
});

describe('hostile paths are never read', () => {
  test.each([
    '../x',
    'a/../../x',
    '/etc/passwd',
    'C:/x',
    'C:\\x',
    '\\\\host\\share',
    '//host/share',
    'a\0b',
    '.git/config',
    '.GIT/config',
    'a/.Git/hooks/pre-commit',
    '.ｇｉｔ/config',
    'git~1/config',
    '.git./x',
    '.g\u200dit/config',
    '~/x',
    './x',
    'a//b',
    'a/',
    '',
    '.',
    '..',
    'con',
    'a/NUL.txt',
    'a.',
    'a ',
    'a:stream',
    'a\u202egpj.exe',
    '\ud800',
    'a/'.repeat(1000) + 'x',
  ])('%j', async (path) => {
    const never = (): Promise<never> => Promise.reject(new Error('was read'));
    for (const parts of [
      { files: [{ path, content: '' }] },
      { edits: [edit('x', 'y', path)] },
      { deletions: [path] },
      { files: [{ path: 'ok', content: '' }], tests: [path] },
    ]) {
      expect(unsafePaths(bundleOf(parts))).toMatchObject([{ path }]);
      const applied = await applyBundle(bundleOf(parts), never);
      expect(applied).toHaveProperty('faults');
    }
  });
});

test('the edits of a diff turn the base into the target', async () => {
  const word = fc
    .string({ unit: 'binary', maxLength: 6 })
    .map((text) => text.replace(/[\n\r\p{Surrogate}]/gu, ''));
  // Numbered, so that no line occurs twice and no search is ambiguous.
  const lines = fc
    .array(fc.record({ before: fc.option(word), after: fc.option(word) }), {
      minLength: 1,
      maxLength: 40,
    })
    .map((entries) => entries.map((entry, index) => ({ ...entry, index })));
  await fc.assert(
    fc.asyncProperty(
      lines,
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      async (entries, newline, raw) => {
        const text = (side: 'before' | 'after', end: string): string =>
          entries
            .filter((entry) => entry[side] !== null)
            .map((entry) => `${entry.index}:${entry[side]}${end}`)
            .join('');
        const [before, after] = [text('before', newline), text('after', newline)];
        const shown = raw ? newline : '\n';
        const { hunks } = structuredPatch(
          'a',
          'a',
          text('before', shown),
          text('after', shown),
          '',
          '',
          { context: 2 },
        );
        const side = (hunk: { lines: string[] }, sign: string): string =>
          hunk.lines
            .filter((line) => line.startsWith(sign) || line.startsWith(' '))
            .map((line) => `${line.slice(1)}\n`)
            .join('');
        const edits = hunks.map((hunk) => edit(side(hunk, '-'), side(hunk, '+')));
        fc.pre(edits.every(({ search }) => search !== ''));
        const applied = await applyBundle(bundleOf({ edits }), reader({ a: before }));
        expect(applied).toEqual({
          changes: before === after ? new Map() : new Map([['a', after]]),
        });
      },
    ),
  );
});

describe('a whole file keeps the form of the one that it replaces', () => {
  test.each([
    ['CRLF', 'one\r\ntwo\r\n', 'one\n2\n', 'one\r\n2\r\n'],
    ['CRLF without a last line end', 'one\r\ntwo', 'one\n2\n', 'one\r\n2'],
    ['a byte order mark', '\ufeffone\n', '1\n', '\ufeff1\n'],
    ['both', '\ufeffone\r\n', '1\n2\n', '\ufeff1\r\n2\r\n'],
    ['no final newline', 'one\ntwo', 'one\nthree\n', 'one\nthree'],
    ['a final newline', 'one\n', 'two', 'two\n'],
    ['CR alone', 'one\rtwo\r', 'one\n2\n', 'one\r2\r'],
    ['mixed line ends', 'a\r\nb\nc\r\n', 'a\nb\nC\n', 'a\r\nb\nC\r\n'],
    ['line ends of its own', 'one\r\n', 'one\r\n2\n', 'one\r\n2\n'],
    ['an empty file before', '', 'one', 'one'],
    ['no text any more', 'one\r\n', '', ''],
  ])('%s', async (_title, before, content, after) => {
    expect(await changes({ files: [{ path: 'a', content }] }, { a: before })).toEqual({ a: after });
  });

  test('what differs in form alone is no change', async () => {
    const files = [{ path: 'a', content: 'one\ntwo\n' }];
    expect(await changes({ files }, { a: '\ufeffone\r\ntwo' })).toEqual({});
  });
});

test('a file whose lines end in CR alone can be edited', async () => {
  expect(await changes({ edits: [edit('two\n', '2\n3\n')] }, { a: 'one\rtwo\rx\r' })).toEqual({
    a: 'one\r2\r3\rx\r',
  });
});

test('a file is renamed where its name changes in case alone', async () => {
  const files = [{ path: 'Readme.md', content: 'x\n' }];
  const base = { 'README.md': 'x\n' };
  expect(await changes({ files, deletions: ['README.md'] }, base)).toEqual({
    'Readme.md': 'x\n',
    'README.md': null,
  });
  expect(await faults({ files, deletions: ['Readme.md'] })).toMatch(/both written and deleted/);
});
