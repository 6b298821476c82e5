import type { BaseRun, BaseRuns } from './base-runs.ts';
import type { TestRun } from './known-runs.ts';
import type { Ownership } from './ownership.ts';
import type { RanPlan } from './run-plan.ts';
import type { RunVerdict } from './test-verdict.ts';

interface Against {
  readonly base: Pick<BaseRuns, 'again'>;
  readonly ownership: Ownership;
  /** The whole suite as it ran before the work. */
  readonly before: TestRun | null;
  /** The part of it that a run is compared with. */
  readonly narrow: (run: TestRun) => TestRun;
}

/** What a run says, and the run before that it is compared with: that one is made anew as long as it is blamed for a test that may pass by turns. */
export async function judgedFairly(
  ran: RanPlan,
  runner: string,
  { base, ownership, before, narrow }: Against,
): Promise<{ readonly verdict: RunVerdict; readonly known: TestRun | null }> {
  let whole = before;
  let known = whole === null ? null : narrow(whole);
  let verdict = ran.judge(known, ownership);
  while (verdict.blamesOld && whole !== null) {
    const again: BaseRun | null = await base.again(runner);
    if (again === null || 'unprepared' in again || again.runs === whole.runs) break;
    whole = again;
    known = narrow(again);
    verdict = ran.judge(known, ownership);
  }
  return { verdict, known };
}
