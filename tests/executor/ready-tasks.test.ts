import fc from 'fast-check';
import { expect, it } from 'vitest';
import { taskStatuses, type Task } from '../../src/domain/task.ts';
import { readyTasks } from '../../src/executor/ready-tasks.ts';
import { documentOf, task } from '../state/fixtures.ts';

const all = { tasks: [], types: [] };
const ids = (tasks: readonly Task[]): string[] => tasks.map(({ id }) => id);

/** Task `at` of a list with one of its fields changed. */
const changes = fc.array(
  fc.record({
    at: fc.nat(),
    status: fc.constantFrom(...taskStatuses),
    complexity: fc.integer({ min: 1, max: 10 }),
    edge: fc.nat(),
    what: fc.constantFrom('status', 'status', 'status', 'complexity', 'dependsOn', 'copy'),
  }),
  { maxLength: 30 },
);

it('finds after any changes what it would find anew', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 15 }), changes, (count, steps) => {
      let tasks = Array.from({ length: count }, (_, index) =>
        task(`T${index + 1}`, { dependsOn: index % 3 === 0 ? [] : [`T${index}`] }),
      );
      const ready = readyTasks(all, () => false);
      for (const { at, status, complexity, edge, what } of steps) {
        const index = at % count;
        const before = tasks[index];
        if (before === undefined) throw new Error('no such task');
        const dependsOn = index === 0 ? [] : [`T${1 + (edge % index)}`];
        const changed = {
          status: { status },
          complexity: { complexity },
          dependsOn: { dependsOn },
        };
        tasks =
          what === 'copy'
            ? structuredClone(tasks)
            : tasks.with(index, { ...before, ...changed[what] });
        const document = documentOf(0, { tasks });
        const anew = readyTasks(all, () => false)(document, 99, () => true);
        const found = ready(document, 99, () => true);
        expect(ids(found).toSorted()).toEqual(ids(anew).toSorted());
        if (steps.every((step) => step.what !== 'status')) expect(ids(found)).toEqual(ids(anew));
      }
    }),
    { numRuns: 500 },
  );
});

it('keeps the order while tasks end, as it would be found anew', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          weight: fc.integer({ min: 1, max: 10 }),
          edges: fc.array(fc.nat(), { maxLength: 3 }),
        }),
        { minLength: 1, maxLength: 20 },
      ),
      (nodes) => {
        let tasks = nodes.map(({ weight, edges }, index) =>
          task(`T${index + 1}`, {
            complexity: weight,
            dependsOn:
              index === 0 ? [] : [...new Set(edges.map((edge) => `T${1 + (edge % index)}`))],
          }),
        );
        const ready = readyTasks(all, () => false);
        for (;;) {
          const document = documentOf(0, { tasks });
          const found = ready(document, 99, () => true);
          expect(ids(found)).toEqual(ids(readyTasks(all, () => false)(document, 99, () => true)));
          const next = found[0];
          if (next === undefined) break;
          tasks = tasks.with(tasks.indexOf(next), { ...next, status: 'done' });
        }
        expect(tasks.every(({ status }) => status === 'done')).toBe(true);
      },
    ),
  );
});
