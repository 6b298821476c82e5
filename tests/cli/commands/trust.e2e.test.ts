import { chmod, readdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { runHere as runCli } from '../../helpers/in-process.ts';
import { jsonOf, projects } from '../../helpers/run-cli.ts';

const createProject = projects();
const untrusted = { BLUEPRINT_TRUST: '' };

/** A program that says that it ran. */
const config = `import { writeFileSync } from 'node:fs';
writeFileSync(new URL('ran', import.meta.url), '');
export default { executor: { concurrency: 2 } };
`;

test('a config from a clone is not run until it is trusted, and not when it changed since', async () => {
  const cwd = await createProject({ 'blueprint.config.ts': config });
  const ran = () =>
    rm(join(cwd, 'ran')).then(
      () => true,
      () => false,
    );
  const call = (...args: string[]) => runCli(args, { cwd, env: untrusted });

  const list = await call('list');
  expect(list).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('No features') as string,
  });
  expect(list.stderr.trim().split('\n')).toEqual([
    expect.stringContaining('blueprint.config.ts is a program') as string,
  ]);
  expect(jsonOf(await call('run', 'x', '--json'))).toMatchObject({
    error: { code: 'config-untrusted', fix: expect.stringContaining('blueprint trust') as string },
  });
  const asked = await call('trust');
  expect(asked).toMatchObject({ exitCode: 3 });
  expect(asked.stdout).toContain('It is a program');
  expect(await ran()).toBe(false);

  expect(jsonOf(await call('trust', '--yes', '--json'))).toMatchObject({ trusted: true });
  expect(await ran()).toBe(false);
  const folder = join(dirname(cwd), 'home/.config/blueprint/trusted');
  const [entry = ''] = await readdir(folder);
  expect((await stat(join(folder, entry))).mode & 0o777).toBe(0o600);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  expect((await call('list')).stderr).toBe('');
  expect(await ran()).toBe(true);
  const file = join(cwd, 'blueprint.config.ts');
  expect(jsonOf(await call('trust', '--list', '--json'))).toEqual({ trusted: [file] });

  expect((await call('trust', '--revoke')).stdout).toContain('trusted no more');
  expect((await call('run', 'x')).exitCode).toBe(2);
  expect(await ran()).toBe(false);
  expect((await call('list', '--trust')).stderr).toBe('');
  expect(await ran()).toBe(true);
});

test('what init wrote is trusted', async () => {
  const cwd = await createProject();
  await runCli(['init', '--yes'], { cwd, env: untrusted });
  const text = await readFile(join(cwd, 'blueprint.config.json'), 'utf8');
  expect(text).toContain('concurrency');
  const list = await runCli(['trust', '--list', '--json'], { cwd, env: untrusted });
  expect(jsonOf(list)).toEqual({ trusted: [join(cwd, 'blueprint.config.json')] });
});

test('a config that others can write is refused', async () => {
  const cwd = await createProject({ 'blueprint.config.json': '{}' });
  await chmod(join(cwd, 'blueprint.config.json'), 0o666);
  expect(await runCli(['run', 'x', '--trust'], { cwd })).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('error[config-foreign]') as string,
  });
  expect((await runCli(['list'], { cwd })).exitCode).toBe(0);
});
