import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BlueprintError, InterruptedError } from '../domain/errors.ts';
import { makeTemporaryFolder } from '../files/temporary-folder.ts';
import type { Sandbox, SandboxReason } from './sandbox.ts';

const limits = {
  wallMs: 60_000,
  memoryBytes: 500_000_000,
  processes: 64,
  outputBytes: 10_000,
  diskBytes: 1_000_000,
};

/** Runs something small: only that tells whether a sandbox works. @returns why not, or null. */
export async function probe(sandbox: Sandbox, signal: AbortSignal): Promise<SandboxReason | null> {
  const { name } = sandbox;
  const unlike = (reason: string, fix = 'See docs/sandbox.md'): SandboxReason => ({
    name,
    reason,
    fix,
  });
  const copy = await makeTemporaryFolder();
  try {
    const { end, stderr } = await sandbox.run({
      copy: copy.path,
      command: ['sh', '-c', 'echo works > written && cat written'],
      env: {},
      mounts: [],
      limits,
      signal,
    });
    if (end.kind !== 'exited' || end.code !== 0)
      return unlike(`a first command in it failed: ${stderr.trim() || JSON.stringify(end)}`);
    const written = await readFile(join(copy.path, 'written'), 'utf8').catch(() => '');
    // An engine on another machine has folders of its own.
    if (written !== 'works\n') return unlike('it does not see the folders of this machine');
    return null;
  } catch (error) {
    if (error instanceof InterruptedError || !(error instanceof BlueprintError)) throw error;
    return unlike(error.message.replace(/^The sandbox \w+ did not work: /, ''), error.fix);
  } finally {
    await copy.remove();
  }
}
