import { expect, test } from 'vitest';
import { chunksOf, type Chunk } from '../../src/repository/chunks.ts';
import { readText } from './read-text.ts';

async function chunked(path: string, text: string): Promise<Chunk[]> {
  return chunksOf(path, text, await readText(path, text));
}

const places = (chunks: readonly Chunk[]): string[] =>
  chunks.map(({ line, endLine, heading }) => `${line}-${endLine} ${heading ?? '-'}`);

const body = (lines: number): string => '  work();\n'.repeat(lines);

test('code ends at what it declares; short ones go together', async () => {
  const text = [
    `import a from './a.ts';\n\n`,
    `function one() {\n${body(20)}}\n\n`,
    `// Of two.\nfunction two() {\n${body(3)}}\n\n`,
    `function three() {\n${body(30)}}\n`,
  ].join('');
  expect(places(await chunked('a.ts', text))).toEqual(['1-24 one', '25-64 two']);
});

test('a long class is split at its methods', async () => {
  const methods = Array.from({ length: 6 }, (_, index) => `  m${index}() {\n${body(18)}  }\n`).join(
    '',
  );
  expect(places(await chunked('a.ts', `class Store {\n${methods}}\n`))).toEqual([
    '1-41 Store',
    '42-101 Store.m2',
    '102-122 Store.m5',
  ]);
});

test('a function of many lines is cut at a blank one, else where it must be', async () => {
  const text = `function one() {\n${body(40)}\n${body(90)}}\n`;
  expect(places(await chunked('a.ts', text))).toEqual(['1-42 one', '43-102 one', '103-133 one']);
});

test('Markdown ends before headings, not at those in code', async () => {
  const prose = 'Words.\n'.repeat(12);
  const text = `# Top\n${prose}## One\n\`\`\`sh\n# no heading\n\`\`\`\n${prose}### Deep\n${prose}## Two\nshort\n`;
  expect(places(await chunked('a.md', text))).toEqual([
    '1-13 Top',
    '14-29 Top › One',
    '30-44 Top › One › Deep',
  ]);
});

test('other texts end at blank lines', async () => {
  const text = `${'a: 1\n'.repeat(15)}\n${'b: 2\n'.repeat(70)}`;
  expect(places(await chunked('a.yaml', text))).toEqual(['1-16 -', '17-76 -', '77-86 -']);
});

test('a long line is cut, an empty text has no chunk', async () => {
  const [chunk] = await chunked('a.txt', 'x'.repeat(100_000));
  expect(chunk?.text).toBe(`${'x'.repeat(500)}…`);
  expect(await chunked('a.txt', '')).toEqual([]);
});

test.each(['a.ts', 'a.md', 'a.txt', 'a.py'])('all lines of %s are covered once', async (path) => {
  const text = Array.from({ length: 500 }, (_, index) =>
    ['# head', 'def a():', '  pass', '', 'function b() {', '}', 'class C {', '  m() {}', '}'].at(
      (index * 7) % 9,
    ),
  ).join('\r\n');
  const chunks = await chunked(path, text);
  let next = 1;
  for (const { line, endLine } of chunks) {
    expect(line).toBe(next);
    expect(endLine - line).toBeLessThan(60);
    next = endLine + 1;
  }
  expect(next).toBe(501);
  expect(chunks.map((chunk) => chunk.text).join('\n')).toBe(text.replaceAll('\r', ''));
});
