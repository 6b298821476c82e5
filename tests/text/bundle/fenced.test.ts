import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fencedInstructions } from '../../../src/text/bundle/fenced-instructions.ts';
import { parseFencedBundle } from '../../../src/text/bundle/fenced.ts';
import { renderFencedBundle } from '../../../src/text/bundle/render-fenced.ts';
import { anyBundle, bundleOf } from './bundles.ts';

function bundle(text: string): ReturnType<typeof bundleOf> {
  const parsed = parseFencedBundle(text);
  if ('faults' in parsed) throw new Error(parsed.faults.join('\n'));
  return parsed.bundle;
}

function faults(text: string): string {
  const parsed = parseFencedBundle(text);
  if ('bundle' in parsed) throw new Error(`no fault: ${JSON.stringify(parsed.bundle)}`);
  return parsed.faults.join('\n');
}

const file = (path: string, content: string): { path: string; content: string } => ({
  path,
  content,
});

test('any bundle survives being written and read', () => {
  fc.assert(
    fc.property(anyBundle, (given) => {
      expect(parseFencedBundle(renderFencedBundle(given))).toEqual({ bundle: given });
    }),
    { numRuns: 2000 },
  );
});

test('all directives are read, the rest is notes', () => {
  const text = `I will do it.

FILE: src/duration.js
\`\`\`\`js
export const a = 1;

export const b = 2;
\`\`\`\`

EDIT: package.json
\`\`\`\`
<<<<<<< SEARCH
  "a": 1
=======
  "a": 2
>>>>>>> REPLACE

<<<<<<< SEARCH
  "b": 1
=======
>>>>>>> REPLACE
\`\`\`\`

DELETE: old/file.js
TEST: test/duration.test.js
COMMAND: node --test
That is all.
`;
  expect(bundle(text)).toEqual({
    files: [file('src/duration.js', 'export const a = 1;\n\nexport const b = 2;\n')],
    edits: [
      { path: 'package.json', search: '  "a": 1\n', replace: '  "a": 2\n' },
      { path: 'package.json', search: '  "b": 1\n', replace: '' },
    ],
    deletions: ['old/file.js'],
    tests: ['test/duration.test.js'],
    commands: ['node --test'],
    notes: 'I will do it.\n\nThat is all.',
  });
});

test('the instructions are an example that can be read', () => {
  expect(bundle(fencedInstructions)).toMatchObject({
    files: [{ path: 'src/duration.js' }],
    edits: [{ path: 'package.json', search: 'old lines\n', replace: 'new lines\n' }],
    deletions: ['old/file.js'],
    tests: ['test/duration.test.js'],
    commands: ['node --test'],
  });
  expect(parseFencedBundle(fencedInstructions)).toMatchObject({
    renames: [{ from: 'a.js', to: 'src/a.js' }],
  });
});

describe('usual slips of models are read as they were meant', () => {
  const body = '\n```js\nx\n```\n';
  test.each([
    ['path in backticks', `FILE: \`src/a.js\`${body}`],
    ['all in bold', `**FILE: src/a.js**${body}`],
    ['keyword in bold', `**FILE:** src/a.js${body}`],
    ['bold and backticks', `**FILE: \`src/a.js\`**${body}`],
    ['a heading', `### FILE: src/a.js${body}`],
    ['a heading with backticks', `### FILE: \`src/a.js\`${body}`],
    ['a list item', `1. FILE: src/a.js${body}`],
    ['a wide colon', `FILE：src/a.js${body}`],
    ['lower case', `file: src/a.js${body}`],
    ['title case', `File: src/a.js${body}`],
    ['file name', `Filename: src/a.js${body}`],
    ['file path', `File path: src/a.js${body}`],
    ['a dot segment', `FILE: ./src/a.js${body}`],
    ['a remark', `FILE: src/a.js (new)${body}`],
    ['a trailing colon', `FILE: src/a.js:${body}`],
    ['a blank line before the fence', `FILE: src/a.js\n${body}`],
    ['tildes', 'FILE: src/a.js\n~~~js\nx\n~~~\n'],
    ['a longer closing fence', 'FILE: src/a.js\n```js\nx\n`````\n'],
    ['an indented fence', 'FILE: src/a.js\n  ```js\n  x\n  ```\n'],
    ['path in the info string', '```js src/a.js\nx\n```\n'],
    ['path after a colon in the info string', '```js:src/a.js\nx\n```\n'],
    ['path as title', '```js title="src/a.js"\nx\n```\n'],
    ['path as the info string', '```src/a.js\nx\n```\n'],
    ['path in the info string below an empty FILE', 'FILE:\n```js src/a.js\nx\n```\n'],
    ['the whole reply in a fence', '````\nFILE: src/a.js\n```js\nx\n```\n````\n'],
    ['CRLF throughout', `FILE: src/a.js${body}`.replaceAll('\n', '\r\n')],
    ['no newline at the end', `FILE: src/a.js${body}`.trimEnd()],
  ])('%s', (_name, text) => {
    expect(bundle(text)).toEqual(bundleOf({ files: [file('src/a.js', 'x\n')] }));
  });

  test.each([
    ['no fence', 'EDIT: a.js\n<<<<<<< SEARCH\nx\n=======\ny\n>>>>>>> REPLACE\n'],
    [
      'path in the info string',
      '```js a.js\n<<<<<<< SEARCH\nx\n=======\ny\n>>>>>>> REPLACE\n```\n',
    ],
    [
      'CRLF',
      'EDIT: a.js\r\n```\r\n<<<<<<< SEARCH\r\nx\r\n=======\r\ny\r\n>>>>>>> REPLACE\r\n```\r\n',
    ],
  ])('edit with %s', (_name, text) => {
    expect(bundle(text).edits).toEqual([{ path: 'a.js', search: 'x\n', replace: 'y\n' }]);
  });

  test('each block of an edit in a fence of its own', () => {
    const one = '```\n<<<<<<< SEARCH\nx\n=======\ny\n>>>>>>> REPLACE\n```\n';
    expect(bundle(`EDIT: a.js\n${one}\n${one}`).edits).toHaveLength(2);
  });
});

describe('contents', () => {
  test('an underscore path is not taken for emphasis', () => {
    expect(bundle('FILE: pkg/__init__.py\n```py\n```\n').files).toEqual([
      file('pkg/__init__.py', ''),
    ]);
  });

  test('one empty line is not an empty file', () => {
    expect(bundle('FILE: a\n```\n\n```\n').files).toEqual([file('a', '\n')]);
  });

  test('carriage returns of a file are kept', () => {
    expect(bundle('FILE: a\n```\nx\r\ny\r\n```\n').files).toEqual([file('a', 'x\r\ny\r\n')]);
  });

  test('inner fences of the same length are paired where that is sound', () => {
    const text =
      'FILE: README.md\n```md\n# A\n```bash\nnpm i\n```\nmore\n```\n\nFILE: b.js\n```js\nb\n```\n';
    expect(bundle(text).files).toEqual([
      file('README.md', '# A\n```bash\nnpm i\n```\nmore\n'),
      file('b.js', 'b\n'),
    ]);
  });

  test('an inner fence that ends the file is paired too', () => {
    const text = 'FILE: README.md\n```md\n# A\n```bash\nnpm i\n```\n```\nDone.\n';
    expect(bundle(text).files).toEqual([file('README.md', '# A\n```bash\nnpm i\n```\n')]);
  });

  test('a lone inner fence line in code does not swallow the next file', () => {
    const text = 'FILE: a.js\n```js\nconst f = `\n```json`;\n```\nFILE: b.js\n```js\nb\n```\n';
    expect(bundle(text).files).toEqual([
      file('a.js', 'const f = `\n```json`;\n'),
      file('b.js', 'b\n'),
    ]);
  });

  test('fenced examples in the notes are no files', () => {
    const parsed = bundle('FILE: a.js\n```js\na\n```\nRun it:\n```sh\nnode a.js\n```\n');
    expect(parsed.files).toHaveLength(1);
    expect(parsed.notes).toContain('node a.js');
  });

  test('examples in the notes behind other lines, or shorter than the files’ fences', () => {
    const example = 'Run it:\n```\nnode a.js\n```\n';
    const behind = bundle(`FILE: a.js\n\`\`\`js\na\n\`\`\`\n\nTEST: a.test.js\n\n${example}`);
    expect(behind).toMatchObject({ files: [file('a.js', 'a\n')], tests: ['a.test.js'] });
    const shorter = bundle(`FILE: a.js\n\`\`\`\`js\na\n\`\`\`\`\n\n${example}`);
    expect(shorter.files).toEqual([file('a.js', 'a\n')]);
  });

  test('edits hold fences of any kind', () => {
    const edit = '<<<<<<< SEARCH\n```\na\n```\n=======\n```\nb\n```\n>>>>>>> REPLACE\n';
    const [search, replace] = ['```\na\n```\n', '```\nb\n```\n'];
    expect(bundle(`EDIT: README.md\n\`\`\`\n${edit}\`\`\`\nDone.\n`).edits).toEqual([
      { path: 'README.md', search, replace },
    ]);
  });

  describe.each(['```', '````', '~~~', '~~~~~'])('a fence of %s within a file', (f) => {
    const longer = `${f}${f.charAt(0)}`;
    const body = `Answer so:\n\n${f}\nint main() {}\n${f}\n\nThen list it.\nEND\n`;
    test.each([
      ['a prompt', 'prompts/review.txt', body],
      ['Quarto', 'report.qmd', body],
      ['Cursor', 'rules.mdc', body],
      ['Markdown', 'README.md', body],
      ['without an extension', 'Dockerfile', `RUN cat <<E\n${f}\nx\n${f}\nE\n# END\n`],
      ['HTML', 't.html', `<pre>\n${f}\nx\n${f}\n</pre>\n<p>END</p>\n`],
      ['YAML', 'c.yaml', `prompt: |\n  So:\n  ${f}\n  x\n  ${f}\n  END\nfile: a.js\nTEST: 1\n`],
      ['a template literal', 'p.js', `export const p = \`\n${f}\nx\n${f}\nEND\`;\n`],
      ['a docstring', 'm.py', `"""Doc.\n\n${f}\none()\n${f}\n"""\nEND = 1\n`],
      ['a labelled one first', 'a.txt', `${f}c\nx\n${f}\n\n${f}\ny\n${f}\nEND\n`],
      ['a single one', 'a.txt', `x\n${f}\nEND\n`],
      ['a longer one', 'a.txt', `x\n${longer}\ny\n${longer}\nEND\n`],
      ['at its begin and end', 'a.txt', `${f}\nx\n${f}\n`],
    ])('never cuts it: %s', (_, path, content) => {
      for (const tail of ['', 'Done.\n', `\nFILE: b.js\n${f}\nb\n${f}\n`]) {
        for (const info of ['', 'text']) {
          const parsed = parseFencedBundle(`FILE: ${path}\n${f}${info}\n${content}${f}\n${tail}`);
          const [first] = 'bundle' in parsed ? parsed.bundle.files : [];
          // Whole or sent back.
          expect(first?.content ?? content).toBe(content);
        }
      }
    });
  });

  test('prose that says «file:» is no fault', () => {
    expect(bundle('File: see below\n\nFILE: a\n```\n```\n').notes).toBe('File: see below');
  });
});

describe('faults name the file and the line', () => {
  test.each([
    ['no file at all', 'I cannot do that.', /holds no file/],
    ['empty', '', /holds no file/],
    [
      'cut short',
      'FILE: src/a.js\n```js\nconst a',
      /FILE: src\/a\.js.*line 2.*never closed.*cut short/,
    ],
    [
      'cut short in the second file',
      'FILE: a.js\n```js\na\n```\nFILE: b.js\n```js\nb\n',
      /b\.js.*never closed/,
    ],
    [
      'the first is not closed',
      'FILE: a.js\n```js\na\nFILE: b.js\n```js\nb\n```\n',
      /FILE: a\.js.*never closed/,
    ],
    [
      'the first is not closed, and no language is named',
      'FILE: a.js\n```\na\nFILE: b.js\n```\nb\n```\n',
      /FILE: a\.js.*never closed/,
    ],
    [
      'the first is not closed, with long fences',
      'FILE: a.js\n````\na\nFILE: b.js\n````\nb\n````\n',
      /never closed/,
    ],
    [
      'an example that is not closed',
      'FILE: a\n```\n```\nRun:\n```sh\nnode',
      /line 5 is never closed/,
    ],
    ['twice', 'FILE: a\n```\n1\n```\nFILE: a\n```\n2\n```\n', /a is given twice/],
    [
      'twice by case',
      'FILE: A.js\n```\n```\nFILE: a.js\n```\n```\n',
      /a\.js and A\.js are one file/,
    ],
    ['twice by normalisation', 'FILE: \u00e9\n```\n```\nFILE: e\u0301\n```\n```\n', /are one file/],
    ['written and deleted', 'FILE: a\n```\n```\nDELETE: a\n', /both written and deleted/],
    ['no fence', 'FILE: src/a.js\nconst a = 1;\n', /src\/a\.js \(line 1\) has no fenced block/],
    ['an edit without blocks', 'EDIT: a\n```\nx\n```\n', /«x» where <<<<<<< SEARCH/],
    ['an empty edit', 'EDIT: a\n```\n```\n', /holds no SEARCH/],
    [
      'an edit without its end',
      'EDIT: a\n```\n<<<<<<< SEARCH\nx\n=======\n```\n',
      /without its >>>/,
    ],
    [
      'an edit without divider',
      'EDIT: a\n```\n<<<<<<< SEARCH\nx\n>>>>>>> REPLACE\n```\n',
      /exactly one line =======.*not 0/,
    ],
    [
      'an edit with two dividers',
      'EDIT: a\n```\n<<<<<<< SEARCH\nA\n=======\nx\n=======\ny\n>>>>>>> REPLACE\n```\n',
      /exactly one line =======.*not 2/,
    ],
    ['a search block of no file', '```\n<<<<<<< SEARCH\nx\n', /names no file/],
    [
      'code whose end cannot be told from an example',
      'FILE: a.js\n```js\na\n```\nRun it:\n```\nnode a.js\n```\n',
      /a\.js.*any of several lines.*more than 3/,
    ],
    [
      'markdown whose end cannot be told',
      'FILE: README.md\n```md\n# A\n```\nnpm i\n```\nend\n```\n',
      /README\.md.*any of several lines.*more than 3/,
    ],
  ])('%s', (_name, text, expected) => {
    expect(faults(text)).toMatch(expected);
  });

  test('a hostile path is shown without what drives a terminal', () => {
    expect(faults('FILE: a\u001b[2J\n```\n')).not.toContain('\u001b');
  });
});

// Each would take hours were a part of the text looked at again and again.
test.each([
  ['unsound blocks', 'FILE: a\n```\n```js\n```js\n```js\n```\n'.repeat(20_000)],
  ['a path of spaces', `FILE: a${' '.repeat(400_000)}b\n`],
  ['a path of quotes', `FILE: a${'`'.repeat(400_000)}b\n`],
  ['an info string of spaces', `\`\`\`a${' '.repeat(400_000)}b/c\n`],
  ['many edits without an end', `EDIT: a\n\`\`\`\n${'<<<<<<< SEARCH\n'.repeat(100_000)}`],
])('a long reply ends: %s', (_name, text) => {
  expect(faults(text)).not.toBe('');
});

test('a hundred thousand edits of one file are read', () => {
  const one = '<<<<<<< SEARCH\nx\n=======\ny\n>>>>>>> REPLACE\n';
  expect(bundle(`EDIT: a\n\`\`\`\n${one.repeat(100_000)}\`\`\`\n`).edits).toHaveLength(100_000);
});

test('notes may be as long as a reply can be', () => {
  const lines = 'one more line\n'.repeat(300_000);
  const text = `As it was:\n\n\`\`\`\`\n${lines}\`\`\`\`\n\nFILE: a.txt\n\`\`\`\na\n\`\`\`\n`;
  expect(bundle(text).files).toEqual([file('a.txt', 'a\n')]);
});

describe('paths without a directive', () => {
  const block = '```py\nx = 1\n```\n';
  test.each([
    'src/n.py\n',
    '**src/n.py**\n',
    '### `src/n.py`\n\n',
    '1. `src/n.py`:\n\n',
    'CREATE: src/n.py\n',
    '**NEW FILE:** `src/n.py`\n',
    'FILE: [src/n.py](src/n.py)\n',
    'FILE: <src/n.py>\n',
    'FILE: `src/n.py` (new)\n',
  ])('%j names the file of the block below', (line) => {
    expect(bundle(`Sure.\n\n${line}${block}`).files).toEqual([file('src/n.py', 'x = 1\n')]);
  });

  test('beside files that are named, such a block is told, and stays in the notes', () => {
    const parsed = parseFencedBundle(
      `FILE: a.py\n${block}\n\`b.py\`:\n${block}\n\`a.py\`:\n${block}`,
    );
    expect(parsed).toMatchObject({
      unnamed: ['b.py'],
      bundle: { files: [file('a.py', 'x = 1\n')] },
    });
  });

  test('words are no paths, and an answer in words holds no files', () => {
    expect(faults(`The result is e.g. this:\n${block}`)).toContain('holds no file');
    const parsed = parseFencedBundle(`src/n.py\n${block}`, { mayHoldNoFiles: true });
    expect(parsed).toMatchObject({ bundle: { files: [] } });
    expect(parsed).not.toHaveProperty('unnamed');
  });

  test('a path above SEARCH names what is edited', () => {
    const edit = '<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n';
    const { edits } = bundle(`a.py\n\`\`\`\n${edit}\`\`\`\n\n**b.py**\n\`\`\`\n${edit}\`\`\`\n`);
    expect(edits.map(({ path }) => path)).toEqual(['a.py', 'b.py']);
  });
});

test.each([
  'DELETE old/a.js',
  'Delete: old/a.js',
  '**DELETE:** `old/a.js` (no longer used)',
  'REMOVE: old/a.js',
  'DELETE FILE: old/a.js',
  'DELETED: old/a.js',
  'DELETE:\n- old/a.js',
  'DELETE:\n\n* `old/a.js`',
])('%j is a deletion', (line) => {
  expect(bundle(`Here.\n\n${line}\n`).deletions).toEqual(['old/a.js']);
});

test.each(['Delete: the old form', 'TESTS: all of them pass', 'DELETE everything'])(
  '%j is none',
  (line) => {
    const { deletions, tests } = bundle(`FILE: a.js\n\`\`\`\na\n\`\`\`\n\n${line}\n`);
    expect([...deletions, ...tests]).toEqual([]);
  },
);

test('a diff is told to be one', () => {
  expect(faults('```diff\n--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n-a\n+b\n```\n')).toContain(
    'A diff is not read',
  );
  expect(faults('*** Begin Patch\n*** Update File: a.py\n@@\n-a\n+b\n')).toContain(
    'A patch is not read',
  );
});

test.each([
  'RENAME: a.js -> b/a.js',
  '**RENAME:** `a.js` → `b/a.js`',
  'MOVE: a.js to b/a.js',
  'RENAME FILE: a.js b/a.js',
  'Rename: a.js => b/a.js',
])('%j is a rename', (line) => {
  expect(parseFencedBundle(`Here.\n\n${line}\n`)).toMatchObject({
    renames: [{ from: 'a.js', to: 'b/a.js' }],
  });
});

test('a rename without two paths is told', () => {
  expect(faults('RENAME: a.js\n')).toContain('names no two paths');
});
