import { join } from 'node:path';
import { BlueprintError } from '../domain/errors.ts';
import type { ProgramLanguage, RunProgram } from '../domain/program.ts';
import { writeFile } from '../files/disk.ts';
import { makeTemporaryFolder } from '../files/temporary-folder.ts';
import { howEnded, type Sandbox, type SandboxLimits } from './sandbox.ts';

/** By language: the file, and what may run it, the first that is there. */
const interpreters: Readonly<
  Record<ProgramLanguage, { readonly file: string; readonly commands: readonly string[][] }>
> = {
  // Isolated: nothing of the user's Python is read.
  python: {
    file: 'main.py',
    commands: [
      ['python3', '-I'],
      ['python', '-I'],
    ],
  },
  javascript: { file: 'main.mjs', commands: [['node']] },
};

/** A computation that answers a question takes no longer, ms; nor does it print more, bytes. */
const mostMs = 60_000;
const mostOutput = 200_000;

/**
 * Runs programs that models wrote, each in an empty folder of its own.
 * @param open the sandbox, or why there is none.
 */
export function programRunner(
  open: (signal: AbortSignal) => Promise<Sandbox | { missing: string; fix: string }>,
  given: SandboxLimits,
): RunProgram {
  const limits = {
    ...given,
    wallMs: Math.min(given.wallMs, mostMs),
    outputBytes: Math.min(given.outputBytes, mostOutput),
  };
  return async ({ language, code }, signal) => {
    const sandbox = await open(signal);
    if ('missing' in sandbox) return sandbox;
    const { file, commands } = interpreters[language];
    const command = await firstThatIsThere(sandbox, commands);
    if (command === null)
      return { missing: `there is no ${language} in the sandbox`, fix: `Install ${language}.` };
    await using folder = await makeTemporaryFolder();
    await writeFile(join(folder.path, file), code);
    try {
      const run = await sandbox.run({
        copy: folder.path,
        command: [...command, file],
        env: {},
        mounts: [],
        limits,
        signal,
      });
      const { end, stdout, stderr } = run;
      const seen = sandbox.seenAt(folder.path);
      const bare = (text: string): string =>
        text.replaceAll(`${seen}/`, '').replaceAll(`${folder.path}/`, '');
      return {
        stdout: bare(stdout),
        stderr: bare(stderr),
        end: howEnded(end, limits),
        succeeded: end.kind === 'exited' && end.code === 0,
        isolated: sandbox.isolated,
      };
    } catch (error) {
      if (!(error instanceof BlueprintError) || error.code !== 'sandbox-broken') throw error;
      return { missing: error.message, fix: error.fix ?? 'See docs/sandbox.md.' };
    }
  };
}

async function firstThatIsThere(
  sandbox: Sandbox,
  commands: readonly (readonly string[])[],
): Promise<readonly string[] | null> {
  for (const command of commands) if (await sandbox.has(command[0] ?? '')) return command;
  return null;
}
