import { randomBytes } from 'node:crypto';
import { throwIfAborted } from '../domain/errors.ts';
import type { Finding } from '../domain/review.ts';
import type { Gate, GateInput } from './gate.ts';
import type { RunnerInput } from './runners/runner.ts';
import { shellCommand } from './runners/shell-command.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { cutOff, notRun, runLog, type Checking } from './checking.ts';
import { blocker, counted, errored, skipped, verdictOn, type Verdict } from './verdict.ts';
import { prepareCopy } from './prepare-copy.ts';
import { viewOf } from './project-view.ts';
import { layOut, stageCopy, type StagedCopy } from './stage-copy.ts';
import { trimOutput } from './trim-output.ts';

export interface CommandsGateOptions extends Checking {
  /** Linters, type checkers, builds: each must end with exit code 0. Run by a shell, in order. */
  readonly commands: readonly string[];
}

const outputTokens = 900;

/** Runs the user's own commands on the project with the work in it. */
export function commandsGate(options: CommandsGateOptions): Gate {
  const { commands } = options;
  return {
    name: 'commands',
    blocking: true,
    async check(input, signal) {
      if (commands.length === 0) return skipped('no commands are configured');
      const sandbox = await options.sandbox(signal);
      if ('missing' in sandbox) return notRun(sandbox);
      const copy = await stageCopy(input, { check: 'commands', commands }, signal);
      if (copy === null) return skipped('the paths of the work are not sound');
      try {
        const verdict = await runAll(copy, sandbox, input, options, signal);
        return { ...verdict, isolated: sandbox.isolated };
      } finally {
        await copy.remove();
      }
    },
  };
}

async function runAll(
  copy: StagedCopy,
  sandbox: Sandbox,
  input: GateInput,
  options: CommandsGateOptions,
  signal: AbortSignal,
): Promise<Verdict> {
  const { commands, limits } = options;
  const runnerInput: RunnerInput = {
    project: await viewOf(copy.path),
    host: options.host,
    declared: [],
    tools: `.blueprint-${randomBytes(8).toString('hex')}`,
    mark: '',
    has: (program) => sandbox.has(program),
  };
  const unprepared = await prepareCopy(copy.path, sandbox, options, input, runnerInput, signal);
  if (unprepared !== null) return unprepared;
  // The gate `tests` tells what would sway the tests; here is told what would sway these commands.
  const findings: Finding[] = [...copy.findings];
  const missing: string[] = [];
  const place = sandbox.seenAt(copy.path);
  for (const [index, command] of commands.entries()) {
    throwIfAborted(signal);
    const plan = await shellCommand(command, runnerInput);
    await layOut(copy.path, plan);
    const { env, mounts } = plan;
    const job = { copy: copy.path, command: plan.command, env, mounts, limits, signal };
    const run = await sandbox.run(job);
    await input.keep(`command-${index + 1}.log`, runLog(command, run, limits));
    if (run.end.kind === 'exited' && run.end.code === 0) continue;
    const how = run.end.kind === 'exited' ? `exit code ${run.end.code}` : cutOff(run.end, limits);
    if (run.end.kind === 'exited' && [126, 127].includes(run.end.code))
      missing.push(`${command} (${how ?? ''})`);
    else findings.push(findingOf(command, how ?? '', `${run.stdout}\n${run.stderr}`, place));
  }
  if (findings.length === 0 && missing.length > 0)
    return errored(
      `could not be started: ${missing.join(', ')}`,
      'Install it, or mend gates.commands',
    );
  return verdictOn(findings, `${counted(commands.length, 'command')} ended with exit code 0`);
}

function findingOf(command: string, how: string, output: string, folder: string): Finding {
  const words = trimOutput(output.replaceAll(`${folder}/`, '').trim(), outputTokens);
  const place = /^([\w./-]+\.\w+)[:(](\d+)/m.exec(words);
  return blocker(
    'command',
    place === null ? null : `${place[1]}:${place[2]}`,
    `${command}: ${how}${words === '' ? '' : `\n${words}`}`,
    'Make the command end with exit code 0.',
  );
}
