import { expect, test } from 'vitest';
import { taskSchema, type TaskStatus } from '../../src/domain/task.ts';
import { progressOf } from '../../src/report/progress.ts';

const task = (id: string, status: TaskStatus, dependsOn: string[] = []) =>
  taskSchema.parse({ id, title: id, type: 'code', status, dependsOn });

test('counts what is settled, and the rest by what it waits for', () => {
  const progress = progressOf([
    task('T1', 'done'),
    task('T2', 'skipped'),
    task('T3', 'pending', ['T1', 'T2']),
    task('T4', 'pending', ['T3']),
    task('T5', 'needs_review', ['T1']),
    task('T6', 'pending', ['T5']),
  ]);
  expect(progress).toEqual({
    total: 6,
    settled: 2,
    saidByFile: 0,
    states: { done: 1, skipped: 1, ready: 1, blocked: 2, needs_review: 1 },
  });
});

test('counts nothing of nothing', () => {
  expect(progressOf([])).toEqual({ total: 0, settled: 0, saidByFile: 0, states: {} });
});

test('counts apart what is settled by the file’s word alone', () => {
  const tasks = [task('T1', 'done'), task('T2', 'skipped'), task('T3', 'needs_review')];
  expect(progressOf(tasks, new Set(['T1', 'T3']))).toMatchObject({ settled: 2, saidByFile: 1 });
});
