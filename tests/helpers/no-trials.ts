import type { Gates } from '../../src/supervisor/checks.ts';

/** For gates that run nothing: there is no place to try tests in, as on a machine without a sandbox. */
export const noTrials: Pick<Gates, 'tryTests' | 'testLayout'> = {
  tryTests: async () => ({ unavailable }),
  testLayout: async () => ({ runners: [], examples: [], unavailable }),
};

const unavailable = { missing: 'no sandbox', fix: 'Install one.' };
