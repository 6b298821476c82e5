import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { InterruptedError, throwIfAborted } from '../domain/errors.ts';
import type { JobResult, Job } from './job.ts';
import type { Report } from './thread.ts';

/** Parsers of other people, in threads that can be ended: some need by more than the length of a text. */
export interface Threads {
  /** @throws Error when it takes longer than the job's limit, or the parser breaks. @throws InterruptedError */
  ask(job: Job, signal?: AbortSignal): Promise<JobResult>;
  /** Starts one, where there is none, that loads what all of them need. */
  start(): void;
  /** Whether there is one, with what it has loaded. */
  areRunning(): boolean;
  /** Ends those that are asked nothing, with the memory that they hold. */
  endIdle(): void;
}

/** What a thread notices by itself it says itself; this much later it is ended. */
const graceMs = 300;
/** For a thread to start and to load a grammar. */
const loadMs = 60_000;

/** A further thread loads its grammars anew: it is worth that after so many jobs. */
const jobsForAnother = 32;

interface Asked {
  readonly job: Job;
  readonly begin: (thread: Worker) => void;
}

/** @param most threads at once; each is started when it is first needed, and none keeps the process alive */
export function createThreads(most: number): Threads {
  const idle: Worker[] = [];
  const waiting: Asked[] = [];
  let running = 0;
  let done = 0;

  const next = (): void => {
    const allowed = Math.min(most, 1 + Math.floor(done / jobsForAnother));
    while (waiting.length > 0 && (idle.length > 0 || running < allowed)) {
      const asked = waiting.shift();
      if (asked === undefined) return;
      running += 1;
      asked.begin(fitting(idle, asked.job) ?? startThread());
    }
  };
  const leave = (thread: Worker): void => {
    thread.removeAllListeners();
    // What goes wrong while nobody asks it ends it, and is no fault of a text.
    thread.on('error', () => undefined);
    thread.once('exit', () => remove(idle, thread));
    thread.unref();
  };
  const give = (thread: Worker, isUsable: boolean): void => {
    running -= 1;
    done += 1;
    leave(thread);
    if (isUsable) idle.push(thread);
    else void thread.terminate();
    next();
  };

  const areRunning = (): boolean => running + idle.length > 0;

  return {
    areRunning,
    start() {
      if (areRunning()) return;
      const thread = startThread(true);
      leave(thread);
      idle.push(thread);
    },
    endIdle() {
      for (const thread of idle.splice(0)) void thread.terminate();
    },
    async ask(job, signal) {
      if (signal !== undefined) throwIfAborted(signal);
      return new Promise<JobResult>((resolve, reject) => {
        const asked: Asked = {
          job,
          begin(thread) {
            signal?.removeEventListener('abort', turnBack);
            talk(thread, job, signal).then(
              ({ outcome, isUsable }) => {
                give(thread, isUsable);
                if ('answer' in outcome) resolve(outcome.answer);
                else reject(outcome.error);
              },
              // It settles whatever happens.
              reject,
            );
          },
        };
        const turnBack = (): void => {
          remove(waiting, asked);
          reject(new InterruptedError());
        };
        signal?.addEventListener('abort', turnBack, { once: true });
        waiting.push(asked);
        next();
      });
    },
  };
}

/** What each thread has loaded: a grammar and its queries take up to half a second. */
const loaded = new WeakMap<Worker, Set<string>>();

function grammarIn(job: Job): string {
  return 'grammar' in job ? job.grammar : job.kind;
}

/** Taken from those that are idle: one that has the grammar, else any. */
function fitting(idle: Worker[], job: Job): Worker | undefined {
  const thread = idle.find((one) => loaded.get(one)?.has(grammarIn(job))) ?? idle.at(-1);
  if (thread !== undefined) remove(idle, thread);
  return thread;
}

function remove<T>(list: T[], item: T): void {
  const at = list.indexOf(item);
  if (at !== -1) list.splice(at, 1);
}

interface Talk {
  readonly outcome: { readonly answer: JobResult } | { readonly error: Error };
  /** Whether the thread can be asked again. */
  readonly isUsable: boolean;
}

/** One job's way through a thread; never rejects. */
function talk(thread: Worker, job: Job, signal: AbortSignal | undefined): Promise<Talk> {
  return new Promise((resolve) => {
    const finish = (outcome: Talk['outcome'], isUsable: boolean): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', interrupted);
      resolve({ outcome, isUsable });
    };
    const broken = (reason: string): void => finish({ error: new Error(reason) }, false);
    const interrupted = (): void => finish({ error: new InterruptedError() }, false);
    const late = (): void => broken(`reading it took more than ${job.limitMs} ms`);
    let timer = setTimeout(() => broken('its parser could not be loaded in time'), loadMs);
    const hear = (report: Report): void => {
      if (report.state === 'begun') {
        clearTimeout(timer);
        timer = setTimeout(late, job.limitMs + graceMs);
      } else if (report.state === 'done') finish({ answer: report.answer }, true);
      else finish({ error: new Error(report.reason) }, !report.isBroken);
    };
    signal?.addEventListener('abort', interrupted, { once: true });
    thread.removeAllListeners();
    thread.on('message', hear);
    thread.once('error', (error) => broken(error.message));
    thread.once('exit', () => broken('its parser ended'));
    loaded.set(thread, (loaded.get(thread) ?? new Set()).add(grammarIn(job)));
    thread.ref();
    thread.postMessage(job);
  });
}

declare const BLUEPRINT_SYNTAX_THREAD: string | undefined;

/** The build names its file; sources are read by the loader that reads them elsewhere. */
function startThread(isAhead = false): Worker {
  const options = {
    workerData: isAhead,
    env: {},
    execArgv: [],
    stdout: true,
    stderr: true,
    // What queries find is short-lived: more room for it is 20 MB more for each thread.
    resourceLimits: { maxOldGenerationSizeMb: 1024, maxYoungGenerationSizeMb: 8 },
  };
  if (typeof BLUEPRINT_SYNTAX_THREAD !== 'undefined')
    return new Worker(new URL(BLUEPRINT_SYNTAX_THREAD, import.meta.url), options);
  const loader = createRequire(import.meta.url)
    .resolve('tsx/esm/api')
    .replace(/\.cjs$/, '.mjs');
  const [tsx, source] = [pathToFileURL(loader), new URL('./thread.ts', import.meta.url)].map(
    ({ href }) => JSON.stringify(href),
  );
  const program = `import(${tsx}).then(({ register }) => { register(); return import(${source}); })`;
  return new Worker(program, { ...options, eval: true });
}
