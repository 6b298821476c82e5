import { BlueprintError, InterruptedError } from '../domain/errors.ts';
import { makeCopy } from './copy.ts';
import type { Sandbox, SandboxName } from './sandbox.ts';

/** Why a sandbox does not work here, and what would mend that. */
export interface SandboxReason {
  readonly name: SandboxName;
  readonly reason: string;
  readonly fix: string;
}

const limits = {
  wallMs: 60_000,
  memoryBytes: 500_000_000,
  processes: 64,
  outputBytes: 10_000,
  diskBytes: 1_000_000,
};

/** Runs something small: only that tells whether a sandbox works. @returns why not, or null. */
export async function probe(sandbox: Sandbox, signal: AbortSignal): Promise<string | null> {
  const copy = await makeCopy();
  try {
    const { end, stdout, stderr } = await sandbox.run({
      copy: copy.path,
      command: ['sh', '-c', 'echo works > written && cat written'],
      ...{ env: {}, mounts: [], limits, signal },
    });
    if (end.kind === 'exited' && end.code === 0 && stdout === 'works\n') return null;
    return `a first command in it failed: ${stderr.trim() || JSON.stringify(end)}`;
  } catch (error) {
    if (error instanceof InterruptedError || !(error instanceof BlueprintError)) throw error;
    return error.message.replace(/^The sandbox \w+ did not work: /, '');
  } finally {
    await copy.remove();
  }
}
