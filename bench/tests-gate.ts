import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { taskSchema } from '../src/domain/task.ts';
import { makeTemporaryFolder } from '../src/files/temporary-folder.ts';
import { hostPackages } from '../src/gates/host-packages.ts';
import { createKnownRuns } from '../src/gates/known-runs.ts';
import { createKeptSetups } from '../src/gates/setup/kept-setups.ts';
import { testsGate } from '../src/gates/tests.ts';
import { bubblewrapSandbox } from '../src/sandbox/bubblewrap/bubblewrap.ts';
import { createHostPrograms } from '../src/sandbox/host/host-programs.ts';
import { openCgroup } from '../src/sandbox/limits/cgroup.ts';
import { probe } from '../src/sandbox/probe.ts';
import type { Sandbox } from '../src/sandbox/sandbox.ts';
import { copyTree } from '../src/workspace/copy-tree.ts';
import { createGit } from '../src/files/git.ts';
import { projectLister } from '../src/files/project-paths.ts';
import type { Measurement } from './measurement.ts';

/**
 * What the gate `tests` takes beyond the runs of the suite, on a suite of 2,000 tests and on a project of 5,000
 * files beside 30,000 installed ones; nothing where there is no bubblewrap. Prints the shares.
 */
export async function testsGateOverhead(): Promise<Measurement[]> {
  const programs = createHostPrograms({ env: process.env, root: process.cwd() });
  const sandbox = bubblewrapSandbox({ programs, openCgroup });
  if ((await probe(sandbox, signal)) !== null) return [];
  const suite = await gateOn(sandbox, 'suite of 2,000 tests', () => manyTests(10, 200));
  const large = await gateOn(sandbox, '5,000 files, 30,000 installed', (root) => manyFiles(root));
  return [
    {
      what: 'the tests gate beyond the runs of a suite of 2,000 tests, over 1 s or a tenth of them',
      measured: suite.own / Math.max(1_000, suite.runs / 10),
      bar: 1,
    },
    {
      what: 'the tests gate beyond the runs: 5,000 files, copied for each, beside 30,000 installed',
      measured: large.own / large.count,
      unit: 'ms',
      bar: 3_000,
    },
  ];
}

const { signal } = new AbortController();
const limits = {
  wallMs: 120_000,
  memoryBytes: 4 * 2 ** 30,
  processes: 512,
  outputBytes: 50_000_000,
  diskBytes: 2 ** 30,
};

/** Milliseconds: of the gate without the suite's runs, and of these. */
interface Share {
  readonly own: number;
  readonly runs: number;
  readonly count: number;
}

async function gateOn(
  sandbox: Sandbox,
  name: string,
  filesOf: (root: string) => Promise<ReadonlyMap<string, string>> | ReadonlyMap<string, string>,
): Promise<Share> {
  await using project = await makeTemporaryFolder();
  const root = project.path;
  await writeAll(root, await filesOf(root));
  let runs = 0;
  let count = 0;
  const timed: Sandbox = {
    ...sandbox,
    async run(job) {
      const started = performance.now();
      try {
        return await sandbox.run(job);
      } finally {
        runs += performance.now() - started;
        count += 1;
      }
    },
  };
  const gate = testsGate({
    sandbox: async () => timed,
    limits,
    host: hostPackages(root, {}),
    setup: null,
    keptSetups: createKeptSetups(null, () => 0),
    command: null,
    timeoutMs: null,
    whenNone: 'review',
    knownRuns: createKnownRuns(null),
    reach: null,
  });
  const git = createGit({ cwd: root, env: process.env });
  const list = projectLister({ root, git, leftOut: [], maxFiles: 100_000, purpose: 'to copy' });
  const base = async (path: string): Promise<string | null> =>
    readFile(join(root, path), 'utf8').catch(() => null);
  const content = 'export const value = 1;\n// Changed.\n';
  const started = performance.now();
  const { status, summary } = await gate.check(
    {
      task: taskSchema.parse({ id: 'T1', title: 'Bench', type: 'code', files: ['src/value.js'] }),
      bundle: {
        files: [{ path: 'src/value.js', content }],
        edits: [],
        deletions: [],
        tests: [],
        commands: [],
        notes: '',
      },
      changes: new Map([['src/value.js', content]]),
      base,
      baseKey: {},
      project: async () => ({ files: new Set(await list(signal)), read: base }),
      copyTo: async (to) =>
        copyTree({ from: root, to, paths: await list(signal), maxBytes: 2 ** 30 }, signal),
      checkedOut: async (files) =>
        new Map([...files].map(([path, text]) => [path, text === null ? null : Buffer.from(text)])),
      frozen: new Map(),
      keep: async () => undefined,
    },
    signal,
  );
  const own = performance.now() - started - runs;
  if (status !== 'passed') throw new Error(`The gate on a ${name}: ${status}, ${summary}`);
  console.error(
    `tests gate, ${name}: ${count} runs of ${seconds(runs)} in all, ${seconds(own)} beyond them`,
  );
  return { own, runs, count };
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(2)} s`;
}

async function writeAll(root: string, files: ReadonlyMap<string, string>): Promise<void> {
  for (const [path, text] of files) {
    await mkdir(join(root, path, '..'), { recursive: true });
    await writeFile(join(root, path), text);
  }
}

const manifest = JSON.stringify({ type: 'module', scripts: { test: 'node --test' } });

function manyTests(files: number, each: number): Map<string, string> {
  const found = new Map([
    ['package.json', manifest],
    ['src/value.js', 'export const value = 1;\n'],
  ]);
  for (let file = 0; file < files; file++) {
    const tests = Array.from(
      { length: each },
      (_, index) => `test('value ${file} ${index}', () => assert.equal(value, 1));`,
    );
    const head =
      "import test from 'node:test';\nimport assert from 'node:assert';\nimport { value } from '../src/value.js';\n";
    found.set(`test/part-${file}.test.js`, `${head}${tests.join('\n')}\n`);
  }
  return found;
}

async function manyFiles(root: string): Promise<Map<string, string>> {
  for (let part = 0; part < 300; part++) {
    const folder = join(root, 'node_modules', `package-${part}`);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'package.json'), '{"main":"file-0.js"}');
    for (let file = 0; file < 99; file++)
      await writeFile(join(folder, `file-${file}.js`), `module.exports = ${file};\n`);
  }
  const found = manyTests(1, 3);
  for (let file = 0; file < 5_000; file++)
    found.set(`src/part-${file % 100}/file-${file}.js`, `export const number = ${file};\n`);
  return found;
}
