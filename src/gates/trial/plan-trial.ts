import type { Sandbox } from '../../sandbox/sandbox.ts';
import { openBase } from '../base-runs.ts';
import { runLog } from '../checking.ts';
import type { Hindrance, TriedFile } from '../gate.ts';
import type { KnownRuns, TestRun } from '../known-runs.ts';
import type { Planning } from '../plans.ts';
import { runSuite } from '../run-suite.ts';
import type { RunnerPlan } from '../runners/runner.ts';
import { suiteLimits } from '../suite-limits.ts';
import { byHandWords } from '../verdict.ts';
import { compared } from './compare-trials.ts';
import { readTrial, type TriedRun } from './read-trial.ts';
import type { Place, Stage, Tests, TrialInput } from './stage.ts';
import type { Problem } from './unsound.ts';
import { watchWrites } from './writes.ts';

export type TrialOptions = Planning & { readonly knownRuns: KnownRuns };

/** The longest trial of each runner so far. */
export type Lasted = Map<string, Pick<TestRun, 'end' | 'durationMs'>>;

export interface Given {
  readonly input: TrialInput;
  readonly stage: Stage;
  /** A copy in which nothing of this runner was run. */
  readonly place: Place;
  readonly sandbox: Sandbox;
  readonly options: TrialOptions;
  readonly lasted: Lasted;
  /** All files of the trial. */
  readonly tests: Tests;
}

/** Of a runner that was not seen yet: a program may have to be compiled first. */
const firstMs = 60_000;
/** Of one file, where it is to be found out which of several comes to no end. */
const aloneMs = 15_000;
/** Far from others by the hour, and by a part of one. */
const otherZone = 'Pacific/Chatham';
/** By it two tests change places in the runners that shuffle by a seed. */
const seed = 4;

/** Runs some files by the runner that takes them. A hindrance is one of the project, and none of the files. */
export async function planTrial(
  plan: RunnerPlan,
  texts: Tests,
  given: Given,
  signal: AbortSignal,
): Promise<readonly TriedFile[] | Hindrance> {
  const { input, stage, lasted } = given;
  const first = await runFiles(plan, texts, given.place, given, signal);
  const { run } = first;
  if (run.report.broken !== null && run.report.passed === 0)
    return broken(plan, texts, run.report.broken, given, signal);
  if (run.end.kind === 'limit' && run.end.limit === 'time' && texts.size > 1)
    return eachAlone(plan, texts, given, signal);
  if (run.end.kind === 'exited' && run.durationMs > (lasted.get(plan.runner)?.durationMs ?? 0))
    lasted.set(plan.runner, run);
  const files = await withWrites(first, plan, given, signal);
  if (!input.twice || !files.some(hasRun)) return files;
  await using again = await stage.copy(given.tests);
  if ('hindrance' in again) return again.hindrance;
  const turned = { ...given, place: again, isSecond: true };
  return compared(files, readTrial(await runFiles(plan, texts, again, turned, signal)));
}

function hasRun({ tests }: TriedFile): boolean {
  return tests.some(({ outcome }) => outcome !== 'skipped');
}

interface WatchedRun extends TriedRun {
  /** What it left in the project, besides what runs leave. */
  readonly wrote: readonly string[];
}

interface How {
  readonly isSecond?: boolean;
  readonly wallMs?: number;
}

async function runFiles(
  plan: RunnerPlan,
  texts: Tests,
  { context }: Place,
  { options, lasted, isSecond = false, wallMs }: Pick<Given, 'options' | 'lasted'> & How,
  signal: AbortSignal,
): Promise<WatchedRun> {
  const narrow = plan.only?.([...texts.keys()]) ?? plan;
  const turned = isSecond ? (narrow.reversed?.() ?? narrow.shuffled?.(seed) ?? narrow) : narrow;
  const zone = isSecond ? otherZone : 'UTC';
  const known = { ...turned, env: { ...turned.env, TZ: zone } };
  const most = Math.min(options.limits.wallMs, wallMs ?? firstMs);
  const before = lasted.get(plan.runner) ?? null;
  const limits = suiteLimits({ ...options.limits, wallMs: most }, options.timeoutMs, before);
  const writes = await watchWrites(context);
  const run = await runSuite(known, { ...context, limits }, [], signal);
  const note = `${plan.runner}, by ${plan.from}: ${[...texts.keys()].join(', ')}`;
  await context.keep(
    `trial${isSecond ? '-again' : ''}.log`,
    runLog(narrow.byHand, run, limits, note),
  );
  return { plan, limits, run, texts, wrote: await writes() };
}

/** Which of several files comes to no end: each is run alone, and for a shorter time. */
async function eachAlone(
  plan: RunnerPlan,
  texts: Tests,
  given: Given,
  signal: AbortSignal,
): Promise<readonly TriedFile[] | Hindrance> {
  const files: TriedFile[] = [];
  for (const [path, text] of texts) {
    const only = new Map([[path, text]]);
    await using place = await given.stage.copy(plan.only === undefined ? only : given.tests);
    if ('hindrance' in place) return place.hindrance;
    const ran = await runFiles(plan, only, place, { ...given, wallMs: aloneMs }, signal);
    files.push(...(await withWrites(ran, plan, given, signal)));
  }
  return files;
}

/** Whose a file is that was left in the project: a run with empty tests leaves what every run leaves. */
async function withWrites(
  ran: WatchedRun,
  plan: RunnerPlan,
  given: Given,
  signal: AbortSignal,
): Promise<TriedFile[]> {
  const files = readTrial(ran);
  if (ran.wrote.length === 0) return files;
  const wroteAlone = async (texts: Tests): Promise<readonly string[]> => {
    await using place = await given.stage.copy(new Map([...given.tests, ...texts]));
    if ('hindrance' in place) return [];
    const alone = new Map([...texts].filter(([, text]) => text !== ''));
    return (await runFiles(plan, alone.size === 0 ? texts : alone, place, given, signal)).wrote;
  };
  const empty = new Map([...ran.texts.keys()].map((path) => [path, ''] as const));
  const always = new Set(await wroteAlone(empty));
  const found: TriedFile[] = [];
  for (const file of files) {
    const text = ran.texts.get(file.path) ?? '';
    const own =
      files.length === 1 ? ran.wrote : await wroteAlone(new Map([...empty, [file.path, text]]));
    const wrote = own.filter((path) => !always.has(path));
    const problem: Problem = { kind: 'writes', text: `it left in the project: ${named(wrote)}` };
    found.push(wrote.length === 0 || file.problem !== null ? file : { ...file, problem });
  }
  return found;
}

const mostNamed = 8;

function named(paths: readonly string[]): string {
  const more = paths.length > mostNamed ? ` and ${paths.length - mostNamed} more` : '';
  return `${paths.slice(0, mostNamed).join(', ')}${more}`;
}

/** The runner could not work: here at all, or with these files. */
async function broken(
  plan: RunnerPlan,
  texts: Tests,
  words: string,
  { input, sandbox, options }: Given,
  signal: AbortSignal,
): Promise<readonly TriedFile[] | Hindrance> {
  const about = { touched: [...texts.keys()], declared: [] };
  const before = await (await openBase(input, about, sandbox, options, signal)).of(plan.runner);
  if (before !== null && 'unprepared' in before)
    return { missing: before.unprepared.summary, fix: '' };
  if (before !== null && before.report.broken !== null && before.report.passed === 0) {
    const missing = `${plan.runner}, by ${plan.from}, cannot run on the project as it is: ${words}`;
    return { missing, fix: byHandWords(plan) };
  }
  const kind = before === null ? 'no_runner' : 'not_loaded';
  const text = `${plan.runner} could not work: ${words}`;
  return [...texts.keys()].map((path) => ({ path, problem: { kind, text }, tests: [] }));
}
