import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findCycle } from '../../src/domain/graph.ts';
import { orderSharedFiles } from '../../src/pipeline/order-shared.ts';
import { task } from '../state/fixtures.ts';

const needs = (
  tasks: readonly { id: string; dependsOn: readonly string[] }[],
): Record<string, readonly string[]> =>
  Object.fromEntries(tasks.map(({ id, dependsOn }) => [id, dependsOn]));

describe('orderSharedFiles', () => {
  it('has tasks that change one file come after one another', () => {
    const { tasks, notes } = orderSharedFiles([
      task('T1', { files: ['a.ts'] }),
      task('T2', { files: ['a.ts', 'b.ts'] }),
      task('T3', { files: ['b.ts'] }),
      task('T4', { files: ['c.ts'] }),
    ]);
    expect(needs(tasks)).toEqual({ T1: [], T2: ['T1'], T3: ['T2'], T4: [] });
    expect(notes).toEqual([
      'T2 now comes after T1, as both change a.ts',
      'T3 now comes after T2, as both change b.ts',
    ]);
  });

  it('leaves alone what is ordered, also through others and against the list', () => {
    const list = [
      task('T1', { files: ['a.ts'], dependsOn: ['T2'] }),
      task('T2', { dependsOn: ['T3'] }),
      task('T3', { files: ['a.ts'] }),
    ];
    expect(orderSharedFiles(list)).toEqual({ tasks: list, notes: [] });
  });

  it('does not hold up what has begun', () => {
    const list = [task('T1', { files: ['a.ts'] }), task('T2', { files: ['a.ts'], status: 'done' })];
    expect(orderSharedFiles(list).notes).toEqual([]);
  });

  it('never makes a circle, and orders all that share', () => {
    const ids = ['T1', 'T2', 'T3', 'T4', 'T5', 'T6'];
    const lists = fc.tuple(
      ...ids.map((_, index) =>
        fc.record({
          dependsOn: fc.subarray(ids.slice(0, index)),
          files: fc.subarray(['a', 'b', 'c']),
        }),
      ),
      fc.shuffledSubarray(ids, { minLength: ids.length }),
    );
    fc.assert(
      fc.property(lists, (drawn) => {
        const order = drawn.at(-1) as string[];
        const made = ids.map((id, index) =>
          task(id, drawn[index] as { dependsOn: string[]; files: string[] }),
        );
        const list = order.flatMap((id) => made.filter((one) => one.id === id));
        const { tasks } = orderSharedFiles(list);
        expect(findCycle(tasks)).toBeNull();
        expect(orderSharedFiles(tasks).notes).toEqual([]);
      }),
    );
  });
});
