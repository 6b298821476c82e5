import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DurationError, format, parse } from 'duration';

/** Numbers of every size, the same in each run. */
function* numbers() {
  for (let size = 1; size < 1e13; size *= 7) {
    for (const offset of [0, 1, 59, 999]) yield Math.floor(size) + offset;
  }
}

for (const style of ['short', 'long']) {
  test(`what format writes in ${style} style, parse reads back`, () => {
    for (const number of numbers()) {
      assert.equal(parse(format(number, { style })), number);
      assert.equal(parse(format(-number, { style })), -number);
    }
    assert.equal(parse(format(0, { style })), 0);
  });
}

test('the error is the same class for both', () => {
  assert.throws(() => parse('soon'), DurationError);
  assert.throws(() => format(NaN), DurationError);
});
