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
  for (const place of besideOf(places.unified))
    if (await bounds(place)) {
      const group = await make(unifiedGroup(join(place, name)), wanted);
      if (group !== null) return group;
    }
  for (const memory of places.memory)
    for (const pids of places.pids) {
      const group = await make(olderGroup(join(memory, name), join(pids, name)), wanted);
      if (group !== null) return group;
    }
  return null;
};

/** What is not bounded where no group can be made, in words. */
export async function groupGaps(open: OpenCgroup): Promise<string[]> {
  const group = await open({ memoryBytes: 100_000_000, processes: 10 });
  await group?.close();
  if (group !== null) return [];
  return process.platform === 'linux'
    ? [
        'memory and processes are watched, not bounded, as this user can make no control group: System V shared memory and pipes are not counted',
      ]
    : ['memory and processes are not limited'];
}

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
    return { reached: reachedBy(olderGroup(memory, pids)) };
  return unified === undefined ? null : { reached: reachedBy(unifiedGroup(unified)) };
}

// A group that holds processes cannot bound groups below it, so ours stands beside that of this process.
function besideOf([here, mount]: readonly string[]): string[] {
  if (here === undefined) return [];
  return mount === undefined ? [here] : [dirname(here), here];
}

/** Whether groups below a folder are bounded in what we want. */
async function bounds(place: string): Promise<boolean> {
  const offered = await readFile(join(place, 'cgroup.subtree_control'), 'utf8').catch(() => '');
  const controllers = offered.trim().split(' ');
  return controllers.includes('memory') && controllers.includes('pids');
}

/** How the kernel is told the limits of one kind of group, and tells that they were met. */
interface GroupFiles {
  /** Folders: one, or one for each thing that the older kind bounds. */
  readonly folders: readonly string[];
  readonly memory: string;
  readonly pids: string;
  /** Values that not every system takes. */
  readonly wished: (wanted: Wanted) => Readonly<Record<string, number>>;
  readonly memoryEvents: string;
  readonly pidsEvents: string;
}

const unifiedGroup = (group: string): GroupFiles => ({
  folders: [group],
  memory: join(group, 'memory.max'),
  pids: join(group, 'pids.max'),
  // One process that is ended for its memory takes the others along.
  wished: () => ({ [join(group, 'memory.swap.max')]: 0, [join(group, 'memory.oom.group')]: 1 }),
  memoryEvents: join(group, 'memory.events'),
  pidsEvents: join(group, 'pids.events'),
});

const olderGroup = (memory: string, pids: string): GroupFiles => ({
  folders: [memory, pids],
  memory: join(memory, 'memory.limit_in_bytes'),
  pids: join(pids, 'pids.max'),
  // Fails where swap is not counted.
  wished: (wanted) => ({ [join(memory, 'memory.memsw.limit_in_bytes')]: wanted.memoryBytes }),
  memoryEvents: join(memory, 'memory.oom_control'),
  pidsEvents: join(pids, 'pids.events'),
});

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

/** Makes the group and writes its limits; null, and nothing left, where that fails. */
async function make(files: GroupFiles, wanted: Wanted): Promise<Cgroup | null> {
  const folders: string[] = [];
  for (const folder of files.folders) await sweep(dirname(folder));
  try {
    for (const folder of files.folders) {
      await mkdir(folder);
      folders.push(folder);
    }
    await writeFile(files.memory, String(wanted.memoryBytes));
    await writeFile(files.pids, String(wanted.processes));
  } catch {
    for (const folder of folders) await rmdir(folder).catch(() => undefined);
    return null;
  }
  for (const [file, value] of Object.entries(files.wished(wanted)))
    await writeFile(file, String(value)).catch(() => undefined);
  return {
    joinFiles: files.folders.map((folder) => join(folder, 'cgroup.procs')),
    reached: reachedBy(files),
    async close() {
      for (const folder of files.folders) await end(folder);
    },
  };
}

function reachedBy({ memoryEvents, pidsEvents }: GroupFiles): Cgroup['reached'] {
  const count = async (file: string, key: string): Promise<number> => {
    const text = await readFile(file, 'utf8').catch(() => '');
    const line = text.split('\n').find((one) => one.startsWith(`${key} `));
    return Number(line?.split(' ')[1] ?? 0);
  };
  return async () => {
    if ((await count(memoryEvents, 'oom_kill')) > 0) return 'memory';
    return (await count(pidsEvents, 'max')) > 0 ? 'processes' : null;
  };
}

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
