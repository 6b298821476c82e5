import { workflows } from '../src/extensions.ts';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { remainingPath } from '../src/domain/graph.ts';
import { taskSchema, type FeatureDocument, type Task } from '../src/domain/task.ts';
import { runFeature } from '../src/executor/run-feature.ts';
import { createArtefactStore } from '../src/state/artefacts.ts';
import { createLeaseKeeper } from '../src/state/leases.ts';
import { createFeatureStore } from '../src/state/lowdb-feature-store.ts';
import type { Measurement } from './measurement.ts';

/** Tasks of 0.2 to 2 s: the shortest that calls of a model take. What the program adds to each is some ms. */
const unitMs = 200;

/** Wall time of a simulated run of so many tasks over the best that any order could reach. */
export async function makespan(
  count: number,
  concurrencies: readonly number[],
): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  for (const concurrency of concurrencies) {
    const tasks = simulatedTasks(count);
    const started = performance.now();
    await simulate(tasks, concurrency);
    const wall = performance.now() - started;
    const work = tasks.reduce((sum, task) => sum + task.complexity, 0);
    const longest = Math.max(...remainingPath(tasks, (task) => task.complexity).values());
    const best = Math.max(longest, work / concurrency) * unitMs;
    measurements.push({
      what: `makespan of ${count} tasks, ${concurrency} at a time, over max(critical path, work ÷ ${concurrency})`,
      measured: wall / best,
      bar: 1.05,
    });
  }
  return measurements;
}

/** The real store and leases; only the work itself is a pause as long as the task is complex. */
async function simulate(tasks: Task[], concurrency: number): Promise<void> {
  const featuresDir = await mkdtemp(join(tmpdir(), 'blueprint-bench-'));
  const now = (): Date => new Date();
  const place = { featuresDir, displayRoot: featuresDir, now };
  const store = createFeatureStore(place);
  await store.create('simulated', documentOf(tasks));
  await runFeature(
    {
      slug: 'simulated',
      run: 'bench',
      selection: { tasks: [], types: [] },
      concurrency,
      failFast: false,
    },
    {
      store,
      leases: createLeaseKeeper(place),
      artefacts: createArtefactStore(place),
      signal: new AbortController().signal,
      emit: () => undefined,
      workflows,
      router: {
        // That there is a model is asked before the tasks are scheduled.
        decide: (role) => ({
          role,
          chosen: 'simulated/model',
          reason: 'simulated',
          passedOver: [],
          fallbacks: [],
        }),
        model: () => {
          throw new Error('The simulated engine asks no model');
        },
      },
      engine: {
        async execute({ task }) {
          await sleep(task.complexity * unitMs);
          return {
            kind: 'settled',
            status: 'done',
            result: {
              outcome: 'approved',
              by: 'engine',
              at: now().toISOString(),
              reason: 'simulated',
              run: 'bench',
              attempt: 1,
              rounds: 1,
              author: null,
              reviewer: null,
              files: [],
              gates: [],
              review: null,
              feedback: null,
            },
          };
        },
      },
    },
  );
  await rm(featuresDir, { recursive: true });
}

export function documentOf(tasks: Task[]): FeatureDocument {
  const at = new Date().toISOString();
  return {
    schemaVersion: 2,
    title: 'Simulated',
    createdAt: at,
    updatedAt: at,
    plan: { specSha256: '', spec: null, refined: false, warnings: [] },
    requirements: [],
    tasks,
  };
}

/** A layered graph from a fixed sequence, so that every run measures the same one. */
export function simulatedTasks(count: number): Task[] {
  let state = 42;
  const next = (below: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state % below;
  };
  return Array.from({ length: count }, (_, index) => {
    const dependencies = new Set<string>();
    if (index >= 10)
      for (let edges = next(3); edges > 0; edges--)
        dependencies.add(`T${Math.max(1, index - next(30))}`);
    return taskSchema.parse({
      id: `T${index + 1}`,
      title: `Task ${index + 1}`,
      type: 'code',
      complexity: 1 + next(10),
      dependsOn: [...dependencies],
    });
  });
}
