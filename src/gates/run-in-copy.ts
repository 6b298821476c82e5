import { randomBytes } from 'node:crypto';
import type { GateRunning } from '../domain/event.ts';
import type { FixedParts, Sandbox, SandboxLimits, SandboxRun } from '../sandbox/sandbox.ts';
import type { Checking } from './checking.ts';
import type { GateInput } from './gate.ts';
import { openProgress } from './progress.ts';
import type { ProjectView } from '../files/project-view.ts';
import type { RunnerInput, RunnerPlan } from './runners/runner.ts';
import { layOut } from './stage-copy.ts';

/** A copy of the project, and what commands are run by in it. */
export interface CopyContext extends RunnerInput {
  /** The copy, absolute. */
  readonly folder: string;
  readonly sandbox: Sandbox;
  readonly limits: SandboxLimits;
  readonly keep: GateInput['keep'];
  /** Hears what is run; null: nobody does. */
  readonly progress: ((running: GateRunning) => void) | null;
}

export function copyContext(
  folder: string,
  project: ProjectView,
  sandbox: Sandbox,
  checking: Checking,
  work: Pick<RunnerInput, 'declared' | 'touched' | 'scriptStood'>,
  { keep, progress }: Pick<GateInput, 'keep' | 'progress'>,
): CopyContext {
  return {
    folder,
    ...runnerInput(project, checking, work),
    has: (program) => sandbox.has(program),
    sandbox,
    limits: checking.limits,
    keep,
    progress: progress ?? null,
  };
}

/** For a sandbox that has every program. */
export function runnerInput(
  project: ProjectView,
  { host, setup }: Pick<Checking, 'host' | 'setup'>,
  { declared, touched, scriptStood }: Pick<RunnerInput, 'declared' | 'touched' | 'scriptStood'>,
): RunnerInput {
  return {
    project,
    host,
    declared,
    touched,
    scriptStood,
    // Where no linter or formatter of the project looks.
    tools: `.git/blueprint-${randomBytes(8).toString('hex')}`,
    mark: `${randomBytes(16).toString('hex')} `,
    installs: setup !== null,
    has: () => Promise.resolve(true),
  };
}

/**
 * Runs it, and gives its output free of where the copy stood, which differs from run to run.
 * @param fix what of the copy is to stay as it is, asked for when all is laid out
 */
export async function runInCopy(
  plan: RunnerPlan,
  context: CopyContext,
  signal: AbortSignal,
  fix?: (copy: string) => Promise<FixedParts>,
): Promise<SandboxRun> {
  const { folder, sandbox, limits } = context;
  await layOut(folder, plan);
  const { command, env, mounts } = plan;
  const fixed = { readOnly: [], folders: [], ...(await fix?.(folder)) };
  const tell = context.progress;
  using progress =
    tell === null
      ? null
      : openProgress(plan.runner, context.mark, (running) => {
          tell({ ...running, last: running.last === null ? null : bare(running.last, context) });
        });
  const hear = progress === null ? {} : { onOutput: progress.hear };
  const job = { copy: folder, command, env, mounts, fixed, limits, signal, ...hear };
  const run = await sandbox.run(job);
  return { ...run, stdout: bare(run.stdout, context), stderr: bare(run.stderr, context) };
}

/** What a plan mounts and where, without the name that is made anew for each copy. */
export function lastingMounts(
  { mounts }: RunnerPlan,
  tools: string,
): readonly (readonly [string, string])[] {
  return mounts.map(({ from, to }) => [from, to.replaceAll(tools, '')]);
}

/** A text without the copy's own place in it, as the sandbox and as this process see it. */
export function bare(text: string, { folder, sandbox }: CopyContext): string {
  return [sandbox.seenAt(folder), folder].reduce(
    (left, place) =>
      left.replaceAll(`file://${place}/`, '').replaceAll(`${place}/`, '').replaceAll(place, '.'),
    text,
  );
}
