import { join } from 'node:path';
import { idsIn, readIn } from '../../files/process-family.ts';
import { statFields } from '../../files/process-identity.ts';

/** What processes use together. */
export interface ProcessUse {
  /** Their threads counted. */
  readonly processes: number;
  /** Memory that they do not share with files. */
  readonly memoryBytes: number;
}

const pageBytes = 4_096;

/**
 * Reads at once, not by turns: among many processes that fight for the processor each turn is long, and
 * those that were listed are gone when they are looked at. Memory that processes share after a fork is told
 * apart, at a price, only where the sum is above `enough`.
 * @param proc a mounted proc file system: of a pid namespace, or /proc.
 * @param pids of these alone; by default of all that it shows.
 */
export function processUse(proc: string, enough: number, pids?: readonly number[]): ProcessUse {
  const folders = (pids?.map(String) ?? idsIn(proc)).map((pid) => join(proc, pid));
  const uses = folders.map(useOf);
  const threads = uses.reduce((sum, use) => sum + use.processes, 0);
  const memoryBytes = uses.reduce((sum, use) => sum + use.memoryBytes, 0);
  const processes = Math.max(threads, folders.length);
  if (memoryBytes <= enough) return { processes, memoryBytes };
  const exact = folders.map((folder, index) => ownMemory(folder, uses[index]?.memoryBytes ?? 0));
  return { processes, memoryBytes: exact.reduce((sum, bytes) => sum + bytes, 0) };
}

function useOf(folder: string): ProcessUse {
  // num_threads there, resident and shared in proc_pid_statm(5).
  const threads = Number(statFields(readIn(folder, 'stat'))[17] ?? 0);
  const [, resident = 0, shared = 0] = readIn(folder, 'statm').split(' ').map(Number);
  return { processes: threads, memoryBytes: Math.max(0, resident - shared) * pageBytes };
}

/** A process's part of its anonymous memory, by proc_pid_smaps(5); where it may not be read, `rough`. */
function ownMemory(folder: string, rough: number): number {
  const kibibytes = /^Pss_Anon:\s+(\d+) kB/m.exec(readIn(folder, 'smaps_rollup'))?.[1];
  return kibibytes === undefined ? rough : Number(kibibytes) * 1024;
}
