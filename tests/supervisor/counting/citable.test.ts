import { describe, expect, it } from 'vitest';
import { citableOf, isCitable } from '../../../src/supervisor/counting/citable.ts';
import { task } from '../../state/fixtures.ts';

const requirements = [
  { id: 'R1', text: 'It parses', acceptance: ['«1h» gives 3600', 'An empty text throws'] },
  { id: 'R2', text: 'It formats', acceptance: [] },
  { id: 'R3', text: 'Another task’s', acceptance: [] },
];

describe('what a finding can cite', () => {
  it('is what the task serves, criterion by criterion, and its own', () => {
    const about = task('T3', { requirements: ['R1', 'R2'], acceptance: ['«1h» gives 3600', 'x'] });
    expect(citableOf(about, requirements).map(({ id }) => id)).toEqual([
      'R1',
      'R1.1',
      'R1.2',
      'R2',
      'T3.1',
      'T3.2',
    ]);
  });

  it('is the task itself where nothing else is said', () => {
    const about = task('solve', { title: 'Add', requirements: [], acceptance: [] });
    expect(citableOf(about, requirements)).toEqual([{ id: 'solve', text: 'Add' }]);
  });

  const citable = [
    { id: 'R1', text: '' },
    { id: 'R1.2', text: '' },
    { id: 'T3.1', text: '' },
  ];
  it.each([
    ['R1', true],
    [' r1.2 ', true],
    ['T3.1: that it parses', true],
    ['R9 and R1.2', true],
    ['REQ-1', true],
    ['R01', true],
    ['R1.9', false],
    ['R12', false],
    ['T3', false],
    ['T3.11', false],
    ['the first requirement', false],
    ['', false],
  ])('is found in «%s»: %s', (cited, is) => {
    expect(isCitable(cited, citable)).toBe(is);
  });
});
