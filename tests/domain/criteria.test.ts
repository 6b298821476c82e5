import { describe, expect, it } from 'vitest';
import { criteriaOf, namesCriterion } from '../../src/domain/criteria.ts';

const requirement = {
  id: 'R2',
  text: 'Durations are read.',
  acceptance: ['Reads 1h.', 'Refuses -1h.'],
};

describe('criteriaOf', () => {
  it('numbers the criteria of the requirements that a task serves, then its own', () => {
    const task = { id: 'T3', requirements: ['R2'], acceptance: ['The parser is exported.'] };
    expect(criteriaOf(task, [requirement, { ...requirement, id: 'R3' }])).toEqual([
      { id: 'R2.1', text: 'Reads 1h.', requirement: 'R2' },
      { id: 'R2.2', text: 'Refuses -1h.', requirement: 'R2' },
      { id: 'T3.1', text: 'The parser is exported.', requirement: null },
    ]);
  });

  it('says once what the task repeats of its requirement', () => {
    const task = { id: 'T3', requirements: ['R2'], acceptance: ['reads  1h', 'New.'] };
    expect(criteriaOf(task, [requirement]).map(({ id }) => id)).toEqual(['R2.1', 'R2.2', 'T3.2']);
  });

  it('takes a requirement without criteria by its own words', () => {
    const bare = { id: 'R1', text: 'It is fast.', acceptance: [] };
    const task = { id: 'T1', requirements: ['R1'], acceptance: [] };
    expect(criteriaOf(task, [bare])).toEqual([
      { id: 'R1', text: 'It is fast.', requirement: 'R1' },
    ]);
  });

  it('has none for a task that serves nothing and asks for nothing', () => {
    expect(criteriaOf({ id: 'T1', requirements: [], acceptance: [] }, [requirement])).toEqual([]);
  });
});

describe('namesCriterion', () => {
  it.each([
    ['R2.1 refuses what is negative', 'R2.1'],
    ['durations > R2.1: refuses', 'R2.1'],
    ['test_r2_1_refuses', 'R2.1'],
    ['TestR2_1Refuses', 'R2.1'],
    ['tests/r2-1.test.ts', 'R2.1'],
    ['R2_1_refuses', 'R2.1'],
    ['T3.2 and R2.1', 'T3.2'],
    ['R2 is fast', 'R2'],
    ['SETUP-API.1 works', 'SETUP-API.1'],
  ])('finds %j to name %s', (name, id) => {
    expect(namesCriterion(name, id)).toBe(true);
  });

  it.each([
    ['R2.10 refuses', 'R2.1'],
    ['R12.1 refuses', 'R2.1'],
    ['refuses 2.1', 'R2.1'],
    ['R21 refuses', 'R2.1'],
    ['for2.1', 'R2.1'],
    ['R2.1 refuses', 'R2.2'],
    ['R2.1 refuses', 'R2'],
    ['test_r2_1', 'R2'],
  ])('does not find %j to name %s', (name, id) => {
    expect(namesCriterion(name, id)).toBe(false);
  });
});
