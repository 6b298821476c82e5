import { expect, test } from 'vitest';
import { knownJson } from '../../src/text/kept-json.ts';
import {
  entryOf,
  inOrder,
  manifestSchema,
  manifestText,
  withEntries,
  type Entries,
} from '../../src/workspace/manifest.ts';

const list = [
  ['a', '1'],
  ['b/c', '2'],
  ['d', '3'],
] as const;

test('an entry is found by its path', () => {
  expect(list.map(([path]) => entryOf(list, path))).toEqual(['1', '2', '3']);
  expect(['', 'B', 'b', 'e'].map((path) => entryOf(list, path))).toEqual(Array(4).fill(undefined));
});

test.for<[string, [string, string | undefined][], unknown]>([
  ['the first', [['A', '0']], [['A', '0'], ...list]],
  ['the last', [['e', '4']], [...list, ['e', '4']]],
  ['another value', [['b/c', '9']], [list[0], ['b/c', '9'], list[2]]],
  ['what goes', [['a', undefined]], list.slice(1)],
  ['what was never there and goes', [['b', undefined]], list],
  [
    'several',
    [
      ['d', undefined],
      ['c', '5'],
      ['a', '6'],
    ],
    [['a', '6'], list[1], ['c', '5']],
  ],
])('a list stays in order: %s', ([, changes, expected]) => {
  const changed = withEntries(list, new Map(changes));
  expect(changed).toEqual(expected);
  expect(knownJson(changed)).toBe(JSON.stringify(expected));
});

test('what looks like an entry in a path is none', () => {
  const paths = ['["d","3"]', 'a","b', 'a"],["d","3', '\\"],["d', 'd'];
  let changed: Entries<string> = [];
  for (const path of paths) changed = withEntries(changed, new Map([[path, '3']]));
  for (const path of ['d', 'a","b']) changed = withEntries(changed, new Map([[path, undefined]]));
  expect(changed.map(([path]) => path)).toEqual([paths[0], paths[3], paths[2]]);
  expect(knownJson(changed)).toBe(JSON.stringify(changed));
  expect(knownJson(withEntries(changed, new Map(changed.map(([path]) => [path, undefined]))))).toBe(
    '[]',
  );
});

test('a list that a person wrote is brought into order, and of two entries the last counts', () => {
  const written = [
    ['d', '3'],
    ['a', '0'],
    ['b/c', '2'],
    ['a', '1'],
  ] as const;
  expect(inOrder(written)).toEqual(list);
  expect(inOrder(list)).toBe(list);
});

test('what is written is read again, with and without what may be missing', () => {
  const whole = {
    schemaVersion: 1,
    deletions: ['x', 'y"z'],
    moves: [['m', 'n']],
    base: [
      ['a', null],
      ['ü', 'f'],
    ],
    approved: [['a', '1']],
    signature: 's',
  } as const;
  const least = { schemaVersion: 1, deletions: [], base: [] } as const;
  for (const manifest of [whole, least]) {
    const text = manifestText(manifest);
    expect(manifestSchema.parse(JSON.parse(text))).toEqual(manifest);
    expect(manifestText(manifest)).toBe(text);
  }
  expect(manifestText(least)).toBe(
    '{\n  "schemaVersion": 1,\n  "deletions": [],\n  "base": []\n}\n',
  );
});
