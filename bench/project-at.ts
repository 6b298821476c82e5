import type { Project } from '../src/repository/project.ts';
import { openProject } from '../src/repository/open-project.ts';

/** A made-up project as the program knows it; its index is sealed by no key, and so not kept. */
export function projectAt(root: string): Project {
  return openProject({
    root,
    leftOut: [],
    env: { PATH: process.env['PATH'] },
    maxFiles: 200_000,
    now: () => new Date(),
    key: async () => null,
    signal: new AbortController().signal,
  });
}
