import { chmod, link, mkdir, readFile, realpath, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { createHostPrograms, type HostPrograms } from '../../../src/sandbox/host/host-programs.ts';
import { temporaryFolder } from '../../state/fixtures.ts';

let home: string;
beforeEach(async () => {
  home = await realpath(await temporaryFolder());
});

const program = async (path: string, text = '#!/bin/sh\n'): Promise<string> => {
  const whole = join(home, path);
  await mkdir(dirname(whole), { recursive: true });
  await writeFile(whole, text);
  await chmod(whole, 0o755);
  return whole;
};
const folder = async (path: string): Promise<string> => {
  await mkdir(join(home, path), { recursive: true });
  return join(home, path);
};
const programs = (...folders: string[]): HostPrograms =>
  createHostPrograms({
    env: { HOME: home, PATH: [...folders.map((one) => join(home, one)), '/usr/bin'].join(':') },
    root: home,
  });

describe('finding a program', () => {
  test('by the order of PATH; what is no program is passed over', async () => {
    await program('a/tool');
    await program('b/tool');
    await folder('a/a-folder');
    await writeFile(join(home, 'a/text'), '');
    await program('b/text');
    const found = programs('a', 'b');
    expect(await found.find('tool')).toBe(join(home, 'a/tool'));
    expect(await found.find('text')).toBe(join(home, 'b/text'));
    expect(await found.find('a-folder')).toBeNull();
    expect(await found.find('sh')).toBe('/usr/bin/sh');
    for (const name of ['', '.', '..', '../a/tool', join(home, 'a/tool')])
      expect(await found.find(name)).toBeNull();
  });

  test('relative entries of PATH are passed over', async () => {
    await program('tool');
    const found = createHostPrograms({ env: { HOME: home, PATH: `:.:./:${home}/x` }, root: home });
    expect(await found.find('tool')).toBeNull();
  });

  test('behind the stand-ins of a version manager, or further on where it has none', async () => {
    const real = await program('.pyenv/versions/3/bin/python3');
    const manager = await program(
      '.pyenv/libexec/pyenv',
      `#!/bin/sh\n[ "$1 $2" = "which python3" ] && echo ${real} || exit 127\n`,
    );
    const shim = `#!/usr/bin/env bash\nset -e\nprogram="\${0##*/}"\nexec "${manager}" exec "$program" "$@"\n`;
    for (const name of ['python3', 'pytest']) await program(`.pyenv/shims/${name}`, shim);
    const other = await program('other/pytest');
    const found = programs('.pyenv/shims', 'other');
    expect(await found.find('python3')).toBe(real);
    expect(await found.find('pytest')).toBe(other);
    // Its folder takes the place of the stand-ins' one.
    expect((await found.toolchains()).path.split(':')[0]).toBe(dirname(real));
  });

  test('behind a manager that is not below home, which would take its own stand-ins for others', async () => {
    const real = await program('opt/pyenv/versions/3/bin/python3');
    const shims = join(home, 'opt/pyenv/shims');
    const manager = await program(
      'opt/pyenv/libexec/pyenv',
      `#!/bin/sh\n[ "$PYENV_ROOT" = "${home}/opt/pyenv" ] && [ "$2" = python3 ] && echo ${real} || echo ${shims}/$2\n`,
    );
    const shim = `#!/usr/bin/env bash\nset -e\nexport PYENV_ROOT="${home}/opt/pyenv"\nexec "${manager}" exec "$program" "$@"\n`;
    for (const name of ['python3', 'pytest']) await program(`opt/pyenv/shims/${name}`, shim);
    const found = programs('opt/pyenv/shims');
    expect(await found.find('python3')).toBe(real);
    expect(await found.find('pytest')).not.toBe(join(shims, 'pytest'));
  });

  test('a version that is named by its whole number is found without asking the manager', async () => {
    const asked = join(home, 'asked');
    const manager = await program(
      '.pyenv/libexec/pyenv',
      `#!/bin/sh\necho "$PYENV_VERSION $2" >> ${asked}; exit 1\n`,
    );
    const shim = `#!/usr/bin/env bash\nset -e\nexec "${manager}" exec "$program" "$@"\n`;
    for (const name of ['python', 'pytest']) await program(`.pyenv/shims/${name}`, shim);
    for (const version of ['3.11.7', '3.12.1', '3.13.0'])
      await program(`.pyenv/versions/${version}/bin/python`);
    const project = await folder('project/below');
    const chosen = async (name: string, version?: string): Promise<string | null> => {
      const PATH = join(home, '.pyenv/shims');
      const env = { HOME: home, PATH, ...(version !== undefined && { PYENV_VERSION: version }) };
      const found = await createHostPrograms({ env, root: project }).find(name);
      return found?.slice(home.length) ?? null;
    };
    await writeFile(join(home, '.pyenv/version'), '3.11.7\n');
    expect(await chosen('python')).toBe('/.pyenv/versions/3.11.7/bin/python');
    await writeFile(join(home, 'project/.python-version'), '3.12.1\n3.13.0\n');
    expect(await chosen('python')).toBe('/.pyenv/versions/3.12.1/bin/python');
    expect(await chosen('python', '3.13.0:3.12.1')).toBe('/.pyenv/versions/3.13.0/bin/python');
    await expect(readFile(asked)).rejects.toMatchObject({ code: 'ENOENT' });
    // What it does not hold, and what is no whole number, is the manager's to find.
    expect(await chosen('pytest')).toBeNull();
    for (const other of ['3.12', 'system', '3.14.0', 'my-project', '3.13.0b1'])
      expect(await chosen('python', other)).toBeNull();
    const questions = (await readFile(asked, 'utf8')).trim().split('\n');
    expect(questions.map((line) => line.trim())).toEqual([
      'pytest',
      '3.12 python',
      'system python',
      '3.14.0 python',
      'my-project python',
      '3.13.0b1 python',
    ]);
  });

  test.each(['soft', 'hard'])('behind rustup, by %s links', async (kind) => {
    const real = await program('.rustup/toolchains/stable/bin/cargo');
    const rustup = await program(
      '.cargo/bin/rustup',
      `#!/bin/sh\n[ "$1 $2" = "which cargo" ] && [ "$RUSTUP_AUTO_INSTALL" = 0 ] && echo ${real}\n`,
    );
    const stand = join(home, '.cargo/bin/cargo');
    await (kind === 'soft' ? symlink('rustup', stand) : link(rustup, stand));
    expect(await programs('.cargo/bin').find('cargo')).toBe(real);
    expect(await programs('.cargo/bin').find('rustup')).toBe(rustup);
  });
});

describe('what a program needs', () => {
  const needed = (path: string, ...folders: string[]) =>
    programs(...folders).neededBy(join(home, path));

  test('its installation, as version managers lay it out', async () => {
    await program('.nvm/versions/node/v20/bin/node');
    await folder('.nvm/versions/node/v20/lib');
    expect(await needed('.nvm/versions/node/v20/bin/node')).toEqual([
      join(home, '.nvm/versions/node/v20'),
    ]);
  });

  test.each(['tool', 'bin/tool', '.local/bin/tool', '.cargo/bin/tool', '.local/share/bin/tool'])(
    'of ~/%s the file alone: what stands beside it is the user’s',
    async (path) => {
      await program(path, 'binary');
      for (const mark of ['lib', 'include', '.local/lib', '.cargo/lib', '.local/share/lib'])
        await folder(mark);
      expect(await needed(path)).toEqual([join(home, path)]);
    },
  );

  test('of a program in the home folder’s own bin, never the home folder', async () => {
    await writeFile(join(home, 'VERSION'), '');
    await program('bin/tool', 'binary');
    expect(await needed('bin/tool')).toEqual([join(home, 'bin/tool')]);
  });

  test('what its links and its first line lead to', async () => {
    await program('.tools/python/3/bin/python3.11', 'binary');
    await folder('.tools/python/3/lib');
    await symlink('python3.11', join(home, '.tools/python/3/bin/python3'));
    await program('scripts/one', '#!/usr/bin/env python3\n');
    await folder('.local/bin');
    await symlink(join(home, 'scripts/one'), join(home, '.local/bin/one'));
    expect((await needed('.local/bin/one', '.tools/python/3/bin')).sort()).toEqual(
      ['.local/bin/one', '.tools/python/3', 'scripts/one'].map((path) => join(home, path)),
    );
  });

  test('a virtual environment, and the interpreter that it was made from', async () => {
    await program('.pyenv/versions/3/bin/python3', 'binary');
    await folder('.pyenv/versions/3/lib');
    await program('project/.venv/bin/pytest', `#!${home}/project/.venv/bin/python3\n`);
    await symlink(
      join(home, '.pyenv/versions/3/bin/python3'),
      join(home, 'project/.venv/bin/python3'),
    );
    await writeFile(
      join(home, 'project/.venv/pyvenv.cfg'),
      `home = ${home}/.pyenv/versions/3/bin\nversion = 3.11\n`,
    );
    expect((await needed('project/.venv/bin/pytest')).sort()).toEqual(
      ['.pyenv/versions/3', 'project/.venv'].map((path) => join(home, path)),
    );
  });

  test('a virtual environment that names other things leads to none of them', async () => {
    const of = async (name: string, home_: string): Promise<string[]> => {
      await program(`${name}/.venv/bin/pytest`, 'binary');
      await writeFile(join(home, name, '.venv/pyvenv.cfg'), `home = ${home_}\n`);
      return needed(`${name}/.venv/bin/pytest`);
    };
    await program('work/client/secret/bin/key', 'a key');
    await folder('work/client/secret/lib');
    await program('keys/id', 'a key');
    const bin = join(home, 'evil/bin');
    await folder('evil/bin');
    await symlink(join(home, 'keys/id'), join(bin, 'python3'));
    await program('script/bin/python', `#!${home}/keys/id\n`);
    const named = [join(home, 'work/client/secret/bin'), bin, join(home, 'script/bin'), home, '/'];
    for (const [index, one] of named.entries())
      expect(await of(`project${index}`, one)).toEqual([join(home, `project${index}/.venv`)]);
  });

  test('packages of node’s: the folder that holds them all', async () => {
    await program('.npm-global/lib/node_modules/vitest/vitest.mjs', 'binary');
    await folder('.npm-global/bin');
    await symlink('../lib/node_modules/vitest/vitest.mjs', join(home, '.npm-global/bin/vitest'));
    expect((await needed('.npm-global/bin/vitest')).sort()).toEqual(
      ['.npm-global/bin/vitest', '.npm-global/lib/node_modules'].map((path) => join(home, path)),
    );
  });

  test('nothing of what the system has, and nothing without end', async () => {
    await symlink('b', join(home, 'a'));
    await symlink('a', join(home, 'b'));
    expect(await programs().neededBy('/usr/bin/sh')).toEqual([]);
    expect(await needed('a')).toEqual([]);
  });
});
