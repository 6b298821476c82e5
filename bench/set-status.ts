import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createFeatureStore } from '../src/state/lowdb-feature-store.ts';
import { documentOf, simulatedTasks } from './makespan.ts';
import { medianRatio, processMs, type Measurement } from './measurement.ts';

const tasks = 10_000;

/** One status change, as a whole process, in a feature of 10,000 tasks, over a bare node. */
export async function setStatus(runs: number): Promise<Measurement[]> {
  const root = await mkdtemp(join(tmpdir(), 'blueprint-bench-'));
  const featuresDir = join(root, 'features');
  const store = createFeatureStore({ featuresDir, displayRoot: root, now: () => new Date() });
  await store.create('large', documentOf(simulatedTasks(tasks)));
  const main = resolve('dist/main.js');
  let turn = 0;
  const change = (): number =>
    processMs(
      [main, 'task', 'set-status', 'large', `T${++turn}`, turn % 2 === 0 ? 'skipped' : 'done'],
      { cwd: root },
    );
  const measured = medianRatio(runs, change, () => processMs(['-e', '0']));
  await rm(root, { recursive: true });
  return [{ what: `a status change among ${tasks} tasks, over bare node`, measured, bar: 4 }];
}
