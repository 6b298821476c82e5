import { toSingleLine } from '../domain/text.ts';
import type { GateInput } from './gate.ts';
import type { RunnerInput } from './runners/runner.ts';
import { shellCommand } from './runners/shell-command.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { layOut } from './stage-copy.ts';
import { cutOff, runLog, type Checking } from './checking.ts';
import { errored, type Verdict } from './verdict.ts';

/** Runs the user's own step in the copy. @returns null when it was done, or there is none. */
export async function prepareCopy(
  folder: string,
  sandbox: Sandbox,
  { prepare, limits }: Checking,
  input: GateInput,
  runnerInput: RunnerInput,
  signal: AbortSignal,
): Promise<Verdict | null> {
  if (prepare === null) return null;
  const plan = await shellCommand(prepare, runnerInput);
  await layOut(folder, plan);
  const { command, env, mounts } = plan;
  const run = await sandbox.run({ copy: folder, command, env, mounts, limits, signal });
  await input.keep('prepare.log', runLog(prepare, run, limits));
  if (run.end.kind === 'exited' && run.end.code === 0) return null;
  const how = run.end.kind === 'exited' ? `exit code ${run.end.code}` : cutOff(run.end, limits);
  const words = toSingleLine(run.stderr.trim().split('\n').at(-1) ?? '', 160);
  return errored(
    `gates.prepare did not work (${how ?? ''}${words === '' ? '' : `: ${words}`})`,
    'Mend the step, or what the work changed below it; its whole output is in prepare.log',
  );
}
