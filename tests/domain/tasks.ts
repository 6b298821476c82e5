import * as fc from 'fast-check';
import { taskSchema, type Task } from '../../src/domain/task.ts';

export function task(id: string, dependsOn: string[] = [], more: Partial<Task> = {}): Task {
  return { ...taskSchema.parse({ id, title: `Do ${id}`, type: 'code', dependsOn }), ...more };
}

export type Node = Pick<Task, 'id' | 'dependsOn'>;

/** Any graph, with cycles, self-loops, repeated and missing dependencies. */
export const anyGraph: fc.Arbitrary<Node[]> = fc.integer({ min: 0, max: 12 }).chain((size) =>
  fc
    .array(fc.array(fc.integer({ min: 1, max: size + 1 }), { maxLength: 3 }), {
      minLength: size,
      maxLength: size,
    })
    .map((lists) =>
      lists.map((list, index) => ({ id: `T${index + 1}`, dependsOn: list.map((id) => `T${id}`) })),
    ),
);

/** A graph without cycles, its tasks in any order. */
export const acyclicGraph: fc.Arbitrary<Node[]> = anyGraph
  .map((tasks) =>
    tasks.map(({ id, dependsOn }) => ({
      id,
      dependsOn: dependsOn.filter((other) => Number(other.slice(1)) < Number(id.slice(1))),
    })),
  )
  .chain((tasks) => fc.shuffledSubarray(tasks, { minLength: tasks.length }));
