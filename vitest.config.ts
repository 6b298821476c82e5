import { defineConfig } from 'vitest/config';

/** What needs the built program, a sandbox, a terminal or an engine: by its folder or by its name. */
const endToEnd = ['tests/e2e/**/*.test.ts', 'tests/**/*.e2e.test.ts'];

/** On a busy machine a process may come too late; what passed on a second try only is named at the end. */
const retry = 1;

export default defineConfig({
  test: {
    maxWorkers: 3,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['tests/**/*.test.ts'],
          exclude: endToEnd,
          retry,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: endToEnd,
          globalSetup: ['tests/helpers/global-setup.ts'],
          retry,
          testTimeout: 400_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
