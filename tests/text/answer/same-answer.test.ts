import { expect, test } from 'vitest';
import { isSameAnswer } from '../../../src/text/answer/same-answer.ts';

test.each([
  ['42', '42.0'],
  ['42', '**42**.'],
  ['42', 'The answer is 42.'],
  ['42', 'x = 42'],
  ['42', '\\boxed{42}'],
  ['1/2', '$\\frac{1}{2}$'],
  ['1/2', '0.5'],
  ['0.5', '50%'],
  ['0.5', '50 per cent'],
  ['1,234,567', '1234567'],
  ['1 000', '1000'],
  ['-3', '−3'],
  ['3e8 m/s', '3 × 10^8 m/s'],
  ['3.00e8 m/s', '299792458 m/s'],
  ['2.5 \\times 10^{-3}', '0.0025'],
  ['5 km', '5000 m'],
  ['5 kilometres', '5000 meters'],
  ['36 km/h', '10 m/s'],
  ['36 kilometres per hour', '10 m s^-1'],
  ['9.81 m/s²', '9.81 m/s^2'],
  ['9.81 \\text{ m/s}^2', '9.81 m/s^2'],
  ['1 kWh', '1 kWh'],
  ['100 J', '100 N·m'],
  ['1.5 h', '90 min'],
  ['$5', '5 dollars'],
  ['12', '12 apples'],
  ['five', '5'],
  ['3.14', '3.14159'],
  ['Yes', 'yes, because it is even.'],
  ['true', 'Yes.'],
  ['No.', 'false'],
  ['Paris', ' paris.'],
  ['the cat', 'Cat'],
  ['“Paris”', 'Paris'],
  ['2, 3', '[2, 3]'],
  ['2 and 3', '2, 3'],
  ['a, b, and c', 'A; B; C'],
  ['2 or 3', '3 or 2'],
  ['{1, 2, 3}', '{3, 1, 2}'],
  ['x = 2 or x = 3', '3 or 2'],
  ['Paris', 'Paris!'],
  ['yes', 'Yes!!'],
  ['[1, 2)', '[1, 2).'],
])('%s is the same as %s', (one, other) => {
  expect(isSameAnswer(one, other)).toBe(true);
  expect(isSameAnswer(other, one)).toBe(true);
});

test.each([
  ['42', '43'],
  ['5!', '5'],
  ['n!', 'n'],
  ['(n-1)!', '(n-1)'],
  ['[1, 2)', '(1, 2]'],
  ['[1, 2)', '[1, 2]'],
  ['0.5', '0.47'],
  ['3', '3.4'],
  ['0.333', '1/2'],
  ['3.14', '3.15'],
  ['5 km', '5 m'],
  ['5 mW', '5 MW'],
  ['5 m', '5'],
  ['5 m', '5 s'],
  ['5 apples', '5 pears'],
  ['Yes', 'No'],
  ['yes', '1'],
  ['Paris', 'Rome'],
  ['2, 3', '3, 2'],
  ['{1, 2}', '{1, 2, 3}'],
  ['{1, 1, 2}', '{1, 2, 2}'],
  ['a, b', 'a, c'],
  ['', '0'],
  ['no solution', 'no'],
  ['1e999', 'infinity'],
  ['constructor', '0'],
])('%s is not the same as %s', (one, other) => {
  expect(isSameAnswer(one, other)).toBe(false);
  expect(isSameAnswer(other, one)).toBe(false);
});

test('long answers are compared in no time that grows with more than their length', () => {
  const long = `${'9,'.repeat(20_000)}${' a'.repeat(20_000)}`;
  expect(isSameAnswer(long, `${long}b`)).toBe(false);
  expect(isSameAnswer('\\boxed{'.repeat(20_000), '1')).toBe(false);
});
