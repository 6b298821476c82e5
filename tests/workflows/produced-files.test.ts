import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Task } from '../../src/domain/task.ts';
import { producedFiles } from '../../src/workflows/produced-files.ts';
import { documentOf, task } from '../state/fixtures.ts';
import { result } from '../executor/simulated.ts';

const graph = fc
  .array(fc.record({ edges: fc.array(fc.nat(), { maxLength: 3 }), files: fc.boolean() }), {
    minLength: 1,
    maxLength: 20,
  })
  .map((nodes) =>
    nodes.map(({ edges, files }, index) =>
      task(`T${index + 1}`, {
        dependsOn: index === 0 ? [] : [...new Set(edges.map((edge) => `T${1 + (edge % index)}`))],
        result: files ? result('done', { files: [{ path: `${index}.js`, sha256: null }] }) : null,
      }),
    ),
  );

/** Ids of the tasks with files that come before this one, the nearest first. */
function before(task: Task, dependenciesOf: (id: string) => readonly string[]): string[] {
  const open = new Set(dependenciesOf(task.id));
  for (const id of open) for (const next of dependenciesOf(id)) open.add(next);
  return [...open];
}

it('leaves out only what leads to no files, and keeps the order', () => {
  fc.assert(
    fc.property(graph, (tasks) => {
      const { taskOf, sourcesOf } = producedFiles(documentOf(0, { tasks }));
      const withFiles = (id: string): boolean => (taskOf(id)?.result?.files.length ?? 0) > 0;
      for (const one of tasks) {
        const all = before(one, (id) => taskOf(id)?.dependsOn ?? []).filter(withFiles);
        const found = before(one, (id) => sourcesOf(taskOf(id) ?? task(id)));
        expect(found.filter(withFiles)).toEqual(all);
        if (all.length === 0) expect(found).toEqual([]);
      }
    }),
  );
});

it('looks through a chain of any length', () => {
  const tasks = Array.from({ length: 20_000 }, (_, index) =>
    task(`T${index + 1}`, {
      dependsOn: index === 0 ? [] : [`T${index}`],
      result: index === 0 ? result('done', { files: [{ path: 'a.js', sha256: null }] }) : null,
    }),
  );
  const { sourcesOf } = producedFiles(documentOf(0, { tasks }));
  expect(sourcesOf({ dependsOn: ['T20000'] })).toEqual(['T20000']);
});
