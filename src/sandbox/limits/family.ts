import { signalGroup } from '../../files/process-group.ts';
import { statFields } from '../../files/process-identity.ts';
import { idsIn, readIn } from './process-use.ts';

/** A variable whose value tells the processes of one run from all others. */
export const familyVariable = 'SANDBOX_RUN';

/**
 * The processes of a run that has no namespace: those of the group and the session that the process leads,
 * and what descends from them. Empty where there is no /proc.
 * @param mark value of `familyVariable`: finds those too who left, and whose parents have ended.
 */
export function familyOf(pid: number, mark?: string): number[] {
  const processes = allProcesses();
  const family = new Set<number>();
  for (const { id, group, session } of processes) {
    const marked = mark !== undefined && readIn('/proc', String(id), 'environ').includes(mark);
    if (id === pid || group === pid || session === pid || marked) family.add(id);
  }
  for (let size = -1; size !== family.size;) {
    size = family.size;
    for (const { id, parent } of processes) if (family.has(parent)) family.add(id);
  }
  return processes.filter(({ id, ended }) => family.has(id) && !ended).map(({ id }) => id);
}

function allProcesses() {
  return idsIn('/proc').map((name) => {
    const [state = 'X', ...numbers] = statFields(readIn('/proc', name, 'stat'));
    const [parent = 0, group = 0, session = 0] = numbers.slice(0, 3).map(Number);
    return { id: Number(name), parent, group, session, ended: /[ZX]/.test(state) };
  });
}

/** How often, 10 ms apart, a family is ended anew: its members may have started others meanwhile. */
const tries = 200;

/** Ends the group of a process, and its family as far as it is found. */
export async function endFamily(pid: number, mark: string): Promise<void> {
  signalGroup(pid, 'SIGKILL');
  for (let count = 0; count < tries; count += 1) {
    const left = familyOf(pid, `${familyVariable}=${mark}`);
    if (left.length === 0) return;
    // Stopped first, so that none can start another while the others are ended.
    for (const signal of ['SIGSTOP', 'SIGKILL'] as const)
      for (const member of left) send(member, signal);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by itself.
  }
}
