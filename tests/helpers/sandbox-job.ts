/** A process of its own that opens bubblewrap and runs one job: from stdin, its result on stdout. */
import { text } from 'node:stream/consumers';
import { BlueprintError } from '../../src/domain/errors.ts';
import { bubblewrapSandbox } from '../../src/sandbox/bubblewrap/bubblewrap.ts';
import { createHostPrograms } from '../../src/sandbox/host/host-programs.ts';
import { openCgroup } from '../../src/sandbox/limits/cgroup.ts';
import type { SandboxJob } from '../../src/sandbox/sandbox.ts';

const controller = new AbortController();
process.once('SIGTERM', () => controller.abort());
const job = JSON.parse(await text(process.stdin)) as Omit<SandboxJob, 'signal'>;
const programs = createHostPrograms({ env: process.env, root: '/' });
const answer = await bubblewrapSandbox({ programs, openCgroup })
  .run({ ...job, signal: controller.signal })
  .catch((error: unknown) => {
    if (error instanceof BlueprintError) return { error: error.toJSON() };
    throw error;
  });
process.stdout.write(JSON.stringify(answer));
