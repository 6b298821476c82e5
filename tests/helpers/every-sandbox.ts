import { dockerSandbox } from '../../src/sandbox/docker/docker.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { ordinaryUsersSandbox } from './process-sandbox.ts';
import { hostPrograms, strongest } from './sandboxes.ts';

export interface IsolatingSandbox {
  /** As `docker, an ordinary user`, with what is missing where it is not there. */
  readonly name: string;
  /** Whether it can be had here. */
  readonly isHere: boolean;
  /** Its commands run beside what `remove` ends. */
  readonly open: () => Promise<{ sandbox: Sandbox; remove: () => Promise<void> }>;
}

/** An image with node and a shell, in an engine that runs: scripts/ci/docker-engine.sh makes both. */
const image = process.env['BLUEPRINT_TEST_IMAGE'] ?? null;
const docker = dockerSandbox({ programs: hostPrograms, env: process.env, image });
const isRoot = process.getuid?.() === 0;
const stays = async (): Promise<void> => undefined;

const bubblewrapMissing = strongest.isolated ? [] : ['needs bubblewrap'];
const dockerMissing = image === null ? ['needs BLUEPRINT_TEST_IMAGE'] : [];
const rootMissing = isRoot ? [] : ['needs root'];

/** Each sandbox that isolates, of whoever runs the tests, and of an ordinary user where root does. */
export const everySandbox: readonly IsolatingSandbox[] = [
  sandboxOf('bubblewrap', bubblewrapMissing, async () => ({ sandbox: strongest, remove: stays })),
  sandboxOf('bubblewrap, an ordinary user', [...bubblewrapMissing, ...rootMissing], () =>
    ordinaryUsersSandbox(strongest),
  ),
  sandboxOf('docker', dockerMissing, async () => ({ sandbox: docker, remove: stays })),
  sandboxOf('docker, an ordinary user', [...dockerMissing, ...rootMissing], () =>
    ordinaryUsersSandbox(docker, {
      DOCKER_HOST: process.env['DOCKER_HOST'] ?? '',
      BLUEPRINT_TEST_IMAGE: image ?? '',
    }),
  ),
];

function sandboxOf(
  name: string,
  missing: readonly string[],
  open: IsolatingSandbox['open'],
): IsolatingSandbox {
  const why = missing.length === 0 ? '' : ` (${missing.join(', ')})`;
  return { name: `${name}${why}`, isHere: missing.length === 0, open };
}
