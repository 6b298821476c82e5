import { cp, mkdir, readFile, readdir, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { program, projects, treeOf } from '../helpers/run-cli.ts';

const createProject = projects();

const brief = '# Word counter\n\n- Count the words of a file.\n- Print the ten most frequent.\n';

test(
  'packed and installed without development packages, the program is small and works',
  { timeout: 300_000 },
  async ({ skip }) => {
    const source = await createProject();
    for (const name of ['package.json', 'README.md', 'LICENSE', 'examples', 'schemas'])
      await cp(name, join(source, name), { recursive: true });
    await cp(dirname(program), join(source, 'dist'), { recursive: true });
    const { stdout: packed } = await execa('npm', ['pack', '--ignore-scripts', '--silent'], {
      cwd: source,
    });

    const target = await createProject();
    const place = join(target, 'app');
    await mkdir(place);
    const tarball = join(target, 'blueprint.tgz');
    await rename(join(source, packed.trim()), tarball);
    const installed = await execa(
      'npm',
      ['install', '--omit=dev', '--no-audit', '--no-fund', '--prefer-offline', tarball],
      { cwd: place, reject: false },
    );
    if (/E(NOTFOUND|AI_AGAIN|CONNREFUSED|NOTCACHED)/.test(installed.stderr))
      skip('the package registry cannot be reached');
    expect(installed.exitCode, installed.stderr).toBe(0);

    const lock = JSON.parse(
      await readFile(join(place, 'node_modules/.package-lock.json'), 'utf8'),
    ) as { packages: Record<string, unknown> };
    expect(Object.keys(lock.packages).length).toBeLessThanOrEqual(150);
    expect((await sizeOf(join(place, 'node_modules'))) / 1_000_000).toBeLessThanOrEqual(120);

    const { name, version } = JSON.parse(await readFile('package.json', 'utf8')) as {
      name: string;
      version: string;
    };
    const env = { PATH: process.env['PATH'], HOME: join(target, '../home') };
    const blueprint = (args: string[], input = '') =>
      execa('npx', ['--no-install', name, ...args], {
        cwd: place,
        env,
        extendEnv: false,
        reject: false,
        input,
      });
    expect(await blueprint(['--version'])).toMatchObject({ exitCode: 0, stdout: version });
    expect((await blueprint(['--help'])).stdout).toContain('blueprint run <feature>');
    expect(await blueprint(['new', '-', '--quiet'], brief)).toMatchObject({ exitCode: 0 });
    // The gates' grammars and the vendors' packages are found where a package manager puts them.
    const run = await blueprint(['run', 'word-counter']);
    expect(run).toMatchObject({ exitCode: 3 });
    expect(run.stderr).toMatch(/gate syntax: passed \([1-9]/);
    const shipped = await treeOf(join(place, 'node_modules/blueprint'));
    expect(Object.keys(shipped)).toEqual(
      expect.arrayContaining(['examples/duration/brief.md', 'examples/duration/script.jsonl']),
    );
  },
);

/** Bytes of all files below a folder. */
async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size;
  return bytes;
}
