import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { bubblewrapSandbox } from '../../../src/sandbox/bubblewrap/bubblewrap.ts';
import { makeTemporaryFolder } from '../../../src/files/temporary-folder.ts';
import { createHostPrograms } from '../../../src/sandbox/host/host-programs.ts';
import { openCgroup } from '../../../src/sandbox/limits/cgroup.ts';
import { probe } from '../../../src/sandbox/probe.ts';
import { sandboxAttacks } from '../../contracts/sandbox-attacks.ts';
import { hearingContract, runnerOf, sandboxContract } from '../../contracts/sandbox.ts';
import { ordinaryUsersSandbox, processSandbox } from '../../helpers/process-sandbox.ts';

const programs = createHostPrograms({ env: process.env, root: process.cwd() });
const open = async () => bubblewrapSandbox({ programs, openCgroup });
const openWithoutGroups = async () => bubblewrapSandbox({ programs, openCgroup: async () => null });

sandboxContract('bubblewrap', open);
hearingContract('bubblewrap', open);
const group = await openCgroup({ memoryBytes: 100_000_000, processes: 10 });
await group?.close();
sandboxAttacks('bubblewrap', open, { groups: group !== null });
sandboxContract('bubblewrap, without control groups', openWithoutGroups);
sandboxAttacks('bubblewrap, without control groups', openWithoutGroups, { groups: false });

// An ordinary user's way is another one than root's; where the tests are an ordinary user's, they took it.
if (process.getuid?.() === 0) {
  const removals: (() => Promise<void>)[] = [];
  afterAll(async () => {
    for (const remove of removals) await remove();
  });
  const openAsUser = async () => {
    const { sandbox, remove } = await ordinaryUsersSandbox(await open());
    removals.push(remove);
    return sandbox;
  };
  sandboxContract('bubblewrap of an ordinary user', openAsUser);
  sandboxAttacks('bubblewrap of an ordinary user', openAsUser, { groups: false });
}

test('files that this program was started with do not reach the command', async () => {
  const [host, copy] = [await makeTemporaryFolder(), await makeTemporaryFolder()];
  await writeFile(join(host.path, 'secret'), 'a secret');
  // A folder, an open file and a pipe, under low and high numbers.
  const opened = 'exec 7<"$0" 9<"$0/secret" && exec "$@"';
  const prefix = ['bash', '-c', `exec 251<"$0"; ${opened}`, host.path];
  const { sandbox, remove } = await processSandbox(await open(), prefix);
  try {
    const { sh } = runnerOf(
      () => sandbox,
      () => copy.path,
    );
    const { stdout, end } = await sh(
      'cat /proc/self/fd/7/secret /proc/self/fd/251/secret 2>&1; cat <&9; for f in 7 9 251; do readlink /proc/self/fd/$f || echo closed; done',
    );
    expect(stdout).not.toContain('a secret');
    expect(stdout).toContain('Not a directory');
    for (const link of stdout.trimEnd().split('\n').slice(-3))
      expect(['/dev/null', 'closed']).toContain(link);
    expect(end).toEqual({ kind: 'exited', code: 0 });
  } finally {
    await remove();
    await host.remove();
    await copy.remove();
  }
});

test('a sandbox that cannot be made is told apart from what runs in it', async () => {
  const copy = await makeTemporaryFolder();
  try {
    const { run } = runnerOf(
      () => bubblewrapSandbox({ programs, openCgroup }),
      () => join(copy.path, 'not-there'),
    );
    await expect(run(['true'])).rejects.toMatchObject({
      code: 'sandbox-broken',
      message: expect.stringContaining('not-there') as string,
    });
    // A command may say what it likes, and end what it can.
    const { sh } = runnerOf(
      () => bubblewrapSandbox({ programs, openCgroup }),
      () => copy.path,
    );
    expect((await sh('echo "bwrap: Can\'t" >&2; exit 1')).end).toEqual({ kind: 'exited', code: 1 });
    expect((await sh('kill -9 -1')).end).not.toEqual({ kind: 'exited', code: 0 });
  } finally {
    await copy.remove();
  }
});

test('without bwrap on PATH the reason says so', async () => {
  const none = createHostPrograms({ env: { PATH: '/nonexistent' }, root: '/' });
  await expect(
    probe(bubblewrapSandbox({ programs: none, openCgroup }), new AbortController().signal),
  ).resolves.toEqual({
    name: 'bubblewrap',
    reason: 'bwrap is not on PATH',
    fix: 'Install it: apt-get install bubblewrap',
  });
});

test.runIf(process.getuid?.() === 0)('a mount that root alone may read is refused', async () => {
  const [closed, copy] = [await makeTemporaryFolder(), await makeTemporaryFolder()];
  const { run } = runnerOf(
    () => bubblewrapSandbox({ programs, openCgroup }),
    () => copy.path,
  );
  await expect(
    run(['true'], { mounts: [{ from: closed.path, to: 'node_modules' }] }),
  ).rejects.toMatchObject({
    code: 'sandbox-broken',
    fix: expect.stringContaining(`chmod -R go+rX ${closed.path}`) as string,
  });
  await closed.remove();
  await copy.remove();
});

test('limits that hold less are told', async () => {
  expect(await (await openWithoutGroups()).gaps?.()).toEqual([
    expect.stringContaining('this user can make no control group') as string,
  ]);
  if (group !== null) expect(await (await open()).gaps?.()).toEqual([]);
});

const python = (await programs.find('python3')) !== null;

test.runIf(python)('system calls that no test needs are refused', async () => {
  const copy = await makeTemporaryFolder();
  const { run } = runnerOf(
    () => bubblewrapSandbox({ programs, openCgroup }),
    () => copy.path,
  );
  const script = `import ctypes, errno, os, platform, socket, subprocess, threading
call = ctypes.CDLL(None, use_errno=True).syscall
arm = platform.machine() == 'aarch64'
calls = {'ptrace': 117 if arm else 101, 'keyctl': 219 if arm else 250, 'io_uring_setup': 425, 'pidfd_getfd': 438}
for name, number in calls.items():
    print(name, call(number, 0, 0, 0, 0, 0), errno.errorcode[ctypes.get_errno()])
call(97 if arm else 272, 0x10000000)
print('unshare', errno.errorcode[ctypes.get_errno()])
try:
    socket.socket(40, socket.SOCK_STREAM)
except OSError as error:
    print('vsock', errno.errorcode[error.errno])
thread = threading.Thread(target=lambda: print('thread', subprocess.run(['true']).returncode))
thread.start()
thread.join()
socket.socket(socket.AF_INET).close()
socket.socketpair()
print(os.listdir('/proc/self/fd'))
`;
  const { stdout, stderr } = await run(['python3', '-c', script]);
  expect(stdout.split('\n').slice(0, 7)).toEqual([
    ...['ptrace', 'keyctl', 'io_uring_setup', 'pidfd_getfd'].map((name) => `${name} -1 EPERM`),
    'unshare EPERM',
    'vsock EPERM',
    'thread 0',
  ]);
  expect(stdout.split('\n')[7]).not.toContain("'9'");
  expect(stderr).toBe('');
  await copy.remove();
});
