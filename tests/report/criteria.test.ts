import { describe, expect, it } from 'vitest';
import type { CriterionResult } from '../../src/domain/acceptance.ts';
import { newTask, type Task } from '../../src/domain/task.ts';
import { criteriaCount, criteriaMatrix } from '../../src/report/criteria.ts';
import { result as resultOf } from '../executor/simulated.ts';

const requirements = [
  { id: 'R1', text: 'Reads.', acceptance: ['Reads 1h.', 'Refuses -1h.'] },
  { id: 'R2', text: 'Is documented.', acceptance: [] },
];

function mark(id: string, given: Partial<CriterionResult>): CriterionResult {
  return { id, by: 'test', test: null, sha256: null, names: [], note: '', weak: false, ...given };
}

function task(id: string, criteria: CriterionResult[], given: Partial<Task> = {}): Task {
  const result = resultOf('done', { by: 'supervisor', reason: '', commit: 'abc', criteria });
  const requirements = ['R1'];
  return newTask({ id, title: id, type: 'code', requirements, status: 'done', result, ...given });
}

describe('criteriaMatrix', () => {
  it('leads from requirement to test, run, task and commit', () => {
    const names = ['R1.1 reads 1h'];
    const done = task('T1', [mark('R1.1', { test: 'r1-1.test.js', names })]);
    const [first, second] = criteriaMatrix({ requirements, tasks: [done] });
    expect(first?.criteria[0]).toEqual({
      id: 'R1.1',
      text: 'Reads 1h.',
      by: 'test',
      task: 'T1',
      test: 'r1-1.test.js',
      names,
      run: 'run-1',
      commit: 'abc',
      weak: false,
      note: '',
    });
    expect(first?.criteria[1]).toMatchObject({ id: 'R1.2', by: 'untested', task: null });
    expect(second?.criteria).toMatchObject([{ id: 'R2', text: 'Is documented.', by: 'untested' }]);
  });

  it('takes the strongest of several tasks, and what one leaves to another as open until that is done', () => {
    const elsewhere = task('T1', [mark('R1.1', { by: 'elsewhere', note: 'T2 brings it' })]);
    const later = newTask({ id: 'T2', title: 'T2', type: 'code', requirements: ['R1'] });
    const rowOf = (tasks: Task[]) => criteriaMatrix({ requirements, tasks })[0]?.criteria[0];
    expect(rowOf([elsewhere, later])).toMatchObject({ by: 'waiting', note: 'T2 brings it' });
    expect(rowOf([elsewhere, task('T2', [mark('R1.1', { by: 'reviewer' })])])).toMatchObject({
      by: 'reviewer',
      task: 'T2',
    });
    expect(rowOf([elsewhere])).toMatchObject({ by: 'untested' });
  });

  it('knows nothing of a task that was sent back', () => {
    const back = task('T1', [mark('R1.1', {})], { status: 'pending' });
    expect(criteriaMatrix({ requirements, tasks: [back] })[0]?.criteria[0]).toMatchObject({
      by: 'waiting',
    });
  });
});

describe('criteriaCount', () => {
  const document = (tasks: Task[]) => ({ requirements, tasks }) as never;

  it('is null where no task has asked', () => {
    expect(criteriaCount(document([task('T1', [])]))).toBeNull();
  });

  it('counts by who has seen them, and names what nobody has', () => {
    const done = task('T1', [mark('R1.1', { weak: true }), mark('R1.2', { by: 'open' })]);
    expect(criteriaCount(document([done]))).toMatchObject({
      total: 3,
      by: { test: 1, open: 1, untested: 1 },
      open: ['R1.2', 'R2'],
      weak: ['R1.1'],
    });
  });
});
