import type { FileChanges } from '../domain/bundle.ts';
import type { GateInput, TriedFile } from './gate.ts';
import type { TestReport } from './runners/runner.ts';
import { hasTests } from './trial/pick-runners.ts';
import { fileOfTest } from './trial/read-trial.ts';
import type { TrialOptions } from './trial/plan-trial.ts';
import { testTrials } from './trial/try-tests.ts';
import { blocker, errored, verdictOn, type Verdict } from './verdict.ts';

/**
 * Tests that were fixed for the task, and of which no run of the project's tests has told anything: they are run by
 * themselves. A file of them that says nothing then either fails, for whatever kept it from that.
 * @param reports of the runs on the work
 * @param changes as they are laid over the project
 * @returns null where all were heard of. @throws InterruptedError
 */
export async function unheardFrozen(
  input: GateInput,
  reports: readonly TestReport[],
  changes: FileChanges,
  options: TrialOptions,
  signal: AbortSignal,
): Promise<Verdict | null> {
  const executed = reports
    .flatMap(({ tests }) => tests ?? [])
    .filter(({ outcome }) => outcome !== 'skipped');
  const heard = new Set(executed.map((test) => fileOfTest(test, input.frozen)));
  const unheard = new Map(
    [...input.frozen].filter(([path, text]) => hasTests(text) && !heard.has(path)),
  );
  if (unheard.size === 0) return null;
  const trial = { ...input, changes, tests: unheard, twice: false };
  const tried = await testTrials(options)(trial, signal);
  if ('unavailable' in tried) return errored(tried.unavailable.missing, tried.unavailable.fix);
  const paths = tried.files.map(({ path }) => path).join(', ');
  return verdictOn(
    tried.files.flatMap(findingsOf),
    `run by itself, as fixed for this task: ${paths}`,
  );
}

function findingsOf({ path, problem, tests }: TriedFile) {
  if (problem !== null) {
    const evidence = `none of the tests of this file, which was fixed for this task, was executed: ${problem.text}`;
    return [blocker('test', path, evidence, 'The work must not keep tests from being run.')];
  }
  const failed = tests.filter(({ outcome }) => outcome === 'failed');
  if (failed.length === 0 && tests.every(({ outcome }) => outcome === 'skipped')) {
    const evidence = 'the tests of this file, which was fixed for this task, were skipped';
    return [blocker('test', path, evidence, 'The work must not keep tests from being run.')];
  }
  return failed.map(({ name, text }) =>
    blocker('test', path, `${name}: ${text}`, 'Make the test pass by mending the code.'),
  );
}
