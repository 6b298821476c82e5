import { chmodSync, mkdtempSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** A folder in memory for temporary ones, absolute; null where there is too little of it. */
    readonly quickFolder: string | null;
  }
}

const memory = '/dev/shm';
const neededBytes = 2 * 2 ** 30;

/**
 * Temporary folders are in memory where there is much of it: on a disk a fifth of all time goes into writing
 * them through. What tests leave there goes at the end. `quick-folder.ts` says whose they are.
 */
export default function setup(project: TestProject): (() => void) | undefined {
  const isOurs = process.platform === 'linux' && process.env['TMPDIR'] === undefined;
  if (!isOurs || freeBytes(memory) < neededBytes || !mayRunPrograms(memory)) {
    project.provide('quickFolder', null);
    return undefined;
  }
  const folder = mkdtempSync(join(memory, 'blueprint-tests-'));
  // For other users too, as the system's: some tests run programs as one of them.
  chmodSync(folder, 0o1777);
  project.provide('quickFolder', folder);
  return () => rmSync(folder, { recursive: true, force: true });
}

function freeBytes(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return 0;
  }
}

/** Whether it is mounted for programs too, as tests write some: in many containers it is not. */
function mayRunPrograms(folder: string): boolean {
  const mounts = readFileSync('/proc/mounts', 'utf8').split('\n');
  const [, , , options = 'noexec'] =
    mounts.findLast((line) => line.split(' ')[1] === folder)?.split(' ') ?? [];
  return !options.split(',').includes('noexec');
}
