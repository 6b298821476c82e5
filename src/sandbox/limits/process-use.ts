import { join } from 'node:path';
import { idsIn, readIn } from '../../files/process-family.ts';

/** What processes use together. */
export interface ProcessUse {
  /** Their threads counted. */
  readonly processes: number;
  /** Memory that they do not share with files. */
  readonly memoryBytes: number;
}

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
  // By proc_pid_status(5): what was written, by it or by those that it shares it with, and is in no file.
  const status = readIn(folder, 'status');
  const valueOf = (key: string): number =>
    Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
  const memoryBytes = (valueOf('RssAnon') + valueOf('RssShmem')) * 1024;
  return { processes: valueOf('Threads'), memoryBytes };
}

/** A process's part of such memory, by proc_pid_smaps(5); where it may not be read, `rough`. */
function ownMemory(folder: string, rough: number): number {
  const text = readIn(folder, 'smaps_rollup');
  const parts = [...text.matchAll(/^Pss_(?:Anon|Shmem):\s+(\d+) kB/gm)];
  if (parts.length === 0) return rough;
  return parts.reduce((sum, [, kibibytes]) => sum + Number(kibibytes) * 1024, 0);
}
