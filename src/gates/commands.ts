import { throwIfAborted } from '../domain/errors.ts';
import type { Finding } from '../domain/review.ts';
import { nothingToTell, type Gate } from './gate.ts';
import { shellCommand } from './runners/shell-command.ts';
import { howEnded } from '../sandbox/sandbox.ts';
import { notRun, runLog, succeeded, type Checking } from './checking.ts';
import { blocker, counted, errored, skipped, verdictOn, type Verdict } from './verdict.ts';
import { projectBefore, viewOf } from './project-view.ts';
import { safeguard } from './protect/protect.ts';
import { copyContext, runInCopy, type CopyContext } from './run-in-copy.ts';
import { setUpCopy } from './setup/set-up-copy.ts';
import { hasSoundPaths, notLaidOut, stageCopy, unsoundPaths } from './stage-copy.ts';
import { trimOutput } from './trim-output.ts';

export interface CommandsGateOptions extends Checking {
  /** Linters, type checkers, builds: each must end with exit code 0. Run by a shell, in order. */
  readonly commands: readonly string[];
}

const outputTokens = 900;

/** Runs the user's own commands on the project with the work in it. */
export function commandsGate(options: CommandsGateOptions): Gate {
  const { commands, setup } = options;
  return {
    name: 'commands',
    blocking: true,
    async check(input, signal) {
      if (commands.length === 0) return skipped('no commands are configured');
      if (!hasSoundPaths(input)) return unsoundPaths;
      const sandbox = await options.sandbox(signal);
      if ('missing' in sandbox) return notRun(sandbox);
      const before = await projectBefore(input, signal);
      const work = { ...input, declared: input.task.files };
      const run = [...(setup === null ? [] : [setup.run]), ...commands];
      const about = {
        ...work,
        before: before.files,
        check: 'commands',
        commands: run,
        signal,
      } as const;
      const safe = await safeguard(about);
      await using copy = await stageCopy(input, safe.changes, signal);
      if (copy === null) return notLaidOut;
      const view = await viewOf(copy.path);
      const context = copyContext(copy.path, view, sandbox, options, allPackages, input);
      const verdict =
        (await setUpCopy(options, context, { base: input.copyTo }, signal)) ??
        (await runAll(commands, context, safe.findings, signal));
      return { ...verdict, isolated: sandbox.isolated };
    },
    async outlook(_before, signal) {
      if (commands.length === 0) return nothingToTell;
      const sandbox = await options.sandbox(signal);
      return 'missing' in sandbox ? { ...nothingToTell, unavailable: [sandbox] } : nothingToTell;
    },
  };
}

/** Which tests there are is no concern of these commands. */
const allPackages = { declared: [], touched: [], scriptStood: true };

/** @param swayed what would sway these commands; the gate `tests` tells what would sway the tests. */
async function runAll(
  commands: readonly string[],
  context: CopyContext,
  swayed: readonly Finding[],
  signal: AbortSignal,
): Promise<Verdict> {
  const findings = [...swayed];
  const missing: string[] = [];
  for (const [index, command] of commands.entries()) {
    throwIfAborted(signal);
    const run = await runInCopy(
      await shellCommand(command, 'gates.commands', context),
      context,
      signal,
    );
    await context.keep(`command-${index + 1}.log`, runLog(command, run, context.limits));
    if (succeeded(run)) continue;
    const how = howEnded(run.end, context.limits);
    if (run.end.kind === 'exited' && [126, 127].includes(run.end.code))
      missing.push(`${command} (${how})`);
    else findings.push(findingOf(command, how, `${run.stdout}\n${run.stderr}`));
  }
  if (findings.length === 0 && missing.length > 0)
    return errored(
      `could not be started: ${missing.join(', ')}`,
      'Install it, or mend gates.commands',
    );
  return verdictOn(findings, `${counted(commands.length, 'command')} ended with exit code 0`);
}

function findingOf(command: string, how: string, output: string): Finding {
  const words = trimOutput(output.trim(), outputTokens);
  const place = /^([\w./-]+\.\w+)[:(](\d+)/m.exec(words);
  return blocker(
    'command',
    place === null ? null : `${place[1]}:${place[2]}`,
    `${command}: ${how}${words === '' ? '' : `\n${words}`}`,
    'Make the command end with exit code 0.',
  );
}
