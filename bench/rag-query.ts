import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newTask } from '../src/domain/task.ts';
import { projectAt } from './project-at.ts';
import { aloneIn } from '../src/use-cases/solve-task.ts';
import { ragPrompt } from '../src/workflows/rag/rag-prompt.ts';
import { projectSources, type Sources } from '../src/workflows/rag/sources.ts';
import { median, type Measurement } from './measurement.ts';
import { syntheticFiles, writeRepository } from './synthetic-repository.ts';

/** As people ask: by a few words, by a name, by a file, and at length. */
const questions = [
  'How is the session token loaded before the order is priced?',
  'What does parseInvoice17 do when no ledger is left?',
  'Which limit does src/part3/module82.ts use?',
  'Where is a batch of events split, who reads the stock of the queue, and what is kept for the next day when a price report, an index of routes and the cache of a graph wait for each other?',
];

/**
 * From a question to the pieces of the project that are shown with it, where the project was read before: what
 * is searched and read for one question.
 * @param bytes of source at least, in a made-up repository
 */
export async function ragQuery(bytes: number, runs: number): Promise<Measurement[]> {
  const root = await mkdtemp(join(tmpdir(), 'blueprint-bench-'));
  try {
    await writeRepository(root, filesOfBytes(bytes));
    const project = projectAt(root);
    const sources = projectSources(project);
    const times: number[] = [];
    for (let run = -1; run < runs; run += 1)
      for (const question of questions) {
        const took = await timed(question, sources);
        // The first of each finds the index cold.
        if (run >= 0) times.push(took);
      }
    const megabytes = Math.round(bytes / 1e6);
    const what = `own CPU from a question to the pieces that answer it, of ${megabytes} MB of source`;
    return [{ what, measured: median(times), unit: 'ms', bar: 50 }];
  } finally {
    await rm(root, { recursive: true });
  }
}

/** Own CPU, ms. */
async function timed(question: string, answerFrom: Sources): Promise<number> {
  const task = newTask({ id: 'T1', title: question, type: 'code', workflow: 'rag_qa' });
  const sources = {
    document: aloneIn(task, new Date(0)),
    spec: '',
    base: async () => null,
    answerFrom,
  };
  const before = process.cpuUsage();
  const { pack } = await ragPrompt(task, sources, { contextTokens: 30_000 });
  const { user, system } = process.cpuUsage(before);
  if (pack.shownFiles.length === 0) throw new Error(`Nothing was found for «${question}»`);
  return (user + system) / 1_000;
}

/** How many of the made-up files hold so much. */
function filesOfBytes(bytes: number): number {
  let [count, held] = [0, 0];
  for (const { text } of syntheticFiles(Number.POSITIVE_INFINITY)) {
    if (held >= bytes) break;
    count += 1;
    held += text.length;
  }
  return count;
}
