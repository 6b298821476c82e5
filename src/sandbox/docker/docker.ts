import { randomBytes } from 'node:crypto';
import { constants } from 'node:os';
import { sandboxBroken } from '../broken.ts';
import { endOf } from '../ends.ts';
import { fixedParts } from '../fixed-parts.ts';
import { foreignUser, handOver, isGlobalRoot } from '../foreign-user.ts';
import type { HostPrograms } from '../host/host-programs.ts';
import { runWatched } from '../limits/run-watched.ts';
import { watchUse } from '../limits/watch-use.ts';
import { makeTemporaryFolder } from '../../files/temporary-folder.ts';
import { smallLimits, type Sandbox, type SandboxJob, type SandboxRun } from '../sandbox.ts';
import { heardIn, runArguments, workFolder } from './arguments.ts';
import { watchContainer } from './container.ts';
import {
  ask,
  dockerClient,
  isRootless,
  ownLabel,
  sweepContainers,
  type DockerClient,
} from './client.ts';

export interface DockerOptions {
  readonly programs: HostPrograms;
  /** The user's: which engine, and how it is spoken to. */
  readonly env: Readonly<NodeJS.ProcessEnv>;
  /** It must be there: nothing is fetched. */
  readonly image: string | null;
}

interface Prepared {
  readonly client: DockerClient;
  readonly image: string;
  /** Null: root of the machine, who hands each copy to another user. */
  readonly user: string | null;
}

/** Runs commands in containers, by the `docker` program and any engine that it reaches. */
export function dockerSandbox({ programs, env, image }: DockerOptions): Sandbox {
  let prepared: Promise<Prepared> | undefined;
  const known = new Map<string, Promise<boolean>>();

  const prepare = async (): Promise<Prepared> => {
    if (image === null)
      throw sandboxBroken(
        'docker',
        'the config names no image',
        'Set sandbox.image to one that has the tools of your project, as node:22.',
      );
    const program = await programs.find('docker');
    if (program === null) throw sandboxBroken('docker', 'docker is not on PATH', 'Install it.');
    const client = dockerClient(program, env);
    const server = await ask(client, 'version', '--format', '{{.Server.Version}}');
    if (!server.ok) throw sandboxBroken('docker', `no engine answers: ${server.problem}`);
    const found = await ask(client, 'image', 'inspect', '--format', '{{.Id}}', image);
    if (!found.ok)
      throw sandboxBroken(
        'docker',
        `the image ${image} is not there`,
        `Fetch it: docker pull ${image}`,
      );
    await sweepContainers(client);
    const own = `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;
    const user = (await isGlobalRoot()) ? null : (await isRootless(client)) ? '0:0' : own;
    return { client, image, user };
  };
  const run = async (job: SandboxJob): Promise<SandboxRun> => {
    prepared ??= prepare();
    const {
      client,
      image: name,
      user,
    } = await prepared.catch((error: unknown) => {
      prepared = undefined;
      throw error;
    });
    const { limits, signal, copy } = job;
    const foreign = user === null ? foreignUser() : null;
    const { mounts, before } = await handOver('docker', job, foreign);
    const token = randomBytes(16).toString('hex');
    const container = `blueprint-${token.slice(0, 12)}`;
    const args = runArguments({
      name: container,
      label: ownLabel(),
      token,
      image: name,
      copy,
      mounts,
      fixed: await fixedParts(job),
      limits,
      user: user ?? `${foreign}:${foreign}`,
      fileBytes: before + limits.diskBytes,
      env: job.env,
      command: job.command,
    });
    const seen = watchContainer(client, container);
    const watch = watchUse(copy, before, limits, seen.cgroup);
    const ended = await runWatched({
      file: client.program,
      args,
      cwd: '/',
      env: client.env,
      signal,
      onOutput: job.onOutput,
      // What the container's first process says is taken out again.
      limits: { ...limits, outputBytes: limits.outputBytes + mostSaid },
      reached: async (_pid, _status, last) => watch.reached(last ? null : await seen.use()),
      end: seen.end,
    });
    const heard = heardIn(ended.stderr, token);
    const flood = ended.outputBytes - heard.saidBytes > limits.outputBytes ? 'output' : null;
    const limit = ended.limit ?? heard.limit ?? flood;
    if (limit === null && !heard.started)
      throw sandboxBroken('docker', ended.startFault ?? ended.stderr);
    const { stdout, durationMs } = ended;
    return { end: endOf(limit, heard.code ?? killed), stdout, stderr: heard.stderr, durationMs };
  };

  return {
    name: 'docker',
    isolated: true,
    seenAt: () => workFolder,
    run,
    has(program) {
      if (program === '' || program.includes('/')) return Promise.resolve(false);
      const found = known.get(program) ?? look(program, run);
      known.set(program, found);
      found.catch(() => known.delete(program));
      return found;
    },
  };
}

/** At its beginning, and up to three times at its end: bytes. */
const mostSaid = 4 * 50;

/** As a shell tells it. */
const killed = 128 + constants.signals.SIGKILL;

/** By the shell of the image. */
async function look(program: string, run: Sandbox['run']): Promise<boolean> {
  await using copy = await makeTemporaryFolder();
  const { end } = await run({
    copy: copy.path,
    env: {},
    mounts: [],
    signal: new AbortController().signal,
    command: ['/bin/sh', '-c', 'command -v -- "$1"', 'sh', program],
    limits: smallLimits,
  });
  return end.kind === 'exited' && end.code === 0;
}
