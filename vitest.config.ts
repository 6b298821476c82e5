import { totalmem } from 'node:os';
import { defineConfig } from 'vitest/config';

/** What needs the built program, a sandbox, a terminal or an engine: by its folder or by its name. */
const endToEnd = ['tests/e2e/**/*.test.ts', 'tests/**/*.e2e.test.ts'];

/** On a busy machine a process may come too late; what passed on a second try only is named at the end. */
const retry = 1;

/**
 * Files share a process and what it has imported, which took half of all time: a test leaves variables, the
 * working folder and the disk's watch as it found them.
 */
const isolate = false;

/**
 * Many tests wait for a process, a time limit or an engine: two for each of two cores keep these busy, where
 * there is memory for them, some 600 MB each.
 */
const maxWorkers = totalmem() > 6 * 2 ** 30 ? 4 : 3;

export default defineConfig({
  test: {
    maxWorkers,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['tests/**/*.test.ts'],
          exclude: endToEnd,
          globalSetup: ['tests/helpers/quick-disk.ts'],
          setupFiles: ['tests/helpers/quick-folder.ts'],
          isolate,
          retry,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: endToEnd,
          globalSetup: ['tests/helpers/global-setup.ts', 'tests/helpers/quick-disk.ts'],
          setupFiles: ['tests/helpers/quick-folder.ts'],
          isolate,
          retry,
          testTimeout: 400_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
