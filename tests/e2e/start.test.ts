import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../state/fixtures.ts';
import { program, projects, runCli } from '../helpers/run-cli.ts';
import { plannedFiles } from './planned-feature.ts';

const createProject = projects();

/** The parts of the built program, and the packages, that a command loads: V8 lists every script that it ran. */
async function loadedBy(
  args: readonly string[],
  cwd: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Set<string>> {
  const folder = await temporaryFolder();
  const ended = await runCli(args, { cwd, env: { ...more, NODE_V8_COVERAGE: folder } });
  expect(ended, ended.stderr).toMatchObject({ exitCode: 0 });
  const names = new Set<string>();
  for (const name of await readdir(folder)) {
    const { result } = JSON.parse(await readFile(join(folder, name), 'utf8')) as {
      result: { url: string }[];
    };
    for (const { url } of result) {
      const inPackage = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
      if (inPackage !== undefined) names.add(inPackage);
      else if (url.includes('/chunks/')) names.add(basename(url).replace(/-[\w-]{8}\.cjs$/, ''));
    }
  }
  return names;
}

test('a command that shows loads nothing of what calls, checks and writes', async () => {
  const cwd = await createProject(plannedFiles);
  const heavy = ['run', 'calls', 'live-spans', 'otlp', 'workspace', 'autorun', 'yaml', 'openai'];
  for (const args of [['list'], ['show', 'links'], ['show', 'links', 'T1'], ['status']]) {
    const loaded = await loadedBy(args, cwd);
    expect(loaded).toContain('start');
    expect(
      [...loaded].filter((name) => heavy.includes(name)),
      args.join(' '),
    ).toEqual([]);
  }
  expect([...(await loadedBy(['run', 'links', '--dry-run'], cwd))]).toEqual(
    expect.arrayContaining(['start', 'calls', 'run']),
  );
});

test('what sends spans is loaded with the first call that they tell of, where a collector is named', async () => {
  const cwd = await createProject({
    'script.jsonl': '{"script":1}\n{"when":{"stage":"ask"},"reply":{"text":"Yes."}}\n',
  });
  const ask = ['ask', 'Why?', '--models', 'scripted/model', '--script', 'script.jsonl'];
  const spans = (loaded: Set<string>): string[] =>
    [...loaded].filter((name) => name === 'live-spans' || name === 'otlp').sort();
  expect(spans(await loadedBy(ask, cwd))).toEqual([]);
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' };
  expect(spans(await loadedBy(['ask', 'Why not?', ...ask.slice(2)], cwd, env))).toEqual([
    'live-spans',
    'otlp',
  ]);
  expect(spans(await loadedBy(['list'], cwd, env))).toEqual([]);
});

/** What V8 refuses is compiled again at each start, which takes longer than all else and shows in nothing. */
const tellsWhatIsRefused = `
  const vm = require('node:vm');
  const { basename } = require('node:path');
  vm.Script = class extends vm.Script {
    constructor(text, options) {
      super(text, options);
      if (this.cachedDataRejected !== false) console.error('refused', basename(options.filename));
    }
  };
`;

test('the program starts from what V8 compiled of it, and without that, or with what V8 cannot use', async () => {
  const folder = await createProject();
  const copy = join(folder, 'dist');
  await cp(dirname(program), copy, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  const list = async (...options: string[]) => {
    const args = [...options, join(copy, 'main.js'), 'list'];
    const { stdout, stderr } = await execa(process.execPath, args, {
      cwd: folder,
      env: { PATH: process.env['PATH'], HOME: folder },
      extendEnv: false,
    });
    return { stdout, stderr };
  };
  const whole = await list();
  expect(whole).toMatchObject({ stderr: '' });
  await writeFile(join(folder, 'tells.cjs'), tellsWhatIsRefused);
  const telling = ['--require', join(folder, 'tells.cjs')];
  expect(await list(...telling)).toEqual(whole);

  const compiled = join(copy, 'chunks/compiled');
  const [ofThisNode = ''] = await readdir(compiled);
  const files = await readdir(join(compiled, ofThisNode));
  expect(files.some((name) => name.startsWith('start-'))).toBe(true);
  for (const name of files) await writeFile(join(compiled, ofThisNode, name), 'of another V8');
  expect(await list()).toEqual(whole);
  expect((await list(...telling)).stderr).toContain('refused start-');
  for (const name of files) await rm(join(compiled, ofThisNode, name));
  expect(await list()).toEqual(whole);
  await rm(compiled, { recursive: true });
  expect(await list()).toEqual(whole);
  await mkdir(join(compiled, 'of-another-node'), { recursive: true });
  expect(await list()).toEqual(whole);
});

test('what the program writes holds its own characters, also those beyond ASCII', async () => {
  const cwd = await createProject(plannedFiles);
  expect(await runCli(['report', 'links'], { cwd })).toMatchObject({ exitCode: 0 });
  const page = await readFile(join(cwd, '.blueprint/reports/links.html'), 'utf8');
  expect(page).toContain('· blueprint report</title>');
  // As UTF-8 looks where it is read as Latin-1.
  expect(page).not.toMatch(/[\u00C2\u00C3\u00E2][\u0080-\u00BF]/);
});
