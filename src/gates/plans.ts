import type { Checking } from './checking.ts';
import { detectRunners, otherRunners, runnersByKind, type FoundRunners } from './runners/detect.ts';
import type { RunnerInput, RunnerMissing, RunnerPlan } from './runners/runner.ts';
import { shellCommand } from './runners/shell-command.ts';

/** What says how a project's tests are run. */
export interface Planning extends Checking {
  /** The user's command, run by a shell; null: the project's own, found by its files. */
  readonly command: string | null;
  /** For one run of the tests; null: learned from the project's own. */
  readonly timeoutMs: number | null;
}

/** What would be run for a project's tests; none: it has none that anything here knows. */
export async function plansFor(
  input: RunnerInput,
  { command }: Pick<Planning, 'command'>,
): Promise<readonly (RunnerPlan | RunnerMissing)[]> {
  return (await plansByKind(input, { command })).flatMap(({ plans }) => plans);
}

/** The same, each with the files that it may take. */
export async function plansByKind(
  input: RunnerInput,
  { command }: Pick<Planning, 'command'>,
): Promise<readonly FoundRunners[]> {
  if (command === null) return runnersByKind(input);
  return [{ plans: [await shellCommand(command, 'gates.tests.command', input)], takes: /(?:)/ }];
}

/** What would have fitted too, by the name of the runner that was taken in its place. */
export async function passedOver(
  input: RunnerInput,
  { command }: Pick<Planning, 'command'>,
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (command === null) return otherRunners(input);
  return new Map([[command, (await detectRunners(input)).map(({ runner }) => runner)]]);
}
