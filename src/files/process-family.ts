import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { signalGroup } from './process-group.ts';
import { statFields } from './process-identity.ts';

/** A variable whose value tells the processes of one run from all others. */
export const familyVariable = 'SANDBOX_RUN';

/** One process; its start, in the system's ticks, tells it from a later one with the same id. */
export interface Member {
  readonly id: number;
  readonly started: string;
}

/** What tells the members of a family that left the group, and whose parents have ended. */
export interface FamilyMarks {
  /** Value of `familyVariable` in their environment. */
  readonly mark?: string;
  /** Absolute: they work in it or below. */
  readonly folder?: string;
}

/**
 * The processes of a run that has no namespace: those of the group and the session that the process leads,
 * those with its marks, and what descends from them. Empty where there is no /proc.
 */
export function familyOf(pid: number, marks: FamilyMarks = {}): Member[] {
  const processes = allProcesses();
  const family = new Set<number>();
  for (const { id, group, session } of processes)
    if (id === pid || group === pid || session === pid || isMarked(id, marks)) family.add(id);
  for (let size = -1; size !== family.size;) {
    size = family.size;
    for (const { id, parent } of processes) if (family.has(parent)) family.add(id);
  }
  return processes.filter(({ id, ended }) => family.has(id) && !ended);
}

function isMarked(id: number, { mark, folder }: FamilyMarks): boolean {
  if (id === process.pid) return false;
  const folderOf = join('/proc', String(id));
  if (mark !== undefined && readIn(folderOf, 'environ').includes(`${familyVariable}=${mark}`))
    return true;
  return folder !== undefined && isBelow(linkIn(folderOf, 'cwd'), folder);
}

/** A folder that is gone has ` (deleted)` behind its name. */
const isBelow = (path: string, folder: string): boolean =>
  path.startsWith(folder) && /^(?:\/| \(deleted\)|$)/.test(path.slice(folder.length));

export function idsIn(proc: string): string[] {
  try {
    return readdirSync(proc).filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

/** Empty for what is gone, or not ours to read. */
export function readIn(...path: readonly string[]): string {
  try {
    return readFileSync(join(...path), 'latin1');
  } catch {
    return '';
  }
}

function linkIn(...path: readonly string[]): string {
  try {
    return readlinkSync(join(...path));
  } catch {
    return '';
  }
}

function allProcesses() {
  return idsIn('/proc').map((name) => {
    const [state = 'X', ...numbers] = statFields(readIn('/proc', name, 'stat'));
    const [parent = 0, group = 0, session = 0] = numbers.slice(0, 3).map(Number);
    // Field 22 of proc_pid_stat(5).
    const started = numbers[18] ?? '';
    return { id: Number(name), started, parent, group, session, ended: /[ZX]/.test(state) };
  });
}

/** As `endFamily`, once and without a wait: for the end of this process. */
export function endFamilyNow(pid: number, marks: FamilyMarks): void {
  const family = familyOf(pid, marks);
  signalGroup(pid, 'SIGKILL');
  for (const member of family) send(member, 'SIGKILL');
}

/** How often, 10 ms apart, a family is ended anew: its members may have started others meanwhile. */
const tries = 200;

/**
 * Ends the group of a process, and its family as far as it is found.
 * @param known members from before: who has no mark and no living parent is found no more
 */
export async function endFamily(
  pid: number,
  marks: FamilyMarks,
  known: readonly Member[] = [],
): Promise<void> {
  const alive = new Set(known.length === 0 ? [] : allProcesses().map(keyOf));
  const before = [...known.filter((member) => alive.has(keyOf(member))), ...familyOf(pid, marks)];
  signalGroup(pid, 'SIGKILL');
  for (const member of before) send(member, 'SIGKILL');
  for (let count = 0; count < tries; count += 1) {
    const left = familyOf(pid, marks);
    if (left.length === 0) return;
    // Stopped first, so that none can start another while the others are ended.
    for (const signal of ['SIGSTOP', 'SIGKILL'] as const)
      for (const member of left) send(member, signal);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const keyOf = ({ id, started }: Member): string => `${id} ${started}`;

function send({ id }: Member, signal: NodeJS.Signals): void {
  try {
    process.kill(id, signal);
  } catch {
    // It has ended by itself.
  }
}
