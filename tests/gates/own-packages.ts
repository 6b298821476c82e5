import { join } from 'node:path';
import { hostPackages } from '../../src/gates/host-packages.ts';
import type { HostPackages } from '../../src/gates/runners/runner.ts';

/** This repository's own packages: vitest is one of them. */
const own = hostPackages(join(import.meta.dirname, '../..'), { cargo: '/x', go: '/x' });
const none = hostPackages('/nonexistent', { cargo: '/x', go: '/x' });

/**
 * What is installed for a project: this repository's packages where it speaks of vitest, else none, as each of
 * hundreds is linked into each copy, which takes longer than the run of a few tests.
 */
export function packagesFor(project: Readonly<Record<string, string | null>>): HostPackages {
  return Object.values(project).some((text) => text?.includes('vitest')) ? own : none;
}
