import { defineConfig } from 'vitest/config';

/** What needs the built program, a sandbox, a terminal or an engine: by its folder or by its name. */
const endToEnd = ['tests/e2e/**/*.test.ts', 'tests/**/*.e2e.test.ts'];

export default defineConfig({
  test: {
    maxWorkers: 3,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['tests/**/*.test.ts'],
          exclude: endToEnd,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: endToEnd,
          globalSetup: ['tests/helpers/global-setup.ts'],
          testTimeout: 400_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
