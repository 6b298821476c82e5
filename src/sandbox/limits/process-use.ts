import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What processes use together. */
export interface ProcessUse {
  /** Their threads counted. */
  readonly processes: number;
  /** Memory that they do not share with files. */
  readonly memoryBytes: number;
}

const pageBytes = 4_096;

/**
 * Memory that processes share after a fork is told apart, at a price, only where the sum is above `enough`.
 * @param proc a mounted proc file system: of a pid namespace, or /proc.
 * @param pids of these alone; by default of all that it shows.
 */
export async function processUse(
  proc: string,
  enough: number,
  pids?: readonly string[],
): Promise<ProcessUse> {
  const names = pids ?? (await readdir(proc).catch(() => [])).filter((name) => /^\d+$/.test(name));
  const uses = await Promise.all(names.map((pid) => useOf(join(proc, pid))));
  const processes = uses.reduce((sum, use) => sum + use.processes, 0);
  const memoryBytes = uses.reduce((sum, use) => sum + use.memoryBytes, 0);
  if (memoryBytes <= enough) return { processes, memoryBytes };
  const exact = await Promise.all(
    names.map((pid, index) => ownMemory(join(proc, pid), uses[index]?.memoryBytes ?? 0)),
  );
  return { processes, memoryBytes: exact.reduce((sum, bytes) => sum + bytes, 0) };
}

/** A process's part of its anonymous memory, by proc_pid_smaps(5); where it may not be read, `rough`. */
async function ownMemory(folder: string, rough: number): Promise<number> {
  const text = await readFile(join(folder, 'smaps_rollup'), 'utf8').catch(() => '');
  const kibibytes = /^Pss_Anon:\s+(\d+) kB/m.exec(text)?.[1];
  return kibibytes === undefined ? rough : Number(kibibytes) * 1024;
}

async function useOf(folder: string): Promise<ProcessUse> {
  // Fields of proc_pid_stat(5), counted from 3, and of proc_pid_statm(5).
  const [stat, statm] = await Promise.all([
    readFile(join(folder, 'stat'), 'utf8').catch(() => ''),
    readFile(join(folder, 'statm'), 'utf8').catch(() => ''),
  ]);
  const threads = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[17] ?? 0);
  const [, resident = 0, shared = 0] = statm.split(' ').map(Number);
  return { processes: threads, memoryBytes: Math.max(0, resident - shared) * pageBytes };
}
