import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { createFeatureStore } from '../src/state/lowdb-feature-store.ts';
import { documentOf, simulatedTasks } from './makespan.ts';
import { median, type Measurement } from './measurement.ts';

const processes = 20;

/** How long a change of a feature waits while other processes change it too. */
export async function manyWriters(changes: number): Promise<Measurement[]> {
  const root = await mkdtemp(join(tmpdir(), 'blueprint-bench-'));
  const featuresDir = join(root, 'features');
  const store = createFeatureStore({ featuresDir, displayRoot: root, now: () => new Date() });
  await store.create('shared', documentOf(simulatedTasks(processes * changes)));
  const writer = join(import.meta.dirname, 'many-writers-process.ts');
  const waits = await Promise.all(
    Array.from({ length: processes }, async (_, index) => {
      const range = [String(index * changes), String(changes)];
      const { stdout } = await execa(process.execPath, ['--import', 'tsx', writer, root, ...range]);
      return JSON.parse(stdout) as number[];
    }),
  );
  const tasks = (await store.read('shared'))?.tasks ?? [];
  await rm(root, { recursive: true });
  const lost = tasks.filter(({ status }) => status !== 'done').length;
  if (lost > 0) throw new Error(`${lost} of ${tasks.length} changes were lost`);
  return [
    {
      what: `median wait of a status change, ${processes} processes with ${changes} changes each`,
      measured: median(waits.flat()),
      unit: 'ms',
      bar: 1_000,
    },
  ];
}
