import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { BlueprintError, InterruptedError, type Diagnostic } from '../../src/domain/errors.ts';
import { childProgram } from './child-program.ts';
import type { Sandbox, SandboxJob, SandboxRun } from '../../src/sandbox/sandbox.ts';

export interface SandboxRequest {
  readonly number: number;
  /** Absent: the job of that number is to stop. */
  readonly job?: Omit<SandboxJob, 'signal'>;
}

export interface SandboxAnswer {
  readonly number: number;
  readonly result: SandboxRun | { readonly error: Diagnostic };
}

/** Without more rights than any user of the machine has. */
const ordinaryUser = '65534';

/** A sandbox as an ordinary user opens it, where the tests are root's. @param env as of `processSandbox` */
export function ordinaryUsersSandbox(
  inside: Sandbox,
  env: Readonly<Record<string, string>> = {},
): ReturnType<typeof processSandbox> {
  const user = `--reuid=${ordinaryUser}`;
  const prefix = ['setpriv', user, `--regid=${ordinaryUser}`, '--clear-groups', '--'];
  const own = async (copy: string): Promise<void> => {
    await execa('chown', ['-R', '-h', `${ordinaryUser}:${ordinaryUser}`, copy]);
  };
  return processSandbox(inside, prefix, own, env);
}

/**
 * A sandbox, opened by a process of its own.
 * @param prefix a command line before that of node: it may change the user, or open files.
 * @param own makes the copy the user's.
 * @param env beside PATH and HOME: what docker needs, else it is bubblewrap.
 */
export async function processSandbox(
  inside: Sandbox,
  prefix: readonly string[],
  own: (copy: string) => Promise<void> = async () => undefined,
  env: Readonly<Record<string, string>> = {},
): Promise<{ sandbox: Sandbox; remove: () => Promise<void> }> {
  // One file, at a place that every user can read.
  const folder = await mkdtemp(join(tmpdir(), 'blueprint-job-'));
  const program = await childProgram(join(import.meta.dirname, 'sandbox-job.ts'), folder);
  await execa('chmod', ['-R', 'go+rX', folder]);
  const [file = '', ...args] = [...prefix, process.execPath, program];
  const child = spawn(file, args, {
    cwd: '/',
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  const waiting = new Map<number, (result: SandboxAnswer['result'] | null) => void>();
  void ended.then(() => waiting.forEach((settle) => settle(null)));
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { number, result } = JSON.parse(line) as SandboxAnswer;
    waiting.get(number)?.(result);
    waiting.delete(number);
  });
  const send = (request: SandboxRequest): void =>
    void child.stdin.write(`${JSON.stringify(request)}\n`);
  let number = 0;

  const sandbox: Sandbox = {
    ...inside,
    async run({ signal, ...job }) {
      if (signal.aborted) throw new InterruptedError();
      await own(job.copy);
      const mine = ++number;
      const answer = new Promise<SandboxAnswer['result'] | null>((resolve) =>
        waiting.set(mine, resolve),
      );
      const stop = (): void => send({ number: mine });
      signal.addEventListener('abort', stop);
      send({ number: mine, job });
      const result = await answer;
      signal.removeEventListener('abort', stop);
      if (result === null) throw new Error('the process of the sandbox has ended');
      if (!('error' in result)) return result;
      if (result.error.code === 'interrupted') throw new InterruptedError();
      throw new BlueprintError(result.error);
    },
  };
  const remove = async (): Promise<void> => {
    child.stdin.end();
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  return { sandbox, remove };
}
