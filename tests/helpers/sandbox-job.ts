/**
 * A process of its own that opens a sandbox, docker where `BLUEPRINT_TEST_IMAGE` names an image, else bubblewrap,
 * and runs jobs: each is a line on stdin, its result one on stdout.
 * A line without a job stops the one of that number.
 */
import { createInterface } from 'node:readline';
import { BlueprintError } from '../../src/domain/errors.ts';
import { bubblewrapSandbox } from '../../src/sandbox/bubblewrap/bubblewrap.ts';
import { dockerSandbox } from '../../src/sandbox/docker/docker.ts';
import { createHostPrograms } from '../../src/sandbox/host/host-programs.ts';
import { openCgroup } from '../../src/sandbox/limits/cgroup.ts';
import type { SandboxAnswer, SandboxRequest } from './process-sandbox.ts';

const programs = createHostPrograms({ env: process.env, root: '/' });
const image = process.env['BLUEPRINT_TEST_IMAGE'];
const sandbox =
  image === undefined
    ? bubblewrapSandbox({ programs, openCgroup })
    : dockerSandbox({ programs, env: process.env, image });
const running = new Map<number, AbortController>();

createInterface({ input: process.stdin }).on('line', (line) => {
  const request = JSON.parse(line) as SandboxRequest;
  if (request.job === undefined) running.get(request.number)?.abort();
  else void run(request.number, request.job);
});

async function run(number: number, job: NonNullable<SandboxRequest['job']>): Promise<void> {
  const controller = new AbortController();
  running.set(number, controller);
  const result = await sandbox
    .run({ ...job, signal: controller.signal })
    .catch((error: unknown) => {
      if (error instanceof BlueprintError) return { error: error.toJSON() };
      throw error;
    });
  running.delete(number);
  const answer: SandboxAnswer = { number, result };
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
