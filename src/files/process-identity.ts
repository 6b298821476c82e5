import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Says which process holds something, so that others can tell whether it still lives. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** Of the running system, where it tells: a holder from before a restart is gone. */
  readonly boot: string | null;
  /** Of the pid namespace, where it tells: pids of another container mean nothing here. */
  readonly namespace: string | null;
  /** When the process started, in the system's own ticks: tells a reused pid from its former owner. */
  readonly started: string | null;
}

/** Of this process, which stays the same for as long as it runs. */
export function currentProcess(): ProcessIdentity {
  current ??= {
    pid: process.pid,
    host: hostname(),
    boot: tryRead(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    namespace: tryRead(() => readlinkSync('/proc/self/ns/pid')),
    started: processState(process.pid)?.started ?? null,
  };
  return current;
}

let current: ProcessIdentity | undefined;

/**
 * Whether a process still runs, as seen from `self`: `unknown` when it belongs to another machine or
 * container, whose pids cannot be looked up.
 */
export function liveness(
  other: ProcessIdentity,
  self: ProcessIdentity,
): 'alive' | 'gone' | 'unknown' {
  if (other.host !== self.host) return 'unknown';
  if (other.boot !== null && self.boot !== null && other.boot !== self.boot) return 'gone';
  if (other.namespace !== self.namespace) return 'unknown';
  if (!pidExists(other.pid)) return 'gone';
  const state = processState(other.pid);
  if (state === null) return 'alive';
  if (state.ended) return 'gone';
  return other.started !== null && other.started !== state.started ? 'gone' : 'alive';
}

/**
 * `pid-start-namespace` of this process, for the names of what it leaves if it is killed. Systems without
 * /proc tell the pid alone.
 */
export function ownerMark(): string {
  const { pid, started, namespace } = currentProcess();
  return `${pid}-${started ?? 0}-${numberIn(namespace)}`;
}

/**
 * Whether a mark is that of a process that is gone; not when it belongs to another container. A pid alone, as
 * version 0.1.0 wrote it, is taken for one of here.
 */
export function isOfDead(mark: string): boolean {
  if (/^\d+$/.test(mark)) return !pidExists(Number(mark));
  const self = currentProcess();
  const [, pid = '', start, namespace] = /^(\d+)-(\d+)-(\d+)$/.exec(mark) ?? [];
  if (pid === '' || namespace !== numberIn(self.namespace)) return false;
  const started = start === '0' ? null : (start ?? null);
  return liveness({ ...self, pid: Number(pid), started }, self) === 'gone';
}

function numberIn(namespace: string | null): string {
  return /\d+/.exec(namespace ?? '')?.[0] ?? '0';
}

function pidExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as another user.
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

/** The fields of proc_pid_stat(5) from the third on; the name before them may hold anything. */
export const statFields = (stat: string): string[] =>
  stat.slice(stat.lastIndexOf(')') + 2).split(' ');

// Fields 3 (state) and 22 (starttime).
function processState(pid: number): { ended: boolean; started: string } | null {
  const stat = tryRead(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  if (stat === null) return null;
  const fields = statFields(stat);
  const [state, started] = [fields[0], fields[19]];
  if (state === undefined || started === undefined) return null;
  return { ended: state === 'Z' || state === 'X', started };
}

function tryRead(read: () => string): string | null {
  try {
    return read();
  } catch {
    return null;
  }
}
