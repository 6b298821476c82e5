import { spawnSync } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { makeTemporaryFolder } from '../../src/files/temporary-folder.ts';
import { temporaryFolder } from '../state/fixtures.ts';

const copyModule = join(import.meta.dirname, '../../src/files/temporary-folder.ts');

/** A process that makes a copy below the folder, and goes on as the script says. */
const startProcess = (parent: string, script: string) =>
  execa(
    process.execPath,
    [
      '--import',
      'tsx',
      '--input-type=module',
      '--eval',
      `import { makeTemporaryFolder } from ${JSON.stringify(copyModule)};
       import fs from 'node:fs';
       const copy = await makeTemporaryFolder(${JSON.stringify(parent)});
       fs.mkdirSync(copy.path + '/closed/below', { recursive: true });
       fs.writeFileSync(copy.path + '/closed/below/file', 'x');
       fs.chmodSync(copy.path + '/closed', 0o500);
       ${script}`,
    ],
    { reject: false },
  );

const leftIn = async (parent: string): Promise<string[]> =>
  (await readdir(parent)).filter((name) => name.startsWith('blueprint-sandbox-'));

test('a copy is an empty folder of its own that others cannot enter', async () => {
  const parent = await temporaryFolder();
  const [one, other] = [await makeTemporaryFolder(parent), await makeTemporaryFolder(parent)];
  expect(one.path).not.toBe(other.path);
  expect((await stat(one.path)).mode & 0o777).toBe(0o700);
  expect(await readdir(one.path)).toEqual([]);
  await one.remove();
  expect(await leftIn(parent)).toHaveLength(1);
  await other.remove();
  await other.remove();
  expect(await leftIn(parent)).toEqual([]);
});

test('links are removed, what they lead to is not', async () => {
  const parent = await temporaryFolder();
  await mkdir(join(parent, 'kept'));
  await writeFile(join(parent, 'kept/file'), 'kept');
  const copy = await makeTemporaryFolder(parent);
  await symlink(join(parent, 'kept'), join(copy.path, 'folder'));
  await symlink(join(parent, 'kept/file'), join(copy.path, 'file'));
  await symlink('/', join(copy.path, 'top'));
  await copy.remove();
  expect(await leftIn(parent)).toEqual([]);
  expect(await readFile(join(parent, 'kept/file'), 'utf8')).toBe('kept');
  expect((await stat(join(parent, 'kept'))).mode & 0o777).toBe(0o755);
});

test('folders without rights, and deeper than a path can name, are removed', async () => {
  const copy = await makeTemporaryFolder(await temporaryFolder());
  const deep =
    'i=0; while [ $i -lt 600 ]; do mkdir a-folder-in-it && cd a-folder-in-it; i=$((i+1)); done';
  expect(spawnSync('sh', ['-c', deep], { cwd: copy.path }).status).toBe(0);
  await mkdir(join(copy.path, 'closed/in'), { recursive: true });
  await chmod(join(copy.path, 'closed'), 0);
  await copy.remove();
  await expect(stat(copy.path)).rejects.toThrow('ENOENT');
});

test('a process that ends takes its copies along', async () => {
  const parent = await temporaryFolder();
  const { exitCode, stderr } = await startProcess(parent, 'process.exit(3)');
  expect({ exitCode, stderr }).toEqual({ exitCode: 3, stderr: '' });
  expect(await leftIn(parent)).toEqual([]);
});

test('what a killed process left behind is removed by the next one, what others use is not', async () => {
  const parent = await temporaryFolder();
  const killed = await startProcess(parent, 'process.kill(process.pid, "SIGKILL")');
  expect(killed.signal).toBe('SIGKILL');
  const living = startProcess(parent, 'setInterval(() => {}, 1000)');
  try {
    const pid = String(living.pid);
    // The living one removes the dead one's, and then makes its own.
    const owners = async () => (await leftIn(parent)).map((name) => name.split('-')[2]);
    while ((await owners()).join() !== pid) await new Promise((go) => setTimeout(go, 50));
    const copy = await makeTemporaryFolder(parent);
    expect(await leftIn(parent)).toHaveLength(2);
    await copy.remove();
    expect(await owners()).toEqual([pid]);
  } finally {
    living.kill('SIGKILL');
    await living;
  }
});

test.runIf(process.getuid?.() === 0)(
  'what root gave to a user of no one is removed too, what others made is not',
  async () => {
    const parent = await temporaryFolder();
    const users = { given: 2_000_000_017, other: 12_345 };
    for (const [name, user] of Object.entries(users)) {
      const killed = await startProcess(
        parent,
        `fs.chownSync(copy.path, ${user}, ${user}); process.kill(process.pid, 'SIGKILL')`,
      );
      expect({ name, signal: killed.signal }).toEqual({ name, signal: 'SIGKILL' });
    }
    const copy = await makeTemporaryFolder(parent);
    const left = await Promise.all(
      (await leftIn(parent)).map(async (name) => (await stat(join(parent, name))).uid),
    );
    expect(left.sort()).toEqual([0, users.other]);
    await copy.remove();
  },
);

test('a pid that another process has by now holds nothing', async () => {
  const parent = await temporaryFolder();
  const namespace = /\d+/.exec(
    spawnSync('readlink', ['/proc/self/ns/pid'], { encoding: 'utf8' }).stdout,
  )?.[0];
  const reused = `blueprint-sandbox-${process.pid}-1-${namespace}-AbCdEf`;
  const elsewhere = `blueprint-sandbox-1-1-1-AbCdEf`;
  const unlike = `blueprint-sandbox-notes`;
  for (const name of [reused, elsewhere, unlike]) await mkdir(join(parent, name));
  const copy = await makeTemporaryFolder(parent);
  expect((await leftIn(parent)).sort()).toEqual(
    [elsewhere, unlike, copy.path.slice(parent.length + 1)].sort(),
  );
  await copy.remove();
});
