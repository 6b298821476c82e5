import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

const memory = '/dev/shm';
const neededBytes = 2 * 2 ** 30;

/**
 * Temporary folders are in memory where there is much of it: on a disk a fifth of all time goes into writing
 * them through. What tests leave there goes at the end.
 */
export default function setup(project: TestProject): (() => void) | undefined {
  if (process.platform !== 'linux' || process.env['TMPDIR'] !== undefined) return undefined;
  if (freeBytes(memory) < neededBytes) return undefined;
  const folder = mkdtempSync(join(memory, 'blueprint-tests-'));
  // Of these tests alone: what stands in a sandbox or on a small disk is tried where users have it.
  project.config.env = { ...project.config.env, TMPDIR: folder };
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
