import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unitNamed, units } from '../src/units.js';

test('units fall in size', () => {
  const sizes = units.map((unit) => unit.ms);
  assert.deepEqual(sizes, [...sizes].sort((a, b) => b - a));
});

test('a unit is found by its short and long names in any case', () => {
  for (const name of ['h', 'H', 'hour', 'Hours']) assert.equal(unitNamed(name)?.ms, 3_600_000);
  assert.equal(unitNamed('ms')?.ms, 1);
  assert.equal(unitNamed('parsecs'), undefined);
  assert.equal(unitNamed('constructor'), undefined);
});
