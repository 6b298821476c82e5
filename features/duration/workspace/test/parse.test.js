import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DurationError } from '../src/duration-error.js';
import { parse } from '../src/parse.js';

for (const text of ['1h 30m', '1h30m', '1 hour, 30 minutes', '1.5h', ' 1H 30M ', '30m 1h']) {
  test(`"${text}" is an hour and a half`, () => assert.equal(parse(text), 5_400_000));
}

test('every unit is read', () => {
  assert.equal(parse('1w 1d 1h 1m 1s 1ms'), 694_861_001);
});

test('a leading minus makes the whole negative', () => {
  assert.equal(parse('-1h 30m'), -5_400_000);
  assert.ok(Object.is(parse('-0s'), 0));
});

test('a fraction of a millisecond is rounded', () => {
  assert.equal(parse('1.0004s'), 1000);
});

const refused = [
  ['', 0],
  ['   ', 0],
  ['-', 1],
  ['soon', 0],
  ['90', 0],
  ['banana 1h', 0],
  ['1h banana', 3],
  ['1h banana 30m', 3],
  ['1h, , 30m', 4],
  ['1h,', 3],
  ['1h -30m', 3],
  ['1h 30', 3],
  ['1h 2h', 4],
  ['5 parsecs', 2],
  ['1.h', 0],
];
for (const [text, position] of refused) {
  test(`"${text}" is refused at ${position}`, () => {
    assert.throws(
      () => parse(text),
      (error) => error instanceof DurationError && error.position === position,
    );
  });
}

test('the message names what was found', () => {
  assert.throws(() => parse('1h banana'), { message: /position 3, found "banana"/ });
});

test('what is no string, and what is too long, is refused', () => {
  assert.throws(() => parse(90), DurationError);
  assert.throws(() => parse(`${'9'.repeat(20)}w`), DurationError);
});
