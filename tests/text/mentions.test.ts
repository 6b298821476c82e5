import { describe, expect, it } from 'vitest';
import { mentionsOf } from '../../src/text/mentions.ts';

/** As `path`, `path:from-to`, `name` or `owner.name`. */
function said(text: string): { paths: string[]; names: string[] } {
  const { paths, names } = mentionsOf(text);
  return {
    paths: paths.map(({ path, lines }) => [path, ...lines].join(':')),
    names: names.map(({ name, owner }) => (owner === null ? name : `${owner}.${name}`)),
  };
}

describe('files that a text names', () => {
  it.each<[string, string, string[]]>([
    ['a path', 'What does src/cart.ts do?', ['src/cart.ts']],
    ['a path at the end of a sentence', 'Look at ./src/cart.ts.', ['src/cart.ts']],
    ['a line', 'Why does src/cart.ts:12 throw?', ['src/cart.ts:12']],
    ['a line with a column', 'at total (/app/src/cart.ts:12:5)', ['app/src/cart.ts:12']],
    ['lines', 'see src/cart.ts:12-40', ['src/cart.ts:12:40']],
    ['lines as forges write them', 'see src/cart.ts#L12-L40', ['src/cart.ts:12:40']],
    ['a line as compilers write it', 'src/cart.ts(12,5): error TS2304', ['src/cart.ts:12']],
    ['a line as Python writes it', 'File "shop/cart.py", line 12, in total', ['shop/cart.py:12']],
    ['slashes of Windows', String.raw`in src\cart\price.ts now`, ['src/cart/price.ts']],
    ['a name alone', 'Is cart.ts pure?', ['cart.ts']],
    ['a hidden file', 'What is .eslintrc.json for?', ['.eslintrc.json']],
    ['a file without an ending', 'Tidy the Makefile', ['Makefile']],
    ['a link', 'as [here](docs/cart.md) is said', ['docs/cart.md']],
    ['brackets around it', 'the cart (src/cart.ts) is slow', ['src/cart.ts']],
    ['folders in brackets', 'in app/(shop)/[id]/page.tsx', ['app/(shop)/[id]/page.tsx']],
    ['backticks around a blank', 'open `my notes.txt`', ['my notes.txt', 'notes.txt']],
    ['no blank around it', '看看src/cart.ts的问题', ['看看src/cart.ts的问题', 'src/cart.ts']],
    ['another alphabet', 'Что делает данные/счёт.py?', ['данные/счёт.py']],
    ['an address', 'see https://example.com/src/cart.ts and ftp://a.b/c.txt', []],
    ['fractions, versions and the like', '3.14 of v1.2.3 and/or TCP/IP, 24/7, e.g. i.e. so', []],
    ['the same twice', 'src/cart.ts and src/cart.ts', ['src/cart.ts']],
    ['nothing', '', []],
  ])('%s', (_what, text, paths) => {
    expect(said(text).paths).toEqual(paths);
  });
});

describe('names of code that a text names', () => {
  it.each<[string, string, string[]]>([
    ['humps', 'How does parseDuration round?', ['parseDuration']],
    [
      'capitals with humps',
      'What is an HTTPServer or a StreamingApi?',
      ['HTTPServer', 'StreamingApi'],
    ],
    ['underscores', 'read_file and MAX_TOKENS', ['read_file', 'MAX_TOKENS']],
    ['emphasis', 'see _readFile_', ['_readFile_', 'readFile']],
    ['plain words in backticks', 'Why is `run` slower than `list`?', ['run', 'list']],
    ['a member in backticks', 'What does `Cart.total(items)` give?', ['Cart.total']],
    ['a path of names', 'is `shop::cart::total` pure', ['cart.total']],
    ['a call', 'Why does total() throw, and Cart.add()?', ['total', 'Cart.add']],
    ['a member with humps', 'session.readEvents is slow', ['readEvents']],
    ['no blank around it', '解释parseDuration函数', ['parseDuration']],
    ['another alphabet', 'Was macht größeBerechnen?', ['größeBerechnen']],
    ['code in a fence', '```js\nconst totalOf = run(items);\n```', ['totalOf']],
    ['plain words that are names, too', 'Please run the list and map each total', []],
    ['names of products', 'Is JavaScript on GitHub older than MySQL on macOS?', []],
    ['plurals of short forms', 'URLs, APIs, IDs and file(s)', []],
    ['nouns with capitals', 'Was ist der Unterschied zwischen Liste und Menge?', []],
    ['sums', 'What is 2+2?', []],
    ['a command in a code span that is no name', 'run `npm run build`', []],
    ['a path alone', 'open src/parseDuration.ts', []],
    ['nothing', '', []],
  ])('%s', (_what, text, names) => {
    expect(said(text).names).toEqual(names);
  });

  it.each(['.', 'a.', 'a+', '_', '(', '`a ', 'a/', '\\', 'x)'])('%s, many times, ends', (piece) => {
    const { paths, names } = mentionsOf(piece.repeat(100_000) + 'y');
    expect(paths.length + names.length).toBeLessThan(3);
  });

  it('is bounded', () => {
    const many = Array.from({ length: 2_000 }, (_, at) => `name_${at}`).join(' ');
    expect(mentionsOf(many).names).toHaveLength(200);
  });
});
