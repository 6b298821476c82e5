import { createHostPrograms } from '../../src/sandbox/host/host-programs.ts';
import { openCgroup } from '../../src/sandbox/limits/cgroup.ts';
import { plainSandbox } from '../../src/sandbox/none.ts';
import { hearingContract, sandboxContract } from '../contracts/sandbox.ts';

const programs = createHostPrograms({ env: process.env, root: process.cwd() });

sandboxContract('none', async () => plainSandbox({ programs, openCgroup }));
hearingContract('none', async () => plainSandbox({ programs, openCgroup }));
sandboxContract('none, without control groups', async () =>
  plainSandbox({ programs, openCgroup: async () => null }),
);
