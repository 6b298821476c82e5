import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { taskSchema } from '../src/domain/task.ts';
import { createArtefactStore } from '../src/state/artefacts.ts';
import { createFeatureStore } from '../src/state/lowdb-feature-store.ts';
import { documentOf } from './makespan.ts';
import { processCpuMs, type Measurement } from './measurement.ts';

const few = 250;
const barMs = 40;

/** What a task costs of our own CPU where the models cost nothing, and whether that grows with the feature. */
export async function noOpRuns(many: number): Promise<Measurement[]> {
  const ofFew = (await cpuOfRun(few)) / few;
  const ofMany = (await cpuOfRun(many)) / many;
  return [
    {
      what: `own CPU a task of a run of ${few} tasks that write a file and are approved`,
      measured: ofFew,
      unit: 'ms',
      bar: barMs,
    },
    {
      what: `own CPU a task of a run of ${many} such tasks`,
      measured: ofMany,
      unit: 'ms',
      bar: barMs,
    },
    { what: `the second over the first`, measured: ofMany / ofFew, bar: 1.5 },
  ];
}

/** The built program runs a feature whose models are scripted; start and end included. */
async function cpuOfRun(count: number): Promise<number> {
  const root = await mkdtemp(join(tmpdir(), 'blueprint-bench-'));
  const place = {
    featuresDir: join(root, 'features'),
    displayRoot: root,
    now: (): Date => new Date(),
  };
  const ids = Array.from({ length: count }, (_, index) => `T${index + 1}`);
  const tasks = ids.map((id) =>
    taskSchema.parse({ id, title: `Task ${id}`, type: 'code', files: [`notes/${id}.txt`] }),
  );
  await createFeatureStore(place).create('many', documentOf(tasks));
  await createArtefactStore(place).write('many', 'spec.md', '# Many\n');
  await writeFile(join(root, 'script.jsonl'), scriptOf(ids));
  const main = resolve('dist/main.js');
  const script = ['--script', 'script.jsonl', '--quiet'];
  const cpuMs = processCpuMs([main, 'run', 'many', ...script], { cwd: root });
  await rm(root, { recursive: true });
  return cpuMs;
}

function scriptOf(ids: readonly string[]): string {
  const review = {
    verdict: 'accept',
    summary: 'Sound.',
    scores: { correctness: 1, consistency: 1, safety: 1, efficiency: 1, clarity: 1 },
    findings: [],
  };
  const entries = [
    { script: 1, note: 'Every task writes a file, and every review finds nothing.' },
    { when: { stage: 'review' }, times: null, reply: { json: review } },
    ...ids.map((id) => ({
      when: { stage: 'execute', task: id },
      reply: { lines: [`FILE: notes/${id}.txt`, '````', id, '````', ''] },
    })),
  ];
  return entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
}
