import type { FileChanges } from '../domain/bundle.ts';
import type { TemporaryFolder } from '../files/temporary-folder.ts';
import type { BaseRuns } from './base-runs.ts';
import { runFirst, type LastRun } from './first-tests.ts';
import { judgedFairly } from './judged-fairly.ts';
import type { Ownership } from './ownership.ts';
import type { Planning } from './plans.ts';
import type { Reach } from './reach.ts';
import type { CopyContext } from './run-in-copy.ts';
import { runPlan } from './run-plan.ts';
import { isScript } from './runners/npm-script.ts';
import type { RunnerMissing, RunnerPlan } from './runners/runner.ts';
import { confirmed } from './second-run.ts';
import { suiteLimits } from './suite-limits.ts';
import { errored, type Verdict } from './verdict.ts';

/** The work in a copy of its own, and what it is compared with. */
export interface StagedWork {
  readonly context: CopyContext;
  readonly base: BaseRuns;
  readonly baseKey: object;
  /** As they are laid over the base. */
  readonly changes: FileChanges;
  readonly ownership: Ownership;
  readonly copyAgain: () => Promise<TemporaryFolder | null>;
  readonly task: string;
  /** By task and runner. */
  readonly lastRuns: Map<string, LastRun>;
  readonly deaf: Set<string>;
}

/** Runs one plan on the work, and says what it shows. */
export async function judgePlan(
  plan: RunnerPlan | RunnerMissing,
  work: StagedWork,
  options: Planning & { readonly reach: Reach | null },
  signal: AbortSignal,
): Promise<Verdict> {
  const { base, ownership, copyAgain, lastRuns, baseKey, changes } = work;
  if ('missing' in plan) return errored(`${plan.runner}: ${plan.missing}`, plan.fix);
  const before = await base.of(plan.runner);
  if (before !== null && 'unprepared' in before) return before.unprepared;
  const limits = suiteLimits(work.context.limits, options.timeoutMs, before);
  const context = { ...work.context, limits };
  const key = `${work.task} ${plan.runner}`;
  const last = lastRuns.get(key);
  const checked = { ...work, context, before };
  const first =
    last === undefined ? null : await runFirst(plan, last, checked, options.reach, signal);
  if (first !== null && first.verdict !== null) return first.verdict;
  const explained = first === null ? plan : { ...plan, from: `${plan.from}; ${first.note}` };
  const ran = await runPlan(explained, context, before, signal);
  const fair = { base, ownership, before, narrow: <Run>(run: Run): Run => run };
  const { verdict, known } = await judgedFairly(ran, plan.runner, fair);
  const failed = verdict.status === 'failed';
  lastRuns.set(key, { baseKey, changes, report: ran.report, failed });
  if (verdict.status === 'passed')
    return confirmed({ plan, context, ran, verdict, before: known }, { base, copyAgain }, signal);
  const isOwn = verdict.status === 'skipped' && !context.scriptStood && isScript(plan);
  return isOwn ? { ...verdict, summary: ownScript } : verdict;
}

const ownScript =
  'the work brings its own npm test, which proves nothing; name the command with --test-command';
