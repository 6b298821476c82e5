import { join } from 'node:path';
import { writeFile } from '../../files/disk.ts';
import { sandboxBroken } from '../broken.ts';
import { makeTemporaryFolder } from '../../files/temporary-folder.ts';
import { endOf, notFound } from '../ends.ts';
import { fixedParts } from '../fixed-parts.ts';
import type { HostPrograms } from '../host/host-programs.ts';
import { groupGaps, type OpenCgroup } from '../limits/cgroup.ts';
import { launch, looser } from '../limits/launch.ts';
import { runWatched } from '../limits/run-watched.ts';
import { watchUse } from '../limits/watch-use.ts';
import type { Sandbox, SandboxJob, SandboxRun } from '../sandbox.ts';
import {
  etcFiles,
  featuresOf,
  layoutArguments,
  ownUser,
  systemArguments,
  workFolder,
  type Features,
} from './arguments.ts';
import { countsByNamespace, foreignUser, handOver, isGlobalRoot } from '../foreign-user.ts';
import { endNamespace, exitCodeOf, useOf } from './namespace.ts';
import { callFilter } from './seccomp.ts';
import { whatIsShown } from './shown.ts';

export interface BubblewrapOptions {
  readonly programs: HostPrograms;
  readonly openCgroup: OpenCgroup;
}

interface Prepared {
  readonly bwrap: string;
  readonly features: Features;
  readonly system: readonly string[];
  readonly etc: string;
  /** A file with the filter of system calls, absolute; null where none can be set. */
  readonly filter: string | null;
  /** For root alone: the program that makes a process another user's. */
  readonly setpriv: string | null;
}

/** Its own processes: two or three, and the shell that sets limits, before the command takes its place. */
const ownProcesses = 5;

/**
 * Runs commands by bubblewrap in namespaces of their own: no network, no process, no file of the host but
 * programs, read-only. What root runs becomes a user's whom no file of the machine belongs to.
 */
export function bubblewrapSandbox({ programs, openCgroup }: BubblewrapOptions): Sandbox {
  let prepared: Promise<Prepared> | undefined;
  const prepare = async (): Promise<Prepared> => {
    const bwrap = await programs.find('bwrap');
    if (bwrap === null)
      throw sandboxBroken(
        'bubblewrap',
        'bwrap is not on PATH',
        'Install it: apt-get install bubblewrap',
      );
    const setpriv = (await isGlobalRoot()) ? await programs.find('setpriv') : null;
    if (setpriv === null && (await isGlobalRoot()))
      throw sandboxBroken('bubblewrap', 'root needs setpriv, of util-linux, which is not on PATH');
    const { execa } = await import('execa');
    const { stdout } = await execa(bwrap, ['--help'], { reject: false, timeout: 10_000 });
    const { path: etc } = await makeTemporaryFolder();
    for (const [name, text] of Object.entries(etcFiles))
      await writeFile(join(etc, name), text, { mode: 0o644 });
    const features = featuresOf(stdout);
    const program = features.seccomp ? callFilter(process.arch) : null;
    const filter = program === null ? null : join(etc, 'filter');
    if (filter !== null && program !== null) await writeFile(filter, program);
    return { bwrap, features, system: await systemArguments(), etc, filter, setpriv };
  };

  return {
    name: 'bubblewrap',
    isolated: true,
    seenAt: () => workFolder,
    has: async (program) => (await programs.find(program)) !== null,
    async gaps() {
      prepared ??= prepare();
      const { features } = await prepared;
      const size = 'temporary files are watched, not bounded: this bubblewrap has no --size (0.7)';
      return [...(await groupGaps(openCgroup)), ...(features.size ? [] : [size])];
    },

    async run(job: SandboxJob): Promise<SandboxRun> {
      prepared ??= prepare();
      const { bwrap, features, system, etc, filter, setpriv } = await prepared.catch(
        (error: unknown) => {
          prepared = undefined;
          throw error;
        },
      );
      const { limits, signal } = job;
      const shown = await whatIsShown(job, programs);
      if (shown === null) return notFound(job.command);
      const user = setpriv === null ? null : foreignUser();
      const { mounts, before } = await handOver('bubblewrap', job, user);
      const cgroup = await openCgroup({ ...limits, processes: limits.processes + ownProcesses });
      try {
        const layout = layoutArguments({
          features,
          system,
          etc,
          copy: job.copy,
          mounts,
          fixed: await fixedParts(job),
          shown: [...shown.folders, bwrap],
          temporaryBytes: limits.diskBytes,
          env: { PATH: shown.path, ...job.env },
        });
        const asUser = [
          ...ownUser,
          ...(features.disableUserns ? ['--disable-userns'] : []),
          ...(filter === null ? [] : ['--seccomp', String(filterFile)]),
        ];
        const outer = [bwrap, ...unshared, '--die-with-parent', '--new-session', ...layout];
        outer.push('--json-status-fd', '3');
        const limited = launch(shown.command, {
          tells: true,
          ...(cgroup === null && countsByNamespace() && { processes: looser(limits.processes) }),
        });
        const inside = ['--chdir', workFolder, '--', ...limited];
        const changed = [...outer, '--chdir', '/', ...userChangeAlone, '--'];
        const again = [bwrap, ...asUser, '--die-with-parent', '--dev-bind', '/', '/', ...inside];
        const whole =
          user === null
            ? [...outer, ...asUser, ...inside]
            : [...changed, ...becoming(setpriv ?? '', user), ...again];
        const [file = '', ...args] = launch(filter === null ? whole : opened(filter, whole), {
          joinFiles: cgroup?.joinFiles ?? [],
          fileBytes: before + limits.diskBytes,
          ...(cgroup === null && { dataBytes: looser(limits.memoryBytes) }),
        });
        const watch = watchUse(job.copy, before, limits, cgroup);
        const ended = await runWatched({
          file,
          args,
          cwd: '/',
          env: { PATH: shown.path },
          limits,
          signal,
          onOutput: job.onOutput,
          reached: (_pid, status, last) => watch.reached(last ? null : useOf(status)),
          end: endNamespace,
        });
        const [status, started] = ended.status;
        if (ended.limit === null && started === '')
          throw sandboxBroken('bubblewrap', ended.startFault ?? lastLine(ended.stderr));
        const { stdout, stderr, durationMs, limit } = ended;
        return { end: endOf(limit, exitCodeOf(status)), stdout, stderr, durationMs };
      } finally {
        await cgroup?.close();
      }
    },
  };
}

const unshared = ['ipc', 'pid', 'net', 'uts', 'cgroup-try'].map((name) => `--unshare-${name}`);

/** The number under which bubblewrap, the inner one, reads the filter, and closes it. */
const filterFile = 9;

const opened = (file: string, command: readonly string[]): string[] => {
  const script = `exec ${filterFile}<"$1" || exit; shift; exec "$@"`;
  return ['/bin/sh', '-c', script, 'sh', file, ...command];
};

/** Of root's rights the one to become another user. */
const userChangeAlone = ['--cap-drop', 'ALL', '--cap-add', 'CAP_SETUID', '--cap-add', 'CAP_SETGID'];

const becoming = (setpriv: string, user: number): string[] => {
  const as = [`--reuid=${user}`, `--regid=${user}`];
  return [setpriv, ...as, '--clear-groups', '--inh-caps=-all', '--'];
};

const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1) ?? '';
