import { parentPort, workerData } from 'node:worker_threads';
import { perform, prepare, type JobResult, type Job } from './job.ts';
import { beginRuntime } from './tree-sitter.ts';

/** What a thread says of the one job that it has. */
export type Report =
  | { readonly state: 'begun' }
  | { readonly state: 'done'; readonly answer: JobResult }
  /** Broken: the parser's machine itself failed, and is of no more use. */
  | { readonly state: 'failed'; readonly reason: string; readonly isBroken: boolean };

const port = parentPort;
const report = (message: Report): void => port?.postMessage(message);

async function work(job: Job): Promise<void> {
  try {
    await prepare(job);
    report({ state: 'begun' });
    report({ state: 'done', answer: await perform(job) });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const isBroken = error instanceof Error && error.name === 'RuntimeError';
    report({ state: 'failed', reason: message.split('\n')[0] ?? '', isBroken });
  }
}

// Started before there is a job: most ask for it.
if (workerData === true) beginRuntime();
port?.on('message', (job: Job) => void work(job));
