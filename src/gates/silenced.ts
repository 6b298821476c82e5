import { makeTemporaryFolder } from '../files/temporary-folder.ts';
import type { GateInput } from './gate.ts';
import type { RunnerPlan } from './runners/runner.ts';
import { executedTests } from './runners/text-counts.ts';
import { blocker, verdictOn, type Verdict } from './verdict.ts';
import { runInCopy, type PlanRun } from './run-plan.ts';

/**
 * Of a command that ended with success and told no count of tests: whether it told one on the project as it
 * was before the work, so that something in the work keeps it from its end.
 * @returns the failure, or null when the command never tells.
 */
export async function silenced(
  plan: RunnerPlan,
  run: Omit<PlanRun, 'folder'>,
  input: GateInput,
  prepare: (folder: string) => Promise<Verdict | null>,
  signal: AbortSignal,
): Promise<Verdict | null> {
  const copy = await makeTemporaryFolder();
  try {
    await input.copyTo(copy.path, signal);
    if ((await prepare(copy.path)) !== null) return null;
    const { stdout, stderr } = await runInCopy(plan, { ...run, folder: copy.path }, signal);
    const before = executedTests(`${stdout}\n${stderr}`);
    if (before === null || before === 0) return null;
    const evidence = `${plan.runner} ended with success and told no test; before this task it told ${before}`;
    const fix = 'The code under test must not end the process, or keep the tests from being run.';
    return verdictOn([blocker('test', null, evidence, fix)], '');
  } finally {
    await copy.remove();
  }
}
