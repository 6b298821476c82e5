import { describe, expect, it } from 'vitest';
import type { Candidate } from '../../../src/domain/candidate.ts';
import { perspectivesOf } from '../../../src/strategies/ensemble/origins.ts';

const author = { ref: { provider: 'p', model: 'm' }, family: 'f' };
const bundle = { files: [], edits: [], deletions: [], tests: [], commands: [], notes: '' };

const files = (changes: Record<string, string | null>, notes = ''): Candidate => ({
  bundle: { ...bundle, notes },
  changes: new Map(Object.entries(changes)),
  author,
});
const words = (notes: string): Candidate => files({}, notes);

/** Indexes of candidates that come to the same. */
const agreeing = (candidates: readonly Candidate[]): number[][] =>
  perspectivesOf(candidates.map((candidate, index) => ({ candidate, model: `${index}` }))).map(
    ({ models }) => models.map(Number),
  );

describe('candidates come to the same', () => {
  it.each([
    ['whatever their notes', files({ 'a.js': 'x\n' }, 'one'), files({ 'a.js': 'x\n' }, 'two')],
    ['with other line ends', files({ 'a.js': 'x\ny\n' }), files({ 'a.js': 'x\r\ny\r\n' })],
    [
      'with blanks at the ends of lines',
      files({ 'a.js': 'x\ny\n' }),
      files({ 'a.js': 'x \ny\t\n\n' }),
    ],
    ['in another order', files({ a: '1', b: '2' }), files({ b: '2', a: '1' })],
    ['as words in another layout', words('## Yes\n\n- It **does**.'), words('yes\n* it does')],
  ])('%s', (_how, one, two) => {
    expect(agreeing([one, two])).toEqual([[0, 1]]);
  });

  it.each([
    ['of another content', files({ 'a.py': 'x\n' }), files({ 'a.py': 'y\n' })],
    [
      'indented otherwise',
      files({ 'a.py': 'if x:\n  y\nz\n' }),
      files({ 'a.py': 'if x:\n  y\n  z\n' }),
    ],
    ['with a file more', files({ a: '1' }), files({ a: '1', b: '2' })],
    ['one of which deletes', files({ a: '' }), files({ a: null })],
    ['of words and of files', files({ a: '1' }), words('1')],
    ['with another number', words('It is -1'), words('It is 1')],
    ['with another sign', words('a < b'), words('a > b')],
    ['with another name in code', words('Call `Add`'), words('Call `add`')],
  ])('but not %s', (_how, one, two) => {
    expect(agreeing([one, two])).toEqual([[0], [1]]);
  });

  it('in groups', () => {
    const [a, b] = [files({ a: '1' }), files({ a: '2' })];
    expect(agreeing([a, b, a, b, a])).toEqual([
      [0, 2, 4],
      [1, 3],
    ]);
    expect(agreeing([])).toEqual([]);
  });
});
