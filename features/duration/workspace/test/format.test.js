import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DurationError } from '../src/duration-error.js';
import { format } from '../src/format.js';

const cases = [
  [5_400_000, {}, '1h 30m'],
  [5_400_000, { style: 'long' }, '1 hour 30 minutes'],
  [694_861_001, {}, '1w 1d 1h 1m 1s 1ms'],
  [2_000, { style: 'long' }, '2 seconds'],
  [0, {}, '0s'],
  [-0, {}, '0s'],
  [-0.4, {}, '0s'],
  [0, { style: 'long' }, '0 seconds'],
  [-5_400_000, {}, '-1h 30m'],
  [999.6, {}, '1s'],
  [3_599_900, { parts: 1 }, '1h'],
  [3_599_900, { parts: 2 }, '1h'],
  [5_400_000, { parts: 1 }, '2h'],
  [3_661_000, { parts: 2 }, '1h 1m'],
  [3_601_000, { parts: 2 }, '1h'],
  [604_799_999, { parts: 1 }, '1w'],
];
for (const [milliseconds, options, expected] of cases) {
  test(`${milliseconds} with ${JSON.stringify(options)} is ${expected}`, () => {
    assert.equal(format(milliseconds, options), expected);
  });
}

test('what cannot be written is refused', () => {
  for (const bad of [NaN, Infinity, '5', undefined]) assert.throws(() => format(bad), DurationError);
  for (const parts of [0, -1, 1.5, '2']) assert.throws(() => format(1, { parts }), DurationError);
  assert.throws(() => format(1, { style: 'loud' }), DurationError);
});
