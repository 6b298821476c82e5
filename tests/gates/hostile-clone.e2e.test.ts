import { chmod, readdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, expect, test } from 'vitest';
import { mkdir } from '../../src/files/disk.ts';
import { makeTemporaryFolder } from '../../src/files/temporary-folder.ts';
import { hostPackages } from '../../src/gates/host-packages.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { committedLinks } from '../../src/workspace/git/committed-links.ts';
import { ordinaryUsersSandbox } from '../helpers/process-sandbox.ts';
import { plain, strongest } from '../helpers/sandboxes.ts';
import { checkTests } from './checked.ts';
import { writeFiles } from './inputs.ts';

const secret = 'a private key';

/** Reads all that can be reached, but what the system and the toolchains have, and says where the secret is. */
const search = `import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
const found = new Set();
const seen = new Set();
const look = (at, depth) => {
  let real;
  try { real = fs.realpathSync(at); } catch { return; }
  if (seen.has(real) || depth > 14 || /^\\/(proc|sys|dev|usr)(\\/|$)/.test(real)) return;
  seen.add(real);
  try {
    if (fs.statSync(real).isDirectory()) for (const name of fs.readdirSync(real)) look(path.join(real, name), depth + 1);
    else if (fs.statSync(real).size < 1000 && fs.readFileSync(real, 'latin1').includes(['a private', 'key'].join(' '))) found.add(at);
  } catch {}
};
test('nothing is found', () => {
  for (const name of HOME) look(name, 8);
  look('/work', 0);
  look('/tmp', 0);
  if (found.size > 0) throw new Error('reached ' + [...found].join());
});
`;

const isRoot = process.getuid?.() === 0;
const removals: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const remove of removals) await remove();
});

async function asUser(): Promise<Sandbox> {
  const { sandbox, remove } = await ordinaryUsersSandbox(strongest);
  removals.push(remove);
  return sandbox;
}

const users: readonly (readonly [string, () => Promise<Sandbox>])[] = [
  ['whoever runs this', async () => strongest],
  ...(isRoot ? [['an ordinary user', asUser] as const] : []),
];

test.runIf(strongest.isolated).each(users)(
  'a clone that links and names everything reaches no private file: %s',
  async (_whose, sandbox) => {
    await using made = await makeTemporaryFolder();
    await chmod(made.path, 0o755);
    const home = join(made.path, 'home');
    const root = join(home, 'clone');
    const deep = join(home, 'work/client/app');
    await writeFiles(home, {
      '.ssh/id_ed25519': secret,
      '.ssh/package.json': '{}',
      '.config/app/token': secret,
      'package.json': '{}',
      'keys/token': secret,
      'work/client/app/.env': secret,
      'work/client/app/package.json': '{}',
      'work/client/app/node_modules/x/token': secret,
      'work/client/app/node_modules/x/package.json': '{}',
    });
    const files = {
      'package.json': '{"type":"module","dependencies":{"ssh":"file:../.ssh","etc":"file:/etc"}}',
      'test_a.py':
        'import unittest\n\n\nclass T(unittest.TestCase):\n    def test_a(self):\n        pass\n',
      'pkg/package.json': '{}',
      'pkg/test.test.js': '',
      'venv/pyvenv.cfg': `home = ${deep}/bin\n`,
      'node_modules/pkg/package.json': '{}',
      'go.mod': 'module a\n\nreplace b => /etc\n',
      '.npmrc': `prefix=${home}/.ssh\n`,
    };
    await writeFiles(root, files);
    const links = {
      'node_modules/ssh': join(home, '.ssh'),
      'node_modules/keys': join(home, 'keys'),
      'node_modules/app': deep,
      'node_modules/@all': home,
      'node_modules/.bin': join(home, '.ssh'),
      'node_modules/round': join(root, 'node_modules/loop'),
      'node_modules/loop': join(root, 'node_modules/round'),
      'pkg/node_modules': join(deep, 'node_modules'),
      'venv/bin/python': join(home, '.ssh/id_ed25519'),
      'venv/bin/python3': join(home, '.ssh/id_ed25519'),
      '.venv': home,
    };
    for (const [path, target] of Object.entries(links)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await symlink(target, join(root, path));
    }
    const env = { PATH: process.env['PATH'], HOME: home };
    await execa('git', ['init', '-q'], { cwd: root, env });
    await execa('git', ['add', '-f', '.'], { cwd: root, env });
    await execa('chmod', ['-R', 'go+rX', home]);
    const homes = { cargo: join(home, '.cargo'), go: join(home, 'go'), user: home };
    const host = hostPackages(root, homes, () => committedLinks(root, env));
    const base = { ...files, 'node_modules/pkg/package.json': '{}' };
    const work = {
      'test/a.test.js': search.replace('HOME', JSON.stringify([home, join(home, '.ssh')])),
    };
    const { result } = await checkTests(work, base, { gate: { host, sandbox } });
    expect(result.findings).toEqual([]);
    expect(result.summary).toContain('node --test: 1 test passed');
    expect(result.summary).toContain('unittest could not work: it could not be started');
    expect([...host.refused.keys()].sort()).toEqual([
      '.venv',
      'node_modules/.bin',
      'node_modules/@all',
      'node_modules/app',
      'node_modules/keys',
      'node_modules/ssh',
      'pkg/node_modules',
    ]);
  },
);

/** Puts links in the place of all that the check made, and a pipe in that of the manifest. */
const swapping = `import fs from 'node:fs';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
test('swaps', () => {
  for (const name of ['node_modules', ...fs.readdirSync('.git').map((own) => '.git/' + own)]) {
    try {
      fs.renameSync(name, name + '-old');
      fs.symlinkSync(VICTIM, name);
    } catch {}
  }
  fs.rmSync('package.json');
  execFileSync('mkfifo', ['package.json', 'test_b.py']);
});
`;

test.each([plain, strongest])(
  'links and pipes in the place of what was laid out lead nobody outside: $name',
  async (sandbox) => {
    await using made = await makeTemporaryFolder();
    const [victim, root] = [join(made.path, 'victim'), join(made.path, 'project')];
    await writeFiles(victim, { 'reports/1.json': '{}' });
    const base = {
      'package.json': '{"type":"module","scripts":{"test":"node --test"}}',
      'a.test.js': "import { test } from 'node:test';\ntest('a', () => {});\n",
      'test_a.py':
        'import unittest\n\n\nclass T(unittest.TestCase):\n    def test_a(self):\n        pass\n',
    };
    await writeFiles(root, { ...base, 'node_modules/x/package.json': '{}' });
    const host = hostPackages(root, { cargo: '/nonexistent', go: '/nonexistent' });
    const work = { 'z.test.js': swapping.replace('VICTIM', JSON.stringify(victim)) };
    const { result } = await checkTests(work, base, {
      gate: { host, sandbox: () => Promise.resolve(sandbox) },
    });
    expect(result.status).toBe('failed');
    expect(await readdir(victim, { recursive: true })).toEqual(['reports', 'reports/1.json']);
  },
);
