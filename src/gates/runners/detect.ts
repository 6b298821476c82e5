import { cargoTest } from './cargo-test.ts';
import { goTest } from './go-test.ts';
import { jest, vitest } from './jest-like.ts';
import { nodeTest } from './node-test.ts';
import { npmScripts } from './npm-script.ts';
import { pythonTests } from './python.ts';
import type { RunnerInput, RunnerMissing, RunnerPlan } from './runner.ts';

/**
 * A project may have tests in several languages; of one, the first way that fits takes them: what the project
 * itself says, before what its files look like.
 */
const families = [
  [npmScripts, vitest, jest, nodeTest],
  [pythonTests],
  [goTest],
  [cargoTest],
] as const;

/** What is to be run for a project's tests. */
export async function detectRunners(input: RunnerInput): Promise<(RunnerPlan | RunnerMissing)[]> {
  const plans: (RunnerPlan | RunnerMissing)[] = [];
  for (const family of families)
    for (const detect of family) {
      const found = await detect(input);
      plans.push(...found);
      if (found.length > 0) break;
    }
  return plans;
}
