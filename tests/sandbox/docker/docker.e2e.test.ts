import { afterAll, describe, expect, test } from 'vitest';
import { execa } from 'execa';
import { makeTemporaryFolder } from '../../../src/files/temporary-folder.ts';
import { dockerSandbox } from '../../../src/sandbox/docker/docker.ts';
import { createHostPrograms } from '../../../src/sandbox/host/host-programs.ts';
import { probe } from '../../../src/sandbox/probe.ts';
import { sandboxAttacks } from '../../contracts/sandbox-attacks.ts';
import { ordinaryUsersSandbox } from '../../helpers/process-sandbox.ts';
import { hearingContract, runnerOf, sandboxContract } from '../../contracts/sandbox.ts';

const programs = createHostPrograms({ env: process.env, root: process.cwd() });
const signal = new AbortController().signal;

// An image with node and a shell, in an engine that runs: scripts/ci/docker-engine.sh makes both.
const image = process.env['BLUEPRINT_TEST_IMAGE'] ?? null;
const open = async () => dockerSandbox({ programs, env: process.env, image });
const docker = (...args: string[]) =>
  execa('docker', args, { reject: false, timeout: 60_000, killSignal: 'SIGKILL' });

if (image === null)
  test.skip('docker: BLUEPRINT_TEST_IMAGE names no image; see scripts/ci/docker-engine.sh', () => {});
else {
  sandboxContract('docker', open);
  hearingContract('docker', open);
  // Whether user namespaces can be made is the engine's decision.
  sandboxAttacks('docker', open, { namespaces: 'own' });

  // Whoever may speak to the engine need not be root.
  if (process.getuid?.() === 0) {
    const removals: (() => Promise<void>)[] = [];
    afterAll(async () => {
      for (const remove of removals) await remove();
    });
    const openAsUser = async () => {
      const env = { DOCKER_HOST: process.env['DOCKER_HOST'] ?? '', BLUEPRINT_TEST_IMAGE: image };
      const { sandbox, remove } = await ordinaryUsersSandbox(await open(), env);
      removals.push(remove);
      return sandbox;
    };
    sandboxAttacks('docker of an ordinary user', openAsUser, { namespaces: 'own' });
  }

  describe('docker', () => {
    const containers = async (): Promise<string[]> => {
      const { stdout } = await docker(
        'ps',
        '--all',
        '--quiet',
        '--filter',
        'label=blueprint.sandbox',
      );
      return stdout.split('\n').filter((line) => line !== '');
    };
    afterAll(async () => expect(await containers()).toEqual([]));

    test('it works, and leaves no container', async () => {
      await expect(probe(await open(), signal)).resolves.toBeNull();
      expect(await containers()).toEqual([]);
    });

    test('containers of a process that was killed are removed by the next one', async () => {
      const label = 'blueprint.sandbox=1-1-' + (await ownNamespace());
      const args = ['--detach', '--network', 'none', '--entrypoint', '/bin/sh', image];
      await docker('run', '--label', label, ...args, '-c', 'sleep 600');
      expect(await containers()).toHaveLength(1);
      await probe(await open(), signal);
      expect(await containers()).toEqual([]);
    });

    test('what a command writes in the words of the sandbox is its own output', async () => {
      const copy = await makeTemporaryFolder();
      try {
        const { sh } = runnerOf(
          () => sandbox,
          () => copy.path,
        );
        const sandbox = await open();
        const { end, stderr } = await sh(
          'echo 0123456789abcdef0123456789abcdef memory >&2; exit 125',
        );
        expect(end).toEqual({ kind: 'exited', code: 125 });
        expect(stderr).toBe('0123456789abcdef0123456789abcdef memory\n');
      } finally {
        await copy.remove();
      }
    });
  });
}

async function ownNamespace(): Promise<string> {
  const { stdout } = await execa('readlink', ['/proc/self/ns/pid']);
  return /\d+/.exec(stdout)?.[0] ?? '';
}

const reasonOf = async (env: NodeJS.ProcessEnv, wanted: string | null) =>
  (
    await probe(
      dockerSandbox({ programs: createHostPrograms({ env, root: '/' }), env, image: wanted }),
      signal,
    )
  )?.reason;

test('without an image, a program or an engine the reason says so', async () => {
  const env = { PATH: process.env['PATH'], DOCKER_HOST: 'unix:///nonexistent/docker.sock' };
  expect(await reasonOf(env, null)).toBe('the config names no image');
  expect(await reasonOf({ PATH: '/nonexistent' }, 'any')).toBe('docker is not on PATH');
  const installed = await programs.find('docker');
  if (installed !== null) expect(await reasonOf(env, 'any')).toContain('no engine answers: ');
});
