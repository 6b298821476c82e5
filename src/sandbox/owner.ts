import { readFileSync, readlinkSync } from 'node:fs';

/**
 * `pid-start-namespace` of this process, for the names of what it leaves if it is killed: a pid alone may be
 * another process's by now, or another container's. Systems without /proc tell the pid alone.
 */
export function ownerMark(): string {
  return `${process.pid}-${startOf(process.pid)}-${ownNamespace()}`;
}

/** Whether a mark is that of a process that is gone; not when it belongs to another container. */
export function isOfDead(mark: string): boolean {
  const [, pid = '', start, namespace] = /^(\d+)-(\d+)-(\d+)$/.exec(mark) ?? [];
  if (pid === '' || namespace !== ownNamespace()) return false;
  return !isAlive(Number(pid)) || startOf(Number(pid)) !== start;
}

function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Field 22 of proc_pid_stat(5), in ticks since the system's start; the name may hold anything.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '0';
  } catch {
    return '0';
  }
}

function ownNamespace(): string {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
  } catch {
    return '0';
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
