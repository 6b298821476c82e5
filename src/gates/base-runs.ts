import { InterruptedError } from '../domain/errors.ts';
import { makeTemporaryFolder } from '../files/temporary-folder.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { sha256 } from '../text/sha256.ts';
import { canariesFor, layCanaries, type Canary } from './canaries.ts';
import { contentId } from './content-id.ts';
import { differing } from './compare-runs.ts';
import type { GateInput } from './gate.ts';
import type { KnownRuns, TestRun } from './known-runs.ts';
import { plansFor, type Planning } from './plans.ts';
import { projectBefore, viewOf } from './project-view.ts';
import { lastingMounts, runnerInput, type CopyContext } from './run-in-copy.ts';
import { runSuite } from './run-suite.ts';
import type { RunnerMissing, RunnerPlan, TestReport } from './runners/runner.ts';
import { setUpCopy } from './setup/set-up-copy.ts';
import type { Setup } from './setup/setup.ts';
import { suiteLimits } from './suite-limits.ts';
import type { Verdict } from './verdict.ts';

/** The suite as it runs on the project before the task. */
export interface BaseRuns {
  /** What would be run there: by its runner's name. */
  readonly plans: ReadonlyMap<string, RunnerPlan | RunnerMissing>;
  /** @returns null where nothing of this runner was there. @throws InterruptedError */
  of(runner: string): Promise<BaseRun | null>;
  /** The same, run once more, as far as the suite's length allows: what differs is flaky. */
  again(runner: string): Promise<BaseRun | null>;
  /** The tests of some files alone, of those that are there; null where the runner cannot be told, or none is. */
  some(runner: string, files: readonly string[]): Promise<BaseRun | null>;
  /** The same with its tests in an order by a seed; null also where that cannot be had. */
  shuffled(runner: string, seed: number): Promise<BaseRun | null>;
  /** How canaries come out there beside the tests of these files; null where none of them takes any. */
  canaried(runner: string, files: readonly string[], seed: number): Promise<CanaryRun | null>;
}

interface CanaryRun {
  readonly canaries: readonly Canary[];
  readonly report: TestReport;
}

/** `unprepared`: the user's own step did not work there, so nothing could run. */
export type BaseRun = TestRun | { readonly unprepared: Verdict };

/** The project before a task. The same object stands for the same project. */
export type BaseInput = Pick<GateInput, 'baseKey' | 'project' | 'copyTo' | 'progress'>;

/** All files of a suite. */
const whole: readonly string[] = [];
const mostRuns = 3;
/** Longer suites are run twice at most. */
const longMs = 10_000;

/** Runs of this process, by project and plan: nobody waits twice for the same. */
const running = new WeakMap<object, Map<string, Promise<BaseRun>>>();

/**
 * Nothing is run before it is asked for, and once for the same content, also by other commands.
 * @param work the files that the work changes or its task names, and the tests that it names
 */
export async function openBase(
  input: BaseInput,
  work: { readonly touched: readonly string[]; readonly declared: readonly string[] },
  sandbox: Sandbox,
  options: Planning & { readonly knownRuns: KnownRuns },
  signal: AbortSignal,
): Promise<BaseRuns> {
  const { setup, knownRuns } = options;
  const limits = suiteLimits(options.limits, options.timeoutMs);
  const before = await projectBefore(input, signal);
  const has = (program: string): Promise<boolean> => sandbox.has(program);
  const declared = work.declared.filter((path) => before.files.has(path));
  const asked = { ...runnerInput(before, options, { ...work, declared, scriptStood: true }), has };
  const plans = new Map(
    (await plansFor(asked, options)).map((plan) => [plan.runner, plan] as const),
  );
  const runs = running.get(input.baseKey) ?? new Map<string, Promise<BaseRun>>();
  running.set(input.baseKey, runs);

  const inCopy = async <T>(use: (context: CopyContext) => Promise<T>): Promise<T> => {
    await using copy = await makeTemporaryFolder();
    await input.copyTo(copy.path, signal);
    const project = await viewOf(copy.path);
    const keep = (): Promise<void> => Promise.resolve();
    const { progress = null } = input;
    const place = { folder: copy.path, sandbox, limits, keep, progress };
    // Awaited here, as the copy goes with this function.
    return await use({ ...asked, project, ...place });
  };
  const setUp = (context: CopyContext): Promise<Verdict | null> =>
    setUpCopy(options, context, 'base', signal);
  const run = (
    plan: RunnerPlan,
    until: (known: TestRun) => boolean,
    part = whole,
  ): Promise<BaseRun> =>
    inCopy(async (context) => {
      const key = keyOf(await contentId(context.folder), plan, context, { setup, part });
      const known = await knownRuns.get(key);
      if (known !== null && until(known)) return known;
      const unprepared = await setUp(context);
      if (unprepared !== null) return { unprepared };
      const { end, durationMs, report, rewritten } = await runSuite(plan, context, 'all', signal);
      const first = { end, durationMs, report, rewritten, runs: 1, flaky: [] };
      const now: TestRun = known === null ? first : joined(known, first);
      // What the environment lacks may be there the next time.
      if (report.broken === null) await knownRuns.put(key, now);
      return now;
    });
  const remember = (fingerprint: string, running: Promise<BaseRun>): Promise<BaseRun> => {
    runs.set(fingerprint, running);
    running.catch(() => {
      if (runs.get(fingerprint) === running) runs.delete(fingerprint);
    });
    return running;
  };
  const planOf = (runner: string): RunnerPlan | null => {
    const plan = plans.get(runner);
    return plan === undefined || 'missing' in plan ? null : plan;
  };
  const once = async (plan: RunnerPlan | null, part = whole): Promise<BaseRun | null> => {
    if (plan === null) return null;
    const fingerprint = [planId(plan, asked), ...part].join('\n');
    for (;;) {
      const begun = runs.get(fingerprint);
      try {
        const fresh = () => run(plan, () => true, part);
        return await (begun ?? remember(fingerprint, fresh()));
      } catch (error) {
        // Whoever began it was interrupted, and this caller was not.
        if (begun === undefined || !(error instanceof InterruptedError) || signal.aborted)
          throw error;
      }
    }
  };
  return {
    plans,
    of: (runner) => once(planOf(runner)),
    some: async (runner, files) => {
      const part = files.filter((path) => before.files.has(path)).sort();
      return part.length === 0 ? null : once(planOf(runner)?.only?.(part) ?? null, part);
    },
    shuffled: (runner, seed) => once(planOf(runner)?.shuffled?.(seed) ?? null),
    async canaried(runner, files, seed) {
      const plan = planOf(runner);
      if (plan === null) return null;
      return inCopy(async (context) => {
        const canaries = await canariesFor(context.project, files);
        if (canaries.length === 0 || (await setUp(context)) !== null) return null;
        await layCanaries(context.folder, canaries);
        const seeded = plan.shuffled?.(seed) ?? plan;
        const { report } = await runSuite(seeded, context, 'all', signal);
        return { canaries, report };
      });
    },
    async again(runner) {
      const plan = planOf(runner);
      if (plan === null) return null;
      const fingerprint = planId(plan, asked);
      const last = await (runs.get(fingerprint) ?? null);
      if (last === null || 'unprepared' in last || isEnough(last)) return last;
      return remember(
        fingerprint,
        run(plan, (known) => known.runs > last.runs),
      );
    },
  };
}

function isEnough({ runs, durationMs }: TestRun): boolean {
  return runs >= (durationMs > longMs ? 2 : mostRuns);
}

function joined(known: TestRun, next: TestRun): TestRun {
  const differ = differing(known.report, next.report);
  const flaky = [...new Set([...known.flaky, ...differ])];
  const rewritten = [...new Set([...known.rewritten, ...next.rewritten])];
  return { ...known, runs: known.runs + 1, flaky, rewritten };
}

/** A plan without the names that are made anew for each run. */
function planId({ runner, command, env }: RunnerPlan, { tools, mark }: CopyNames): string {
  return JSON.stringify([runner, command, env]).replaceAll(tools, '').replaceAll(mark.trim(), '');
}

type CopyNames = Pick<CopyContext, 'tools' | 'mark'>;

function keyOf(
  content: string,
  plan: RunnerPlan,
  context: CopyContext,
  { setup, part }: { readonly setup: Setup | null; readonly part: readonly string[] },
): string {
  const { tools, sandbox, limits } = context;
  const mounts = lastingMounts(plan, tools);
  const all = [
    content,
    planId(plan, context),
    mounts,
    sandbox.name,
    process.version,
    setup,
    limits,
    ...part,
  ];
  return sha256(JSON.stringify(all));
}
