import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createFeatureStore } from '../src/state/lowdb-feature-store.ts';
import { documentOf, simulatedTasks } from './makespan.ts';
import { medianRatio, processMs, type Measurement } from './measurement.ts';

const tasks = 10_000;
const main = resolve('dist/main.js');
const bare = (): number => processMs(['-e', '0']);

/** Commands as whole processes in features of 10,000 tasks, over a bare node. */
export async function largeFeatures(runs: number): Promise<Measurement[]> {
  const root = await mkdtemp(join(tmpdir(), 'blueprint-bench-'));
  const featuresDir = join(root, 'features');
  const store = createFeatureStore({ featuresDir, displayRoot: root, now: () => new Date() });
  await store.create('large', documentOf(simulatedTasks(tasks)));
  await store.create('half', documentOf(simulatedTasks(tasks / 2)));
  const timed = (...args: string[]): number => processMs([main, ...args], { cwd: root });
  let turn = 0;
  const change = (): number =>
    timed('task', 'set-status', 'large', `T${++turn}`, turn % 2 === 0 ? 'skipped' : 'done');
  const dryRun = (feature: string): number => timed('run', feature, '--dry-run');
  const few = Math.min(runs, Math.max(3, runs >> 1));
  const measurements = [
    {
      what: `a status change among ${tasks} tasks, over bare node`,
      measured: medianRatio(runs, change, bare),
      bar: 3,
    },
    {
      what: `blueprint show of ${tasks} tasks, over bare node`,
      measured: medianRatio(few, () => timed('show', 'large'), bare),
      bar: 10,
    },
    {
      what: `blueprint run --dry-run of ${tasks} tasks, over bare node`,
      measured: medianRatio(few, () => dryRun('large'), bare),
      bar: 20,
    },
    {
      what: `blueprint run --dry-run of ${tasks} tasks, over that of ${tasks / 2}`,
      measured: medianRatio(
        few,
        () => dryRun('large'),
        () => dryRun('half'),
      ),
      bar: 2.2,
    },
  ];
  await rm(root, { recursive: true });
  return measurements;
}
