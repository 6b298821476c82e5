import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { mkdir, symlink } from '../files/disk.ts';
import { sandboxBroken } from './broken.ts';
import { endFamily, familyOf, familyVariable } from '../files/process-family.ts';
import { makeTemporaryFolder } from '../files/temporary-folder.ts';
import { endOf, notFound } from './ends.ts';
import type { HostPrograms } from './host/host-programs.ts';
import { groupGaps, type OpenCgroup } from './limits/cgroup.ts';
import { diskUse } from './limits/disk-use.ts';
import { launch, looser } from './limits/launch.ts';
import { processUse } from './limits/process-use.ts';
import { runWatched } from './limits/run-watched.ts';
import { unnamedUse } from './limits/unnamed-use.ts';
import { watchUse } from './limits/watch-use.ts';
import { checkedMounts } from './foreign-user.ts';
import type { Sandbox, SandboxJob, SandboxRun } from './sandbox.ts';

export interface PlainOptions {
  readonly programs: HostPrograms;
  readonly openCgroup: OpenCgroup;
}

/**
 * Runs commands as plain processes of the user: nothing keeps them from reading, writing or sending what
 * the user may. What can be limited without isolation is: time, output and disk everywhere, memory and
 * processes where the system has the means.
 */
export function plainSandbox({ programs, openCgroup }: PlainOptions): Sandbox {
  return {
    name: 'none',
    isolated: false,
    seenAt: (copy) => copy,
    has: async (program) => (await programs.find(program)) !== null,
    gaps: () => groupGaps(openCgroup),

    async run(job: SandboxJob): Promise<SandboxRun> {
      const { copy, command, limits, signal } = job;
      const [name = '', ...args] = command;
      const program = name.includes('/') ? name : await programs.find(name);
      if (program === null) return notFound(command);
      await using own = await makeTemporaryFolder();
      const before = await diskUse(copy, Number.POSITIVE_INFINITY);
      const cgroup = await openCgroup({ ...limits, processes: limits.processes + 1 });
      try {
        for (const { from, to } of checkedMounts('none', job.mounts)) {
          await mkdir(dirname(join(copy, to)), { recursive: true });
          await symlink(from, join(copy, to)).catch(allowExisting);
        }
        const home = join(own.path, 'home');
        const temporary = join(own.path, 'tmp');
        for (const folder of [home, temporary]) await mkdir(folder);
        const mark = randomBytes(8).toString('hex');
        const { path } = await programs.toolchains();
        const bounds = {
          joinFiles: cgroup?.joinFiles ?? [],
          fileBytes: before + limits.diskBytes,
          ...(cgroup === null && { dataBytes: looser(limits.memoryBytes) }),
        };
        const [file = '', ...rest] =
          process.platform === 'win32' ? [program, ...args] : launch([program, ...args], bounds);
        const watch = watchUse(copy, before, limits, cgroup);
        const ended = await runWatched({
          file,
          args: rest,
          cwd: copy,
          limits,
          signal,
          onOutput: job.onOutput,
          env: {
            PATH: path,
            HOME: home,
            TMPDIR: temporary,
            LANG: 'C.UTF-8',
            ...job.env,
            [familyVariable]: mark,
          },
          reached: (pid, _status, last) =>
            watch.reached(
              last
                ? null
                : {
                    processes: async (enough) => processUse('/proc', enough, idsOf(pid)),
                    unnamed: async () => unnamedUse('/proc', idsOf(pid)),
                    temporary: async () => [],
                    folders: [own.path],
                  },
            ),
          end: (pid) => endFamily(pid, { mark }),
        });
        if (ended.startFault !== null) throw sandboxBroken('none', ended.startFault);
        const { exitCode, stdout, stderr, durationMs, limit } = ended;
        const end =
          limit === null && ended.signal !== null
            ? { kind: 'killed' as const, signal: ended.signal }
            : endOf(limit, exitCode ?? 1);
        return { end, stdout, stderr, durationMs };
      } finally {
        await cgroup?.close();
      }
    },
  };
}

/** A second command in the same copy finds the links of the first. */
function allowExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}

const idsOf = (pid: number): number[] => familyOf(pid).map(({ id }) => id);
