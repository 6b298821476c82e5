import { describe, expect, test } from 'vitest';
import { newTask, type Task } from '../../src/domain/task.ts';
import { createOwnState, type OwnState } from '../../src/files/own-state.ts';
import { saidByFile, signTask } from '../../src/state/said-by-file.ts';
import { taskResult } from '../../src/workflows/task-result.ts';

const now = () => new Date('2026-01-31T12:00:00.000Z');
const result = () =>
  taskResult(now, { outcome: 'approved', by: 'supervisor', reason: 'Approved.', attempt: 1 });

function ownOf(key: string, isTracked = true): OwnState {
  const options = { slug: 'alpha', key: async () => Buffer.from(key) };
  return createOwnState({ ...options, isTracked: async () => isTracked });
}

const open = newTask({ id: 'T1', title: 'First', type: 'code' });
const mine = ownOf('mine');

async function done(own: OwnState, status: Task['status'] = 'done'): Promise<Task> {
  const task = { ...open, status, result: result() };
  await signTask(own, task, open);
  return task;
}

describe('what has ended', () => {
  test.for(['done', 'skipped', 'needs_review', 'failed'] as const)(
    'as %s by this user is known, whatever becomes of the task’s words',
    async (status) => {
      const task = { ...(await done(mine, status)), title: 'Reworded', dependsOn: ['T0'] };
      expect(await saidByFile(mine, [task])).toEqual(new Set());
    },
  );

  const forged: readonly [string, (task: Task) => Task][] = [
    ['without a signature', (task) => ({ ...task, result: { ...result() } })],
    ['without a result', (task) => ({ ...task, result: null })],
    ['of another task', (task) => ({ ...task, id: 'T2' })],
    ['with another status', (task) => ({ ...task, status: 'skipped' })],
    ['with another result', (task) => ({ ...task, result: { ...result(), reason: 'Other.' } })],
    [
      'with a made-up signature',
      (task) => ({ ...task, result: { ...result(), signature: 'ab'.repeat(32) } }),
    ],
  ];
  test.for(forged)('%s is the word of the file that git tracks', async ([, change]) => {
    const task = change(await done(mine));
    expect(await saidByFile(mine, [open, task])).toEqual(new Set([task.id]));
    expect(await saidByFile(ownOf('mine', false), [open, task])).toEqual(new Set());
  });

  test('for somebody else is the word of the file', async () => {
    expect(await saidByFile(mine, [await done(ownOf('theirs'))])).toEqual(new Set(['T1']));
  });
});

test('a task that goes back bears no signature, and one that is not touched is not signed', async () => {
  const task = await done(mine);
  const back = { ...task, status: 'pending' as const, result: { ...result(), ...task.result } };
  await signTask(mine, back, task);
  expect(back.result).not.toHaveProperty('signature');
  const theirs = { ...open, status: 'done' as const, result: result() };
  await signTask(mine, { ...theirs, title: 'Reworded' }, theirs);
  expect(theirs.result).not.toHaveProperty('signature');
});
