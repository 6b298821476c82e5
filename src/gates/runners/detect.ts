import { cargoTest } from './cargo-test.ts';
import { goTest } from './go-test.ts';
import { jest, vitest } from './jest-like.ts';
import { nodeTest } from './node-test.ts';
import { pythonTests } from './python.ts';
import type { RunnerInput, RunnerMissing, RunnerPlan } from './runner.ts';
import { npmTest } from './shell-command.ts';

/** A project may have tests in several languages; of one, the first runner that fits takes them. */
const families = [[vitest, jest], [nodeTest], [pythonTests], [goTest], [cargoTest]] as const;

/**
 * The runners for a project's tests, each with its files. Where none knows the project, its own
 * `npm test`, if `scripted` says that the script may be trusted.
 */
export async function detectRunners(
  input: RunnerInput,
  scripted: boolean,
): Promise<(RunnerPlan | RunnerMissing)[]> {
  const plans: (RunnerPlan | RunnerMissing)[] = [];
  for (const family of families)
    for (const detect of family) {
      const found = await detect(input);
      plans.push(...found);
      if (found.length > 0) break;
    }
  const hasJavaScript = plans.some(({ runner }) =>
    ['vitest', 'jest', 'node --test'].includes(runner),
  );
  return hasJavaScript || !scripted ? plans : [...plans, ...(await npmTest(input))];
}
