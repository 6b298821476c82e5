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

/** Runners of one language: the first way that fits takes a project's tests of it. */
interface Family {
  readonly runners: readonly Detect[];
  /** Files that may be tests of it, by their endings. */
  readonly takes: RegExp;
}

const javascript = /\.[cm]?[jt]sx?$/i;

/**
 * A project may have tests in several languages; of one, the first way that fits takes them: what the project
 * itself says, before what its files look like.
 */
const families: readonly Family[] = [
  { runners: [npmScripts, bun, vitest, jest, nodeTest], takes: javascript },
  { runners: [deno], takes: javascript },
  { runners: [pythonTests], takes: /\.py$/i },
  { runners: [goTest], takes: /_test\.go$/ },
  { runners: [cargoTest], takes: /\.rs$/ },
  { runners: [maven, gradle], takes: /\.(?:java|kt|groovy|scala)$/ },
  { runners: [dotnet], takes: /\.(?:cs|fs|vb)$/ },
  { runners: [phpunit], takes: /\.php$/ },
  { runners: [rspec], takes: /\.rb$/ },
];

/** What is to be run for files of one kind. */
export interface FoundRunners {
  readonly plans: readonly (RunnerPlan | RunnerMissing)[];
  readonly takes: RegExp;
}

/** What is to be run for a project's tests, by kinds of files. */
export async function runnersByKind(input: RunnerInput): Promise<FoundRunners[]> {
  const found: FoundRunners[] = [];
  for (const { runners, takes } of families)
    for (const detect of runners) {
      const plans = await detect(input);
      if (plans.length === 0) continue;
      found.push({ plans, takes });
      break;
    }
  if (found.length > 0) return found;
  // What a project's Makefile calls its tests is most often one of these.
  const plans = await make(input);
  return plans.length === 0 ? [] : [{ plans, takes: /(?:)/ }];
}

/** What is to be run for a project's tests. */
export async function detectRunners(input: RunnerInput): Promise<(RunnerPlan | RunnerMissing)[]> {
  return (await runnersByKind(input)).flatMap(({ plans }) => plans);
}

/** What would have fitted too, by the name of the first runner that was taken in its place. */
export async function otherRunners(input: RunnerInput): Promise<ReadonlyMap<string, string[]>> {
  const passed = new Map<string, string[]>();
  for (const { runners } of families) {
    const found = await Promise.all(runners.map((detect) => detect(input)));
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
