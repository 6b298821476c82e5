import { workflows } from '../../src/extensions.ts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { remainingPath } from '../../src/domain/graph.ts';
import { isSettled, type FeatureDocument, type Task } from '../../src/domain/task.ts';
import type { Engine } from '../../src/executor/engine.ts';
import { runFeature } from '../../src/executor/run-feature.ts';
import type { FeatureStore, LeaseKeeper } from '../../src/state/ports.ts';
import { fakeModel, fakeRouter } from '../helpers/fake-model.ts';
import { documentOf, task } from '../state/fixtures.ts';
import { settled } from './simulated.ts';
import { freeLease } from './project.ts';

/** A store in memory: these runs are many, and the real one has tests of its own. */
function memoryStore(document: FeatureDocument): FeatureStore {
  return {
    list: async () => [],
    create: async () => undefined,
    read: async () => structuredClone(document),
    get: async () => structuredClone(document),
    look: async () => structuredClone(document),
    update: async (_slug, change) => change(document),
    updateTask: async (_slug, id, _lease, change) => {
      const found = document.tasks.find((other) => other.id === id);
      return found === undefined ? null : change(found, () => document);
    },
    changedOften: () => ({ [Symbol.asyncDispose]: async () => undefined }),
    saidByFile: async () => new Set(),
  };
}

const freeLeases: LeaseKeeper = {
  take: async () => ({ lease: freeLease }),
};

/** Lets everything that is ready to go on do so. */
async function quiet(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}

interface Simulation {
  readonly makespan: number;
  readonly order: readonly string[];
}

/**
 * Runs the graph on a virtual clock: it stands still while anything can be started, then jumps to the end
 * of the task that ends next.
 */
async function simulate(tasks: Task[], concurrency: number): Promise<Simulation> {
  const document = documentOf(0, { tasks });
  const running = new Map<string, { ends: number; end: () => void }>();
  const order: string[] = [];
  let clock = 0;
  const engine: Engine = {
    execute: ({ task: { id, complexity } }) =>
      new Promise((resolve) => {
        order.push(id);
        running.set(id, {
          ends: clock + complexity,
          end: () => {
            resolve(settled('done'));
          },
        });
      }),
  };
  let over = false;
  const run = runFeature(
    {
      slug: 'f',
      run: 'run-1',
      selection: { tasks: [], types: [] },
      concurrency,
      failFast: false,
    },
    {
      store: memoryStore(document),
      leases: freeLeases,
      artefacts: { read: async () => null, path: () => '' },
      engine,
      router: fakeRouter({ coder: fakeModel({}) }),
      workflows,
      emit: () => undefined,
      signal: new AbortController().signal,
      pollMs: 1_000_000,
    },
  ).finally(() => {
    over = true;
  });
  for (;;) {
    await quiet();
    if (over) break;
    const statuses = new Map(document.tasks.map(({ id, status }) => [id, status]));
    const ready = document.tasks.filter(
      ({ status, dependsOn }) =>
        status === 'pending' && dependsOn.every((id) => isSettled(statuses.get(id) ?? 'pending')),
    );
    // List scheduling: a place is never empty while a task could take it.
    expect(running.size).toBe(Math.min(concurrency, running.size + ready.length));
    const next = [...running].sort(([, a], [, b]) => a.ends - b.ends)[0];
    if (next === undefined) throw new Error('Nothing runs and the run does not end');
    const [id, { ends, end }] = next;
    clock = ends;
    running.delete(id);
    end();
  }
  expect((await run).exitCode).toBe(0);
  return { makespan: clock, order };
}

const graph = fc
  .array(
    fc.record({
      complexity: fc.integer({ min: 1, max: 10 }),
      edges: fc.array(fc.nat(), { maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 25 },
  )
  .map((nodes) =>
    nodes.map(({ complexity, edges }, index) =>
      task(`T${index + 1}`, {
        complexity,
        dependsOn: index === 0 ? [] : [...new Set(edges.map((edge) => `T${1 + (edge % index)}`))],
      }),
    ),
  );

it('never idles while a task is ready, on any graph, and so stays within Graham’s bound', async () => {
  await fc.assert(
    fc.asyncProperty(graph, fc.integer({ min: 1, max: 6 }), async (tasks, concurrency) => {
      const work = tasks.reduce((sum, { complexity }) => sum + complexity, 0);
      const critical = Math.max(...remainingPath(tasks, ({ complexity }) => complexity).values());
      const { makespan, order } = await simulate(tasks, concurrency);
      expect(new Set(order).size).toBe(tasks.length);
      expect(order).toHaveLength(tasks.length);
      const least = Math.max(critical, work / concurrency);
      expect(makespan).toBeGreaterThanOrEqual(least);
      // Graham 1969: work ÷ m + (1 − 1 ÷ m) × critical path.
      expect(makespan).toBeLessThanOrEqual(
        work / concurrency + (1 - 1 / concurrency) * critical + 1e-9,
      );
      if (concurrency === 1) expect(makespan).toBe(work);
    }),
    { numRuns: 60 },
  );
}, 180_000);

it('comes within 1.05 of the best on a wide graph of 200 tasks', async () => {
  let state = 42;
  const next = (below: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state % below;
  };
  const tasks = Array.from({ length: 200 }, (_, index) => {
    const dependsOn = new Set<string>();
    if (index >= 10)
      for (let edges = next(3); edges > 0; edges--)
        dependsOn.add(`T${Math.max(1, index - next(30))}`);
    return task(`T${index + 1}`, { complexity: 1 + next(10), dependsOn: [...dependsOn] });
  });
  const work = tasks.reduce((sum, { complexity }) => sum + complexity, 0);
  const critical = Math.max(...remainingPath(tasks, ({ complexity }) => complexity).values());
  for (const concurrency of [2, 4, 8]) {
    const copy = structuredClone(tasks);
    const { makespan } = await simulate(copy, concurrency);
    expect(makespan / Math.max(critical, work / concurrency)).toBeLessThanOrEqual(1.05);
  }
}, 120_000);
