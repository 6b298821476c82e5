import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { taskSchema } from '../../src/domain/task.ts';
import { exactCheck, keyCount } from '../../src/text/exact-check.ts';
import { task } from '../state/fixtures.ts';

const trimmed = z.string().trim();
const kinds: readonly [string, z.ZodType, readonly unknown[]][] = [
  ['text', z.string().min(2), ['ab', 'a', '', 1, null]],
  ['a pattern', z.string().regex(/^a+$/), ['aa', 'b']],
  ['a pattern that remembers', z.string().regex(/a/g), ['a', 'a', 'b']],
  ['text that is changed', trimmed, ['a', ' a']],
  ['an address', z.url(), ['https://example.org/', 'nothing']],
  ['a whole number', z.int().min(1).max(10), [1, 10, 0, 11, 1.5, NaN, '1']],
  ['a number', z.number().gt(0).lt(1), [0.5, 0, 1]],
  ['a multiple', z.number().multipleOf(5), [10, 3]],
  ['true or false', z.boolean(), [true, 'true']],
  ['one of some', z.enum(['a', 'b']), ['a', 'c']],
  ['a literal', z.literal([1, 'x']), [1, 'x', 2]],
  ['what may be null', z.string().nullable(), [null, 'a', undefined]],
  ['a default', z.string().default('a'), ['b', undefined]],
  ['a list', z.array(z.int()).max(2), [[], [1], [1, 2, 3], {}]],
  ['either of two', z.union([z.string(), z.int()]), ['a', 1, true]],
  ['a record', z.record(z.string(), z.int()), [{ a: 1 }, { a: 'b' }, []]],
  ['a loose object', z.object({ a: z.int() }), [{ a: 1 }, { a: 1, b: 2 }, {}]],
  [
    'an object',
    z.strictObject({
      a: z.int().optional(),
      b: z.strictObject({ c: z.int() }),
      d: z.int().optional(),
    }),
    [
      { a: 1, b: { c: 1 }, d: 1 },
      { b: { c: 1 } },
      { b: { c: 1 }, d: 1 },
      { b: { c: 1 }, a: 1 },
      { a: 1 },
      { b: { c: 1, x: 1 } },
      { b: null },
      [],
      null,
    ],
  ],
];

test.each(kinds)('says yes to %s exactly where parsing changes nothing', (_, schema, values) => {
  const check = exactCheck(schema);
  for (const value of values) {
    const parsed = z.safeParse(schema, value);
    const same = parsed.success && JSON.stringify(parsed.data) === JSON.stringify(value);
    expect([value, check(value)]).toEqual([value, same ? keyCount(value) : -1]);
  }
});

describe('a field that is added to the schema of a task', () => {
  const link = z.strictObject({ kind: z.enum(['issue', 'pull']), number: z.int().min(1) });
  const check = exactCheck(taskSchema.extend({ links: z.array(link).default([]) }));

  test('is checked like the others, by nothing but its line there', () => {
    const links = [{ kind: 'issue', number: 3 }];
    expect(check({ ...task('T1'), links })).toBe(keyCount({ ...task('T1'), links }));
    expect(check(task('T1'))).toBe(-1);
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const parsed = z.array(link).safeParse(value);
        const exact = parsed.success && JSON.stringify(parsed.data) === JSON.stringify(value);
        expect(check({ ...task('T1'), links: value }) !== -1).toBe(exact);
      }),
    );
  });
});
