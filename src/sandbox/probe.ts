import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BlueprintError, InterruptedError } from '../domain/errors.ts';
import { makeTemporaryFolder } from '../files/temporary-folder.ts';
import { smallLimits, type Sandbox, type SandboxReason } from './sandbox.ts';

/** Runs something small: only that tells whether a sandbox works. @returns why not, or null. */
export async function probe(sandbox: Sandbox, signal: AbortSignal): Promise<SandboxReason | null> {
  const { name } = sandbox;
  const fault = (reason: string, fix = 'See docs/sandbox.md') => ({ name, reason, fix });
  await using copy = await makeTemporaryFolder();
  try {
    const { end, stderr } = await sandbox.run({
      copy: copy.path,
      command: ['sh', '-c', 'echo works > written && cat written'],
      env: {},
      mounts: [],
      limits: smallLimits,
      signal,
    });
    if (end.kind !== 'exited' || end.code !== 0)
      return fault(`a first command in it failed: ${stderr.trim() || JSON.stringify(end)}`);
    const written = await readFile(join(copy.path, 'written'), 'utf8').catch(() => '');
    // An engine on another machine has folders of its own.
    if (written !== 'works\n') return fault('it does not see the folders of this machine');
    return null;
  } catch (error) {
    if (error instanceof InterruptedError || !(error instanceof BlueprintError)) throw error;
    return fault(error.message.replace(/^The sandbox \w+ did not work: /, ''), error.fix);
  }
}
