import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  blockersOf,
  dependantsOf,
  derivedStates,
  findCycle,
  planFindings,
  remainingPath,
  topologicalOrder,
} from '../../src/domain/graph.ts';
import type { Requirement } from '../../src/domain/task.ts';
import { acyclicGraph, anyGraph, type Node, task } from './tasks.ts';

/** By repeated removal of what depends on nothing left: slow and plainly right. */
function isCyclic(tasks: readonly Node[]): boolean {
  let left = [...tasks];
  for (;;) {
    const ids = new Set(left.map(({ id }) => id));
    const next = left.filter(({ dependsOn }) => dependsOn.some((id) => ids.has(id)));
    if (next.length === left.length) return left.length > 0;
    left = next;
  }
}

describe('findCycle', () => {
  test('finds one exactly when there is one, and what it finds is one', () => {
    fc.assert(
      fc.property(anyGraph, (tasks) => {
        const cycle = findCycle(tasks);
        expect(cycle !== null).toBe(isCyclic(tasks));
        if (cycle === null) return;
        expect(new Set(cycle).size).toBe(cycle.length);
        const byId = new Map(tasks.map((node) => [node.id, node]));
        cycle.forEach((id, index) => {
          expect(byId.get(id)?.dependsOn).toContain(cycle[(index + 1) % cycle.length]);
        });
      }),
      { numRuns: 1000 },
    );
  });

  test('a task that depends on itself', () => {
    expect(findCycle([task('T1', ['T1'])])).toEqual(['T1']);
  });

  test('the tail that leads to a cycle is no part of it', () => {
    expect(findCycle([task('A', ['B']), task('B', ['C']), task('C', ['B'])])).toEqual(['B', 'C']);
  });
});

describe('topologicalOrder', () => {
  test('holds every task once, after all that it depends on', () => {
    fc.assert(
      fc.property(acyclicGraph, (tasks) => {
        const order = topologicalOrder(tasks).map(({ id }) => id);
        expect([...order].sort()).toEqual(tasks.map(({ id }) => id).sort());
        for (const { id, dependsOn } of tasks)
          for (const other of dependsOn)
            if (order.includes(other)) expect(order.indexOf(other)).toBeLessThan(order.indexOf(id));
      }),
    );
  });

  test('without dependencies it is the order of the list', () => {
    const tasks = ['C', 'A', 'B'].map((id) => task(id));
    expect(topologicalOrder(tasks)).toEqual(tasks);
  });

  test('a dependency that is named twice counts once', () => {
    expect(topologicalOrder([task('B', ['A', 'A']), task('A')]).map(({ id }) => id)).toEqual([
      'A',
      'B',
    ]);
  });
});

test('remainingPath is the heaviest chain that starts with the task', () => {
  const weightOf = (node: Node): number => 1 + (Number(node.id.slice(1)) % 4);
  const heaviest = (node: Node, tasks: readonly Node[]): number =>
    weightOf(node) +
    Math.max(
      0,
      ...tasks
        .filter(({ dependsOn }) => dependsOn.includes(node.id))
        .map((next) => heaviest(next, tasks)),
    );
  fc.assert(
    fc.property(acyclicGraph, (tasks) => {
      const paths = remainingPath(tasks, weightOf);
      for (const node of tasks) expect(paths.get(node.id)).toBe(heaviest(node, tasks));
    }),
  );
});

test('dependantsOf turns the edges round', () => {
  const tasks = [task('A'), task('B', ['A', 'A', 'X']), task('C', ['A', 'B'])];
  const ids = new Map(
    [...dependantsOf(tasks)].map(([id, list]) => [id, list.map((other) => other.id)]),
  );
  expect(ids).toEqual(
    new Map([
      ['A', ['B', 'C']],
      ['B', ['C']],
      ['C', []],
    ]),
  );
});

test('a chain of 20,000 tasks does not overflow', () => {
  const chain = Array.from({ length: 20_000 }, (_, index) => ({
    id: `T${index}`,
    dependsOn: index === 19_999 ? [] : [`T${index + 1}`],
  }));
  expect(findCycle(chain)).toBeNull();
  expect(topologicalOrder(chain)[0]?.id).toBe('T19999');
  expect(remainingPath(chain, () => 1).get('T19999')).toBe(20_000);
  expect(findCycle([...chain.slice(0, -1), { id: 'T19999', dependsOn: ['T0'] }])).toHaveLength(
    20_000,
  );
});

describe('derived states', () => {
  test('pending is ready or blocked; other states stay', () => {
    const tasks = [
      task('A', [], { status: 'done' }),
      task('B', [], { status: 'skipped' }),
      task('C', ['A', 'B']),
      task('D', ['A', 'C']),
      task('E', ['missing']),
      task('F', ['C'], { status: 'failed' }),
      task('G', ['F']),
    ];
    expect(Object.fromEntries(derivedStates(tasks))).toEqual({
      A: 'done',
      B: 'skipped',
      C: 'ready',
      D: 'blocked',
      E: 'blocked',
      F: 'failed',
      G: 'blocked',
    });
    expect(tasks.map((one) => blockersOf(one, tasks))).toEqual([
      [],
      [],
      [],
      ['C'],
      ['missing'],
      ['C'],
      ['F'],
    ]);
  });
});

describe('planFindings', () => {
  const requirement = (id: string): Requirement => ({ id, text: 'x', acceptance: [] });
  const codes = (...args: Parameters<typeof planFindings>): string[] =>
    planFindings(...args).map(({ code }) => code);

  test('a sound plan has none', () => {
    expect(planFindings([task('T1', [], { requirements: ['R1'] })], [requirement('R1')])).toEqual(
      [],
    );
  });

  test('ids that differ in case alone are one folder', () => {
    expect(planFindings([task('T1'), task('t1', [], { title: 'Other' })], [])).toMatchObject([
      { code: 'duplicate-id', severity: 'error', tasks: ['T1', 't1'] },
    ]);
  });

  test('the whole cycle is named', () => {
    const [finding] = planFindings([task('A', ['C']), task('B', ['A']), task('C', ['B'])], []);
    expect(finding).toMatchObject({ code: 'cycle', severity: 'error' });
    expect(finding?.message).toContain('A → C → B → A');
  });

  test('dependencies and requirements that do not exist, requirements that nothing covers', () => {
    expect(
      planFindings([task('T1', ['T9'], { requirements: ['R9'] })], [requirement('R1')]),
    ).toMatchObject([
      { code: 'missing-dependency', severity: 'error', tasks: ['T1'] },
      { code: 'unknown-requirement', severity: 'error', tasks: ['T1'] },
      { code: 'uncovered-requirement', severity: 'warning', tasks: [] },
    ]);
  });

  test('titles that say the same are a warning', () => {
    expect(
      codes([task('A', [], { title: 'Same ' }), task('B', [], { title: 'same' })], []),
    ).toEqual(['duplicate-title']);
  });

  test('errors come first', () => {
    const found = planFindings(
      [task('A', ['X'], { title: 'Same' }), task('B', [], { title: 'Same' })],
      [requirement('R1')],
    );
    expect(found.map(({ severity }) => severity)).toEqual(['error', 'warning', 'warning']);
  });
});
