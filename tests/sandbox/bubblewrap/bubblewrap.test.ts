import { bubblewrapSandbox } from '../../../src/sandbox/bubblewrap/bubblewrap.ts';
import { createHostPrograms } from '../../../src/sandbox/host/host-programs.ts';
import { openCgroup } from '../../../src/sandbox/limits/cgroup.ts';
import { sandboxContract } from '../../contracts/sandbox.ts';

const programs = createHostPrograms({ env: process.env, root: process.cwd() });

sandboxContract('bubblewrap', async () => bubblewrapSandbox({ programs, openCgroup }));
sandboxContract('bubblewrap, without control groups', async () =>
  bubblewrapSandbox({ programs, openCgroup: async () => null }),
);
