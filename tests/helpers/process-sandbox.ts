import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'rolldown';
import { execa } from 'execa';
import { BlueprintError, InterruptedError, type Diagnostic } from '../../src/domain/errors.ts';
import type { Sandbox, SandboxRun } from '../../src/sandbox/sandbox.ts';

/**
 * Bubblewrap, opened by a process of its own for each run.
 * @param prefix a command line before that of node: it may change the user, or open files.
 * @param own makes the copy the user's.
 */
export async function processSandbox(
  inside: Sandbox,
  prefix: readonly string[],
  own: (copy: string) => Promise<void> = async () => undefined,
): Promise<{ sandbox: Sandbox; remove: () => Promise<void> }> {
  // One file, at a place that every user can read.
  const folder = await mkdtemp(join(tmpdir(), 'blueprint-job-'));
  const program = join(folder, 'job.mjs');
  await build({
    input: join(import.meta.dirname, 'sandbox-job.ts'),
    platform: 'node',
    resolve: { mainFields: ['module', 'main'] },
    transform: { target: 'node20' },
    output: { file: program, format: 'esm', codeSplitting: false },
    logLevel: 'silent',
  });
  await execa('chmod', ['-R', 'go+rX', folder]);
  const sandbox: Sandbox = {
    ...inside,
    async run({ signal, ...job }) {
      if (signal.aborted) throw new InterruptedError();
      await own(job.copy);
      const [file = '', ...args] = [...prefix, process.execPath, program];
      const child = execa(file, args, {
        input: JSON.stringify(job),
        cwd: '/',
        reject: false,
        extendEnv: false,
        env: { PATH: process.env['PATH'], HOME: '/nonexistent' },
      });
      const stop = (): void => void child.kill('SIGTERM');
      signal.addEventListener('abort', stop);
      const { stdout, stderr } = await child;
      signal.removeEventListener('abort', stop);
      if (stdout === '') throw new Error(`the process gave nothing: ${stderr}`);
      const answer = JSON.parse(stdout) as SandboxRun | { error: Diagnostic };
      if (!('error' in answer)) return answer;
      if (answer.error.code === 'interrupted') throw new InterruptedError();
      throw new BlueprintError(answer.error);
    },
  };
  return { sandbox, remove: () => rm(folder, { recursive: true, force: true }) };
}
