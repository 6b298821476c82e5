import type { Sandbox, SandboxLimits } from '../../sandbox/sandbox.ts';
import { baseName } from '../../files/slash-paths.ts';
import { openBase, type BaseRun } from '../base-runs.ts';
import { runLog } from '../checking.ts';
import type { Unavailable, TriedFile } from '../gate.ts';
import type { KnownRuns, TestRun } from '../known-runs.ts';
import type { Planning } from '../plans.ts';
import { runSuite } from '../run-suite.ts';
import type { RunnerPlan } from '../runners/runner.ts';
import { suiteLimits } from '../suite-limits.ts';
import { byHandWords } from '../verdict.ts';
import { compared } from './compare-trials.ts';
import { isTestFile } from './pick-runners.ts';
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
  /** Most that a run may take. */
  readonly wallMs?: number;
}

/** Of a runner that was not seen yet, beside the time in which it compiles what it runs. */
const firstMs = 60_000;
/** Of one file, where it is to be found out which of several comes to no end. */
const aloneMs = 15_000;
/** Far from others by the hour, and by a part of one. */
const otherZone = 'Pacific/Chatham';
/** By it, of two to eight tests, at least two thirds of all pairs change places in Go’s runner and in vitest. */
const seed = 12_132;

/** Runs some files by the runner that takes them. What makes it unavailable is a fault of the project, and none of the files. */
export async function planTrial(
  plan: RunnerPlan,
  texts: Tests,
  given: Given,
  signal: AbortSignal,
): Promise<readonly TriedFile[] | Unavailable> {
  const { input, stage, lasted, options } = given;
  const first = await runFiles(plan, texts, given.place, given, signal);
  const { run } = first;
  if (run.report.broken !== null && run.report.passed === 0)
    return broken(plan, texts, run.report.broken, given, signal);
  const isEndless = run.end.kind === 'limit' && run.end.limit === 'time';
  const own =
    isEndless && !lasted.has(plan.runner) ? await ownRun(plan, texts, given, signal) : null;
  if (own !== null && !('unprepared' in own) && isLonger(own, first.limits, options)) {
    lasted.set(plan.runner, own);
    await using copy = await stage.copy(given.tests);
    if ('unavailable' in copy) return copy.unavailable;
    return await planTrial(plan, texts, { ...given, place: placeIn(copy, given) }, signal);
  }
  if (isEndless && texts.size > 1)
    return eachAlone(plan, texts, texts, { ...given, wallMs: aloneMs }, signal);
  if (run.end.kind === 'exited' && run.durationMs > (lasted.get(plan.runner)?.durationMs ?? 0))
    lasted.set(plan.runner, run);
  const files = await withWrites(first, plan, given, signal);
  const spoilt = texts.size === 1 ? [] : files.filter(isSpoilt).map(({ path }) => path);
  const unspoilt = files.filter(({ path }) => !spoilt.includes(path));
  const others = new Map([...texts].filter(([path]) => spoilt.includes(path)));
  const alone = await eachAlone(plan, others, texts, given, signal);
  if ('missing' in alone) return alone;
  if (!input.twice || !unspoilt.some(hasRun)) return [...unspoilt, ...alone];
  await using again = await stage.copy(given.tests);
  if ('unavailable' in again) return again.unavailable;
  const second = await runFiles(plan, texts, again, { ...given, after: first }, signal);
  return [...compared(unspoilt, readTrial(second)), ...alone];
}

/** Whether the project's own tests take so long that a run may take longer than it was given. */
function isLonger(own: TestRun, { wallMs }: SandboxLimits, options: TrialOptions): boolean {
  return suiteLimits(options.limits, options.timeoutMs, own).wallMs > wallMs;
}

/** A plan names the folder of tools that was made for it. */
function placeIn(copy: Place, { place }: Given): Place {
  return { ...place, context: { ...place.context, folder: copy.context.folder } };
}

/** By another file that was compiled with it, and could not be. */
function isSpoilt({ path, problem, tests }: TriedFile): boolean {
  return (
    problem?.kind === 'not_loaded' && tests.length === 0 && !problem.text.includes(baseName(path))
  );
}

function hasRun({ tests }: TriedFile): boolean {
  return tests.some(({ outcome }) => outcome !== 'skipped');
}

interface WatchedRun extends TriedRun {
  /** What it left in the project, besides what runs leave. */
  readonly wrote: readonly string[];
}

interface How {
  /** The first of two runs: this one is in another order and time zone. */
  readonly after?: TriedRun;
}

async function runFiles(
  plan: RunnerPlan,
  texts: Tests,
  { context: { folder } }: Place,
  { place, options, lasted, after, wallMs }: Given & How,
  signal: AbortSignal,
): Promise<WatchedRun> {
  const narrow = (plan.only ?? plan.apart)?.([...texts.keys()]) ?? plan;
  const known =
    after === undefined
      ? narrow
      : (narrow.reordered?.(after.run.report.tests ?? []) ?? narrow.shuffled?.(seed) ?? narrow);
  const inZone = { ...known, env: { ...known.env, TZ: after === undefined ? 'UTC' : otherZone } };
  const before = lasted.get(plan.runner) ?? null;
  const most =
    before === null ? Math.min(options.limits.wallMs, wallMs ?? firstMs) : options.limits.wallMs;
  const limits = suiteLimits({ ...options.limits, wallMs: most }, options.timeoutMs, before);
  const context = { ...place.context, folder, limits };
  const writes = await watchWrites(context);
  if (known.compiling !== undefined) {
    const compiling = { ...inZone, command: known.compiling };
    await runSuite(compiling, { ...context, limits: options.limits }, [], signal);
  }
  const run = await runSuite(inZone, context, [], signal);
  const note = `${plan.runner}, by ${plan.from}: ${[...texts.keys()].join(', ')}`;
  await context.keep(
    `trial${after === undefined ? '' : '-again'}.log`,
    runLog(narrow.byHand, run, limits, note),
  );
  return { plan, limits, run, texts, wrote: await writes() };
}

/** Runs each of several files in a copy of its own. @param together with which it was run before */
async function eachAlone(
  plan: RunnerPlan,
  texts: Tests,
  together: Tests,
  given: Given,
  signal: AbortSignal,
): Promise<readonly TriedFile[] | Unavailable> {
  const files: TriedFile[] = [];
  // Others of one package would be compiled and run with it; what they stand on is no test.
  const stays = ([path]: readonly [string, string]): boolean =>
    !together.has(path) || !isTestFile(path);
  for (const [path, text] of texts) {
    const only = new Map([[path, text]]);
    const tests = new Map([...[...given.tests].filter(stays), ...only]);
    await using copy = await given.stage.copy(tests);
    if ('unavailable' in copy) return copy.unavailable;
    const place = placeIn(copy, given);
    const ran = await planTrial(plan, only, { ...given, tests, place }, signal);
    if ('missing' in ran) return ran;
    files.push(...ran);
  }
  return files;
}

/**
 * Whose a file is that was left in the project: whose text names it; else who leaves it when run by itself, and what a
 * run with empty tests leaves is nobody's.
 */
async function withWrites(
  ran: WatchedRun,
  plan: RunnerPlan,
  given: Given,
  signal: AbortSignal,
): Promise<TriedFile[]> {
  const files = readTrial(ran);
  const namedBy = (text: string): readonly string[] =>
    ran.wrote.filter((path) => text.includes(baseName(path)));
  const ofTexts = new Set([...ran.texts.values()].flatMap(namedBy));
  const left = ran.wrote.filter((path) => !ofTexts.has(path));
  const empty = new Map([...ran.texts.keys()].map((path) => [path, ''] as const));
  const always = left.length === 0 ? [] : await wroteBy(empty, empty, plan, given, signal);
  const unnamed = left.filter((path) => !always.includes(path));
  const found: TriedFile[] = [];
  for (const file of files) {
    const text = ran.texts.get(file.path) ?? '';
    const alone = new Map([[file.path, text]]);
    const others =
      files.length === 1 || unnamed.length === 0
        ? unnamed
        : await wroteBy(new Map([...empty, ...alone]), alone, plan, given, signal);
    const wrote = [...namedBy(text), ...others.filter((path) => unnamed.includes(path))];
    const problem: Problem = { kind: 'writes', text: `it left in the project: ${named(wrote)}` };
    found.push(wrote.length === 0 || file.problem !== null ? file : { ...file, problem });
  }
  return found;
}

/** What a run of some files leaves, with other texts at their paths. */
async function wroteBy(
  texts: Tests,
  run: Tests,
  plan: RunnerPlan,
  given: Given,
  signal: AbortSignal,
): Promise<readonly string[]> {
  await using place = await given.stage.copy(new Map([...given.tests, ...texts]));
  if ('unavailable' in place) return [];
  return (await runFiles(plan, run, place, given, signal)).wrote;
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
  given: Given,
  signal: AbortSignal,
): Promise<readonly TriedFile[] | Unavailable> {
  const before = await ownRun(plan, texts, given, signal);
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

/** What the project's own tests come to by the same runner; null where it has none. */
async function ownRun(
  plan: RunnerPlan,
  texts: Tests,
  { input, sandbox, options }: Given,
  signal: AbortSignal,
): Promise<BaseRun | null> {
  const about = { touched: [...texts.keys()], declared: [] };
  return (await openBase(input, about, sandbox, options, signal)).of(plan.runner);
}
