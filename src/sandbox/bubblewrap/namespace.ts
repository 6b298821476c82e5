import { readFile, stat } from 'node:fs/promises';
import { constants } from 'node:os';
import { join } from 'node:path';
import { statFields } from '../../files/process-identity.ts';
import { processUse } from '../limits/process-use.ts';
import { unnamedUse } from '../limits/unnamed-use.ts';
import { signalGroup } from '../../files/process-group.ts';
import type { Status } from '../limits/run-watched.ts';
import type { Use } from '../limits/watch-use.ts';
import { temporaryFolders } from './arguments.ts';

/** The exit code of the command; who ended the sandbox around itself was ended with it, by SIGKILL. */
export function exitCodeOf(status: string): number {
  const code = /"exit-code": (\d+)/.exec(status)?.[1];
  return code === undefined ? 128 + constants.signals.SIGKILL : Number(code);
}

/** The first process of the namespace, by its id here: all others in it end with it. */
function firstProcess([outer]: Status): number | null {
  const pid = /"child-pid": (\d+)/.exec(outer)?.[1];
  return pid === undefined ? null : Number(pid);
}

/** What can be seen of a run from here: its processes and its file systems in memory. */
export function useOf(status: Status): Use {
  const pid = firstProcess(status);
  if (pid === null) return { processes: async () => null, temporary: async () => [] };
  const seen = (folder: string): Promise<string | null> => ownMount(`/proc/${pid}/root`, folder);
  return {
    async processes(enough) {
      const proc = await seen('/proc');
      return proc === null ? null : processUse(proc, enough);
    },
    async unnamed() {
      const proc = await seen('/proc');
      return proc === null ? new Map() : unnamedUse(proc);
    },
    async temporary() {
      const all = await Promise.all(temporaryFolders.map(seen));
      return all.filter((folder) => folder !== null);
    },
  };
}

/** Null as long as the namespace is being made, and the path still leads to the host's. */
export async function ownMount(root: string, folder: string): Promise<string | null> {
  const path = join(root, folder);
  const [inner, host] = await Promise.all([path, folder].map((one) => stat(one).catch(() => null)));
  return inner === null || inner === undefined || inner.dev === host?.dev ? null : path;
}

/** How often the end of a namespace is awaited, 20 s together: the kernel has to free all of its memory. */
const tries = 2_000;

/** Ends all, and waits until nothing of it is left that could write to the copy. */
export async function endNamespace(pid: number, status: Status): Promise<void> {
  signalGroup(pid, 'SIGKILL');
  const first = firstProcess(status);
  if (first === null) return;
  try {
    process.kill(first, 'SIGKILL');
  } catch {
    return;
  }
  for (let count = 0; count < tries; count += 1) {
    const text = await readFile(`/proc/${first}/stat`, 'utf8').catch(() => '');
    if (['', 'Z', 'X'].includes(statFields(text)[0] ?? '')) return;
    await new Promise((resolve) => setTimeout(resolve, Math.min(1 + count, 10)));
  }
}
