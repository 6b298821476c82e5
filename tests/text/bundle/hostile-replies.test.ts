import { describe, expect, test } from 'vitest';
import { applyBundle } from '../../../src/text/bundle/apply.ts';
import { parseFencedBundle } from '../../../src/text/bundle/fenced.ts';
import { parseJsonBundle } from '../../../src/text/bundle/json.ts';
import { replyBounds } from '../../../src/text/bundle/limits.ts';
import { placesOf } from '../../../src/text/bundle/locate.ts';
import { readObject } from '../../../src/models/generate-object.ts';
import { lenientPlanReply } from '../../../src/pipeline/plan-reply.ts';
import { reviewSchema } from '../../../src/domain/review.ts';
import { createMender } from '../../../src/text/mend-json.ts';
import { bundleOf } from './bundles.ts';

const editsOf = (count: number, search: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => ({ path: 'a', search: search(at), replace: 'x' }));

const apply = (count: number, search: (at: number) => string, content: string) =>
  applyBundle(bundleOf({ edits: editsOf(count, search) }), () => Promise.resolve(content));

describe('edits', () => {
  test('more than the bound are refused, in words that name it', async () => {
    expect(await apply(10_000, (at) => `${at}`, 'text')).toEqual({
      faults: ['The reply holds 10000 edits; at most 5000 are taken'],
      tooLarge: true,
    });
  });

  test('of a long file fewer are taken', async () => {
    const lines = Array.from({ length: 100_000 }, (_, at) => `line ${at};\n`);
    // A line end of Windows makes each character count for more.
    const result = await apply(1_000, (at) => `line ${at};`, `first\r\n${lines.join('')}`);
    expect(result).toMatchObject({ tooLarge: true });
    expect(result).toHaveProperty('faults.0', expect.stringContaining('300000000'));
  });

  test('the nearest lines are shown for the first that are missing', async () => {
    const result = await apply(200, (at) => `no such line ${at}`, 'const one = 1;\n'.repeat(9_000));
    const faults = 'faults' in result ? result.faults : [];
    expect(faults).toHaveLength(replyBounds.faults + 1);
    expect(faults.filter((fault) => fault.includes('nearest lines'))).toHaveLength(
      replyBounds.nearest,
    );
    expect(faults.at(-1)).toBe('There are 150 more faults like these.');
  });

  test('an abort ends them', async () => {
    const stop = new AbortController();
    const edits = editsOf(10, (at) => `${at}`);
    stop.abort();
    const done = applyBundle(bundleOf({ edits }), () => Promise.resolve('text'), stop.signal);
    await expect(done).rejects.toMatchObject({ code: 'interrupted' });
  });
});

describe('a search takes steps by the lengths of both texts', () => {
  const steps = (content: string, search: string): number => {
    let count = 0;
    placesOf(content, search, () => count++);
    return count;
  };
  test.each([
    ['a beginning that differs', (n: number) => ['a'.repeat(n), `b${'a'.repeat(n / 10)}`]],
    ['an end that differs', (n: number) => ['a'.repeat(n), `${'a'.repeat(n / 10)}b`]],
    ['lines that repeat', (n: number) => ['ab\n'.repeat(n / 3), `${'ab\n'.repeat(n / 9)}c`]],
  ])('%s', (_name, texts) => {
    for (const length of [9_000, 18_000, 36_000]) {
      const [content = '', search = ''] = texts(length);
      expect(placesOf(content, search)).toEqual([]);
      expect(steps(content, search)).toBeLessThan(3 * (content.length + search.length));
    }
  });

  test('places that overlap are found as before', () => {
    expect(placesOf('aaaa', 'aa').map(({ start }) => start)).toEqual([0, 1, 2]);
    expect(placesOf('abcabcab', 'abcab').map(({ start }) => start)).toEqual([0, 3]);
  });
});

describe('the fenced form', () => {
  const storms: [string, string][] = [
    ['edits without marks', 'EDIT: a\n```\nfoo\n```\n'],
    ['fences that nest without end', '```js a/b.js\n```js\n```\nDELETE: x\n'],
    ['thinking whose end stands in a sentence', '<think>\nso </think> it is\n'],
  ];
  test.each(storms)('a storm of %s is refused', (_name, unit) => {
    expect(parseFencedBundle(unit.repeat(30_000))).toMatchObject({ tooLarge: true });
  });

  test('tells the first of many faults', () => {
    const parsed = parseFencedBundle('FILE: a\n'.repeat(20_000));
    expect('faults' in parsed && parsed.faults).toHaveLength(replyBounds.faults + 1);
  });

  test.each([
    ['blanks in a quoted path', `FILE: "${' '.repeat(400_000)}x\n\`\`\`\nx\n\`\`\`\n`],
    ['a channel of one word', `<|channel|>${'a'.repeat(400_000)}`],
    ['blanks behind the final channel', `<|channel|>final<|message|>${' '.repeat(400_000)}x`],
  ])('%s are no trap for its patterns', (_name, text) => {
    expect(parseFencedBundle(text)).toBeDefined();
  });

  test('a longer text than the bound is not read', () => {
    expect(parseFencedBundle('a'.repeat(replyBounds.characters + 1))).toMatchObject({
      tooLarge: true,
    });
  });
});

describe('JSON', () => {
  test.each([
    ['words that are no JSON', `{"files": [${'/a '.repeat(40_000)}]}`],
    ['pairs without commas', `{"files": [${'"a" "b" '.repeat(100_000)}]}`],
    ['deep nesting', `{"files": ${'['.repeat(300_000)}${']'.repeat(300_000)}}`],
    ['many brackets that never close', '{'.repeat(1_000_000)],
  ])('%s are a fault', (_name, text) => {
    expect(parseJsonBundle(text)).toHaveProperty('faults');
    expect(readObject(text, reviewSchema)).toHaveProperty('faults');
  });

  test('a long text is mended in a thread', () => {
    const files = Array.from({ length: 200 }, (_, at) => ({ path: `a${at}`, content: 'x\n' }));
    const written = JSON.stringify(bundleOf({ files })).replace(/\}$/, ',}');
    expect(parseJsonBundle(written)).toMatchObject({ bundle: { files } });
  });

  test('what takes longer than its time is not mended', () => {
    const mend = createMender(0);
    expect(() => mend(`{a: ${'1 '.repeat(2_000)}}`)).toThrow('takes too long');
  });

  test('the first of many wrong entries are told', () => {
    const findings = Array.from({ length: 20_000 }, () => ({ a: 1 }));
    const read = readObject(JSON.stringify({ verdict: 'approve', findings }), reviewSchema);
    expect(read).toHaveProperty('faults', expect.stringMatching(/more faults like these/));
    const plan = JSON.stringify({ requirements: [], tasks: findings });
    const many = expect.stringMatching(/may be more faults like these/) as string;
    expect(readObject(plan, lenientPlanReply)).toHaveProperty('faults', many);
    const files = Array.from({ length: 20_000 }, () => ({}));
    const told = parseJsonBundle(JSON.stringify({ ...bundleOf({}), files }));
    expect(told).toHaveProperty('faults.length', replyBounds.faults + 1);
  });

  test.each([
    ['entries', { tasks: Array.from({ length: replyBounds.values }, () => ({ a: 1 })) }],
    ['entries of one', { tasks: [{ dependsOn: new Array(replyBounds.values).fill(1) }] }],
    [
      'keys',
      {
        tasks: [Object.fromEntries([...new Array(replyBounds.values).keys()].map((at) => [at, 1]))],
      },
    ],
  ])('with more %s than are taken is not worked on', (_name, value) => {
    const text = JSON.stringify({ requirements: [], ...value });
    expect(readObject(text, lenientPlanReply)).toMatchObject({ tooLarge: true });
    expect(parseJsonBundle(text.replace('tasks', 'files'))).toMatchObject({ tooLarge: true });
  });
});
