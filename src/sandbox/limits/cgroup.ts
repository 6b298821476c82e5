import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isOfDead, ownerMark } from '../../files/process-identity.ts';
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

const prefix = 'blueprint-sandbox-';
let counter = 0;

export type OpenCgroup = (wanted: Wanted) => Promise<Cgroup | null>;

/** Makes a group for one run; null where this user may make none, as for most ordinary ones. */
export const openCgroup: OpenCgroup = async (wanted) => {
  const places = await placesOfProcess('self');
  const name = `${prefix}${ownerMark()}-${(counter += 1)}`;
  return (
    (await openUnified(besideOf(places.unified), name, wanted)) ?? openSplit(places, name, wanted)
  );
};

/** Folders of a process's groups, the nearest first; empty for a kind that is not there. */
interface Places {
  readonly unified: readonly string[];
  /** The older kind has a tree for each thing that it bounds. */
  readonly memory: readonly string[];
  readonly pids: readonly string[];
}

async function placesOfProcess(pid: number | 'self'): Promise<Places> {
  const [mounts = '', own = ''] = await Promise.all(
    ['/proc/self/mounts', `/proc/${pid}/cgroup`].map((path) =>
      readFile(path, 'utf8').catch(() => ''),
    ),
  );
  return placesOf(mounts, own);
}

/**
 * Sources: cgroups(7), proc_pid_cgroup(5).
 * @param mounts /proc/self/mounts
 * @param own /proc/PID/cgroup
 */
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
  const unified = mount === undefined || path === undefined ? [] : [join(mount, path), mount];
  return { unified: [...new Set(unified)], memory: older('memory'), pids: older('pids') };
}

/**
 * Tells the limits that a process's group meets, as an engine for containers made it; null where the group
 * cannot be seen from here.
 */
export async function limitsMetBy(pid: number): Promise<Pick<Cgroup, 'reached'> | null> {
  const places = await placesOfProcess(pid);
  const [memory, pids, unified] = [places.memory[0], places.pids[0], places.unified[0]];
  if (memory !== undefined && pids !== undefined)
    return { reached: reachedBy(olderCounters(memory, pids)) };
  return unified === undefined ? null : { reached: reachedBy(unifiedCounters(unified)) };
}

// A group that holds processes cannot bound groups below it, so ours stands beside that of this process.
function besideOf([here, mount]: readonly string[]): string[] {
  if (here === undefined) return [];
  return mount === undefined ? [here] : [dirname(here), here];
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
    return groupOf([group], unifiedCounters(group));
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
      return groupOf([memory, pids], olderCounters(memory, pids));
    }
  return null;
}

/** Removes what killed processes left: their groups are empty. */
async function sweep(place: string): Promise<void> {
  if (swept.has(place)) return;
  swept.add(place);
  for (const name of await readdir(place).catch(() => [])) {
    const mark = /^blueprint-sandbox-(.*)-\d+$/.exec(name)?.[1];
    if (mark !== undefined && isOfDead(mark)) await rmdir(join(place, name)).catch(() => undefined);
  }
}

const swept = new Set<string>();

/** Makes the groups and writes their limits; leaves nothing where that fails. */
async function prepare(
  groups: readonly string[],
  values: Readonly<Record<string, number>>,
): Promise<boolean> {
  const made: string[] = [];
  for (const group of groups) await sweep(dirname(group));
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

type Counters = Readonly<Record<'memory' | 'processes', Counter>>;

const unifiedCounters = (group: string): Counters => ({
  memory: { file: join(group, 'memory.events'), key: 'oom_kill' },
  processes: { file: join(group, 'pids.events'), key: 'max' },
});

const olderCounters = (memory: string, pids: string): Counters => ({
  memory: { file: join(memory, 'memory.oom_control'), key: 'oom_kill' },
  processes: { file: join(pids, 'pids.events'), key: 'max' },
});

function reachedBy(counters: Counters): Cgroup['reached'] {
  const count = async ({ file, key }: Counter): Promise<number> => {
    const text = await readFile(file, 'utf8').catch(() => '');
    const line = text.split('\n').find((one) => one.startsWith(`${key} `));
    return Number(line?.split(' ')[1] ?? 0);
  };
  return async () => {
    if ((await count(counters.memory)) > 0) return 'memory';
    return (await count(counters.processes)) > 0 ? 'processes' : null;
  };
}

const groupOf = (groups: readonly string[], counters: Counters): Cgroup => ({
  joinFiles: groups.map((group) => join(group, 'cgroup.procs')),
  reached: reachedBy(counters),
  async close() {
    for (const group of groups) await end(group);
  },
});

/** How often a group is tried that still has processes which end; 5 s together. */
const endTries = 270;

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
    await new Promise((resolve) => setTimeout(resolve, Math.min(1 + tries, 20)));
  }
}
