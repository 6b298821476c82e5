import { spawnSync } from 'node:child_process';
import { ownMount } from '../bubblewrap/namespace.ts';
import { limitsMetBy, type Cgroup } from '../limits/cgroup.ts';
import { signalGroup } from '../../files/process-group.ts';
import { unnamedUse } from '../limits/unnamed-use.ts';
import type { Use } from '../limits/watch-use.ts';
import { ask, pidOf, type DockerClient } from './client.ts';

/** Between two questions for a container's process, in ms, until it has one. */
const askMs = 200;

/** Containers that run now; a process that ends takes them along. */
const running = new Map<string, DockerClient>();
let watchingExit = false;

/** Looks at a container from outside, where its engine runs on this machine, and ends it. */
export function watchContainer(client: DockerClient, container: string) {
  running.set(container, client);
  if (!watchingExit) {
    watchingExit = true;
    process.once('exit', () => running.forEach(removeNow));
  }
  let pid: number | null = null;
  let asked = Number.NEGATIVE_INFINITY;
  let cgroup: Pick<Cgroup, 'reached'> | null = null;

  const look = async (): Promise<void> => {
    if (pid !== null || performance.now() - asked < askMs) return;
    pid = await pidOf(client, container);
    asked = performance.now();
    cgroup = pid === null ? null : await limitsMetBy(pid);
  };

  return {
    cgroup: { reached: async () => (await cgroup?.reached()) ?? null },

    /** What can be seen of its file systems in memory, and of files without a name. */
    async use(): Promise<Use> {
      await look();
      const seen = async (path: string) =>
        pid === null ? null : ownMount(`/proc/${pid}/root`, path);
      return {
        processes: async () => null,
        async unnamed() {
          const proc = await seen('/proc');
          return proc === null ? new Map() : unnamedUse(proc);
        },
        async temporary() {
          const folders = await Promise.all(['/tmp', '/dev/shm'].map(seen));
          return folders.filter((folder) => folder !== null);
        },
      };
    },

    async end(group: number, _status: unknown, exited: boolean): Promise<void> {
      signalGroup(group, 'SIGKILL');
      // The engine removes what has ended by itself.
      if (!exited) await ask(client, 'rm', '--force', container);
      if (!exited && pid === null) {
        // It may have been asked for, and not yet have been there.
        await new Promise((resolve) => setTimeout(resolve, 500));
        await ask(client, 'rm', '--force', container);
      }
      running.delete(container);
    },
  };
}

function removeNow({ program, env }: DockerClient, container: string): void {
  const options = { env: { ...env }, timeout: 10_000, killSignal: 'SIGKILL' as const };
  spawnSync(program, ['rm', '--force', container], options);
}
