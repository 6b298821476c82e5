import { bubblewrapSandbox } from '../../src/sandbox/bubblewrap/bubblewrap.ts';
import { createHostPrograms, type HostPrograms } from '../../src/sandbox/host/host-programs.ts';
import { openCgroup } from '../../src/sandbox/limits/cgroup.ts';
import { plainSandbox } from '../../src/sandbox/none.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';

/** This machine's programs, as a user's run would find them. */
export const hostPrograms: HostPrograms = createHostPrograms({ env: process.env, root: '/' });

/** Plain processes: for code that a test itself wrote. */
export const plain: Sandbox = plainSandbox({ programs: hostPrograms, openCgroup });

/** Bubblewrap where the machine has it, else plain processes. */
export const strongest: Sandbox =
  (await hostPrograms.find('bwrap')) === null
    ? plain
    : bubblewrapSandbox({ programs: hostPrograms, openCgroup });

/**
 * The same without what this machine happens to have of pytest's plugins: loading those takes longer than all
 * else in a run of pytest.
 */
export const withoutPlugins: Sandbox = {
  ...strongest,
  run: (job) => strongest.run({ ...job, env: { PYTEST_DISABLE_PLUGIN_AUTOLOAD: '1', ...job.env } }),
};
