import { expect, test } from 'vitest';
import { didYouMean, nearest, nearestOf } from '../../src/text/nearest.ts';

test.each([
  ['lnks', ['links', 'lines'], 'links'],
  ['CODER', ['coder', 'reviewer'], 'coder'],
  ['T22', ['T1', 'T2'], 'T2'],
  ['T99', ['T1', 'T2'], null],
  ['billing', ['auth'], null],
  ['', ['a'], 'a'],
  ['x', [], null],
])('nearest of %j in %j is %j', (word, names, found) => {
  expect(nearest(word, names)).toBe(found);
});

test('the nearest first, of equals the first', () => {
  expect(nearestOf('model', ['modelled', 'models', 'modelz', 'Model', 'other'])).toEqual([
    'Model',
    'models',
    'modelz',
  ]);
});

test('nothing is suggested that is not alike', () => {
  expect(`${didYouMean('shw', ['show'])}All: list`).toBe('Did you mean show? All: list');
  expect(`${didYouMean('frobnicate', ['show'])}All: list`).toBe('All: list');
});
