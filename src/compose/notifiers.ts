import { cliEnvironment } from '../config/cli-environment.ts';
import { programPath } from '../config/resolve-cli.ts';
import type { ResolvedConfig } from '../config/resolved-config.ts';
import type { Notice } from '../domain/notice.ts';
import { findProgram } from '../files/find-program.ts';
import { desktopProgram, desktopVariables } from '../notify/desktop.ts';
import { runNotifier } from '../notify/run-notifier.ts';
import type { Notifier } from '../use-cases/ports.ts';

/** Longer than any message takes, in ms: the command waits for it. */
const deadlineMs = 5_000;

/** The ways of telling somebody that the config asks for. */
export function notifiersOf(
  { notify, root }: Pick<ResolvedConfig, 'notify' | 'root'>,
  env: NodeJS.ProcessEnv,
): Notifier[] {
  const { command, desktop, afterSeconds } = notify;
  const environment = cliEnvironment(
    { command: null, variables: desktopVariables },
    env,
    undefined,
  );
  const run = (path: string, args: readonly string[], notice: Notice, signal: AbortSignal) =>
    runNotifier(
      {
        path,
        args,
        cwd: root,
        environment: { ...environment, BLUEPRINT_MESSAGE: notice.message },
        input: `${JSON.stringify(notice)}\n`,
      },
      { deadlineMs, signal },
    );

  const notifiers: Notifier[] = [];
  const [name, ...args] = command ?? [];
  if (name !== undefined) {
    const found = findProgram(programPath(name, root), environment);
    notifiers.push({
      key: 'notify.command',
      found,
      fix: 'Name a program on your PATH, or a path, first in notify.command.',
      afterMs: 0,
      tell: async (notice, signal) =>
        'path' in found ? run(found.path, args, notice, signal) : found.problem,
    });
  }
  if (desktop) {
    const program = desktopProgram(process.platform, environment);
    const isThere = !('problem' in program);
    const found = isThere ? findProgram(program.name, environment) : program;
    notifiers.push({
      key: 'notify.desktop',
      found,
      fix: isThere ? program.install : 'Set notify.command, which needs no desktop.',
      afterMs: afterSeconds * 1_000,
      tell: async (notice, signal) =>
        isThere && 'path' in found
          ? run(found.path, program.args('blueprint', notice.message), notice, signal)
          : null,
    });
  }
  return notifiers;
}
