import { availableParallelism } from 'node:os';
import { throwIfAborted } from '../domain/errors.ts';
import { perform, type JobResults, type Job } from './job.ts';
import { createThreads } from './threads.ts';

/**
 * Characters. Among texts made to keep a parser busy, those of this length kept one for half a second; of
 * others, that take seconds without a chance to stop them, the length grows tenfold.
 */
const readAtOnce = 2_000;
/** Each holds the grammars that it met. */
const mostThreads = 3;

const threads = createThreads(Math.min(mostThreads, availableParallelism()));

/** Gives back the memory of what reads texts, some 30 MB for each grammar and thread: after much, little follows. */
export function endIdleThreads(): void {
  threads.endIdle();
}

/** Starts a thread before it is known what is to be read: it takes as long to start as short texts take to be read. */
export function startReading(): void {
  threads.start();
}

/**
 * Has a thread load what a text of some length will need, if it will be read in one.
 * @returns whether it will
 */
export function prepareSyntax(job: Job, length: number): boolean {
  if (length <= readAtOnce) return false;
  // What cannot be loaded is told by the first job that needs it.
  void threads.ask(job).catch(() => undefined);
  return true;
}

/**
 * What parsers read of a text. A short one is read here while no thread runs; one that could keep the program deaf, or for ever
 * busy, in a thread that is ended.
 * @throws Error when it takes longer than the job's limit, or the parser breaks. @throws InterruptedError
 */
export async function readSyntax<K extends Job['kind']>(
  job: Job & { readonly kind: K },
  signal?: AbortSignal,
): Promise<JobResults[K]> {
  if (signal !== undefined) throwIfAborted(signal);
  // Where a thread runs it has loaded most of what is needed; here all would be loaded once more.
  const isHere = job.text.length <= readAtOnce && !threads.areRunning();
  return (await (isHere ? perform(job) : threads.ask(job, signal))) as JobResults[K];
}
