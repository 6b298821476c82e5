import { mkdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { SandboxLimit, SandboxLimits } from '../sandbox.ts';

/** A group of processes of which the kernel bounds memory and number together. */
export interface Cgroup {
  /** A process that writes 0 into each of these is in the group, and so is all that it starts. */
  readonly joinFiles: readonly string[];
  /** The limit that was met, if one was. */
  reached(): Promise<SandboxLimit | null>;
  /** Ends all that is left in the group, and removes it. */
  close(): Promise<void>;
}

type Wanted = Pick<SandboxLimits, 'memoryBytes' | 'processes'>;

let counter = 0;

/** Where groups can be made on this machine: null where they cannot, as for most ordinary users. */
export type OpenCgroup = (wanted: Wanted) => Promise<Cgroup | null>;

/** @param mountsText of /proc/self/mounts, `own` of /proc/self/cgroup. */
export async function openCgroup(
  wanted: Wanted,
  read: (path: string) => Promise<string> = (path) => readFile(path, 'utf8'),
): Promise<Cgroup | null> {
  const [mounts, own] = await Promise.all(
    ['/proc/self/mounts', '/proc/self/cgroup'].map((path) => read(path).catch(() => '')),
  );
  const places = placesOf(mounts ?? '', own ?? '');
  const name = `blueprint-${process.pid}-${(counter += 1)}`;
  return (await openUnified(places.unified, name, wanted)) ?? openSplit(places, name, wanted);
}

interface Places {
  /** Folders in which a group of the unified kind may be made, the nearest first. */
  readonly unified: readonly string[];
  /** The same for the older kind, which has a tree for each thing that it bounds. */
  readonly memory: readonly string[];
  readonly pids: readonly string[];
}

/** Sources: cgroups(7), proc_pid_cgroup(5). */
function placesOf(mounts: string, own: string): Places {
  const mounted = mounts.split('\n').flatMap((line) => {
    const [, folder = '', type = '', options = ''] = line.split(' ');
    return type.startsWith('cgroup') ? [{ folder, type, options: options.split(',') }] : [];
  });
  const groups = own.split('\n').map((line) => {
    const [, controllers = '', ...path] = line.split(':');
    return { controllers: controllers.split(','), path: path.join(':') };
  });
  const older = (controller: string): string[] => {
    const mount = mounted.find(
      ({ type, options }) => type === 'cgroup' && options.includes(controller),
    );
    const group = groups.find(({ controllers }) => controllers.includes(controller));
    if (mount === undefined || group === undefined) return [];
    return [...new Set([join(mount.folder, group.path), mount.folder])];
  };
  const mount = mounted.find(({ type }) => type === 'cgroup2')?.folder;
  const path = groups.find(({ controllers }) => controllers[0] === '')?.path;
  if (mount === undefined || path === undefined)
    return { unified: [], memory: older('memory'), pids: older('pids') };
  // A group that holds processes cannot bound groups below it, so ours stands beside that of this process.
  const here = join(mount, path);
  return {
    unified: here === mount ? [mount] : [...new Set([dirname(here), here])],
    memory: older('memory'),
    pids: older('pids'),
  };
}

async function openUnified(
  places: readonly string[],
  name: string,
  wanted: Wanted,
): Promise<Cgroup | null> {
  for (const place of places) {
    const offered = await readFile(join(place, 'cgroup.subtree_control'), 'utf8').catch(() => '');
    const controllers = offered.trim().split(' ');
    if (!controllers.includes('memory') || !controllers.includes('pids')) continue;
    const group = join(place, name);
    const made = await prepare([group], {
      [join(group, 'memory.max')]: wanted.memoryBytes,
      [join(group, 'pids.max')]: wanted.processes,
    });
    if (!made) continue;
    await writeFile(join(group, 'memory.swap.max'), '0').catch(() => undefined);
    // One process that is ended for its memory takes the others along.
    await writeFile(join(group, 'memory.oom.group'), '1').catch(() => undefined);
    return groupOf([group], {
      memory: { file: join(group, 'memory.events'), key: 'oom_kill' },
      processes: { file: join(group, 'pids.events'), key: 'max' },
    });
  }
  return null;
}

async function openSplit(places: Places, name: string, wanted: Wanted): Promise<Cgroup | null> {
  for (const memoryPlace of places.memory)
    for (const pidsPlace of places.pids) {
      const memory = join(memoryPlace, name);
      const pids = join(pidsPlace, name);
      const made = await prepare([memory, pids], {
        [join(memory, 'memory.limit_in_bytes')]: wanted.memoryBytes,
        [join(pids, 'pids.max')]: wanted.processes,
      });
      if (!made) continue;
      // Fails where swap is not counted.
      await writeFile(
        join(memory, 'memory.memsw.limit_in_bytes'),
        String(wanted.memoryBytes),
      ).catch(() => undefined);
      return groupOf([memory, pids], {
        memory: { file: join(memory, 'memory.oom_control'), key: 'oom_kill' },
        processes: { file: join(pids, 'pids.events'), key: 'max' },
      });
    }
  return null;
}

/** Makes the groups and writes their limits; leaves nothing where that fails. */
async function prepare(
  groups: readonly string[],
  values: Readonly<Record<string, number>>,
): Promise<boolean> {
  const made: string[] = [];
  try {
    for (const group of groups) {
      await mkdir(group);
      made.push(group);
    }
    for (const [file, value] of Object.entries(values)) await writeFile(file, String(value));
    return true;
  } catch {
    for (const group of made) await rmdir(group).catch(() => undefined);
    return false;
  }
}

interface Counter {
  readonly file: string;
  readonly key: string;
}

function groupOf(
  groups: readonly string[],
  counters: Readonly<Record<'memory' | 'processes', Counter>>,
): Cgroup {
  const count = async ({ file, key }: Counter): Promise<number> => {
    const text = await readFile(file, 'utf8').catch(() => '');
    const line = text.split('\n').find((one) => one.startsWith(`${key} `));
    return Number(line?.split(' ')[1] ?? 0);
  };
  return {
    joinFiles: groups.map((group) => join(group, 'cgroup.procs')),
    async reached() {
      if ((await count(counters.memory)) > 0) return 'memory';
      return (await count(counters.processes)) > 0 ? 'processes' : null;
    },
    async close() {
      for (const group of groups) await end(group);
    },
  };
}

/** How often, 20 ms apart, a group is tried that still has processes which end. */
const endTries = 250;

async function end(group: string): Promise<void> {
  for (let tries = 0; tries < endTries; tries += 1) {
    const gone = await rmdir(group).then(
      () => true,
      (error: NodeJS.ErrnoException) => error.code === 'ENOENT',
    );
    if (gone) return;
    const members = await readFile(join(group, 'cgroup.procs'), 'utf8').catch(() => '');
    for (const pid of members.split('\n').filter((line) => line !== ''))
      try {
        process.kill(Number(pid), 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
