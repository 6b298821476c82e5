import { describe, expect, test } from 'vitest';
import { InterruptedError } from '../../src/domain/errors.ts';
import { readSyntax } from '../../src/syntax/read-syntax.ts';

const limitMs = 20_000;
/** Once the Swift parser is told to stop in this, it is deaf for many seconds. */
const deaf = '"\\('.repeat(100_000);
/** The Rust parser reads this for many seconds, and breaks at the end. */
const endless = '%w('.repeat(8_000);
const long = (text: string): string => `${text}${'\n'.repeat(3_000)}`;

describe.each([
  ['a short text', (text: string) => text],
  ['a long one', long],
])('what is read of %s', (_, sized) => {
  test('errors of code', async () => {
    const job = {
      kind: 'errors',
      grammar: 'typescript',
      text: sized('let a = ;'),
      limitMs,
    } as const;
    expect(await readSyntax(job)).toEqual([{ line: 1, message: 'cannot read «=»' }]);
  });

  test('names that it defines', async () => {
    const text = sized('export function f(a, b) {}\nconst g = x => x;');
    const found = await readSyntax({ kind: 'definitions', grammar: 'javascript', text, limitMs });
    expect(found).toEqual([
      { name: 'f', kind: 'callable', exported: true, parameters: 'a, b', line: 1 },
      { name: 'g', kind: 'callable', exported: false, parameters: 'x', line: 2 },
    ]);
  });

  test('matches of queries', async () => {
    const queries = [{ query: '(identifier) @name', depth: 3 }];
    const text = sized('a = b');
    const job = { kind: 'matches', grammar: 'python', queries, text, limitMs } as const;
    const { matches, problem } = await readSyntax(job);
    expect(problem).toBeNull();
    expect(
      matches
        .flat()
        .map(({ start, end }) => text.slice(start, end))
        .sort(),
    ).toEqual(['a', 'b']);
  });

  test('tests of Rust', async () => {
    const text = sized('#[test]\n#[ignore]\nfn a() {}\n#[test]\nfn b() {}\nfn c() {}');
    expect(await readSyntax({ kind: 'rust-tests', text, limitMs })).toEqual([
      { name: 'a', ignored: true },
      { name: 'b', ignored: false },
    ]);
  });

  test('errors of data', async () => {
    const yaml = await readSyntax({ kind: 'yaml-errors', text: sized('a: [1'), limitMs });
    expect(yaml[0]).toMatchObject({ line: expect.any(Number) as number });
    const toml = await readSyntax({ kind: 'toml-errors', text: sized('a = '), limitMs });
    expect(toml).toMatchObject([{ line: 1 }]);
    expect(await readSyntax({ kind: 'toml-errors', text: sized('a = 1'), limitMs })).toEqual([]);
  });

  test('a query that the grammar does not know is an error', async () => {
    const queries = [{ query: '(function_declaration) @a' }];
    const job = { kind: 'matches', grammar: 'python', queries, text: sized('a'), limitMs } as const;
    await expect(readSyntax(job)).rejects.toThrow(/function_declaration/);
  });

  test('an interrupt before it begins', async () => {
    const job = { kind: 'errors', grammar: 'go', text: sized('package a'), limitMs } as const;
    await expect(readSyntax(job, AbortSignal.abort())).rejects.toThrow(InterruptedError);
  });
});

describe('a text that keeps its parser busy', () => {
  test('is given up at its limit, and others are read meanwhile and afterwards', async () => {
    const job = { kind: 'errors', grammar: 'swift', text: deaf, limitMs: 20 } as const;
    const given = expect(readSyntax(job)).rejects.toThrow('reading it took more than 20 ms');
    const others = Array.from({ length: 5 }, () =>
      readSyntax({ kind: 'errors', grammar: 'swift', text: long('let a = 1'), limitMs }),
    );
    expect(await Promise.all(others)).toEqual([[], [], [], [], []]);
    await given;
    const after = { kind: 'errors', grammar: 'swift', text: long('let = = 1'), limitMs } as const;
    expect(await readSyntax(after)).not.toEqual([]);
  });

  test('breaks it, and the next text is read by another', async () => {
    const job = { kind: 'errors', grammar: 'rust', text: endless, limitMs } as const;
    await expect(readSyntax(job)).rejects.toThrow();
    const after = { kind: 'errors', grammar: 'rust', text: long('fn a() {}'), limitMs } as const;
    expect(await readSyntax(after)).toEqual([]);
  });

  test('and all that wait behind it end with an interrupt', async () => {
    const control = new AbortController();
    const job = { kind: 'errors', grammar: 'rust', text: endless, limitMs } as const;
    const asked = Array.from({ length: 5 }, () => readSyntax(job, control.signal));
    const ended = Promise.allSettled(asked);
    await new Promise((resolve) => setTimeout(resolve, 100));
    control.abort();
    for (const outcome of await ended)
      expect(outcome).toMatchObject({ reason: expect.any(InterruptedError) as InterruptedError });
    const after = { kind: 'errors', grammar: 'swift', text: long('let a = 1'), limitMs } as const;
    expect(await readSyntax(after)).toEqual([]);
  });
});
