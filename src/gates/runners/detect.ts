import { bun } from './bun.ts';
import { cargoTest } from './cargo-test.ts';
import { deno } from './deno.ts';
import { dotnet } from './dotnet.ts';
import { goTest } from './go-test.ts';
import { gradle } from './gradle.ts';
import { jest, vitest } from './jest-like.ts';
import { make } from './make.ts';
import { maven } from './maven.ts';
import { nodeTest } from './node-test.ts';
import { npmScripts } from './npm-script.ts';
import { phpunit } from './phpunit.ts';
import { pythonTests } from './python.ts';
import { rspec } from './rspec.ts';
import type { Detect, RunnerInput, RunnerMissing, RunnerPlan } from './runner.ts';

/**
 * A project may have tests in several languages; of one, the first way that fits takes them: what the project
 * itself says, before what its files look like.
 */
const families: readonly (readonly Detect[])[] = [
  [npmScripts, bun, vitest, jest, nodeTest],
  [deno],
  [pythonTests],
  [goTest],
  [cargoTest],
  [maven, gradle],
  [dotnet],
  [phpunit],
  [rspec],
];

/** What is to be run for a project's tests. */
export async function detectRunners(input: RunnerInput): Promise<(RunnerPlan | RunnerMissing)[]> {
  const plans: (RunnerPlan | RunnerMissing)[] = [];
  for (const family of families)
    for (const detect of family) {
      const found = await detect(input);
      plans.push(...found);
      if (found.length > 0) break;
    }
  // What a project's Makefile calls its tests is most often one of these.
  return plans.length > 0 ? plans : [...(await make(input))];
}

/** What would have fitted too, by the name of the first runner that was taken in its place. */
export async function otherRunners(input: RunnerInput): Promise<ReadonlyMap<string, string[]>> {
  const passed = new Map<string, string[]>();
  for (const family of families) {
    const found = await Promise.all(family.map((detect) => detect(input)));
    const [taken = [], ...others] = found.filter((plans) => plans.length > 0);
    const [first] = taken;
    if (first === undefined) continue;
    const names = others.flat().map(({ runner }) => runner);
    passed.set(first.runner, [...new Set(names.filter((name) => !taken.some(starts(name))))]);
  }
  return passed;
}

/** Whether a script that is run is what starts a runner. */
function starts(runner: string): (plan: RunnerPlan | RunnerMissing) => boolean {
  const words = runner.split(' ');
  return (plan) =>
    'command' in plan && words.every((word) => plan.command.join(' ').includes(word));
}
