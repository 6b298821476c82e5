import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { runHere as runCli } from '../../helpers/in-process.ts';
import { jsonOf, projects } from '../../helpers/run-cli.ts';
import { strongest } from '../../helpers/sandboxes.ts';

const createProject = projects();

interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly fix: string | null;
}

async function testsOf(cwd: string, ...args: string[]) {
  const result = await runCli(['doctor', '--json', ...args], { cwd });
  const { checks } = jsonOf(result) as { checks: readonly Check[] };
  return { checks: checks.filter(({ name }) => name === 'tests'), stderr: result.stderr };
}

const files = {
  'package.json': JSON.stringify({ type: 'module', scripts: { test: 'node --test' } }),
  'a.test.js': `import test from 'node:test';
test('good', () => {});
test('bad', () => { throw new Error('since May'); });
`,
};

test.skipIf(!strongest.isolated)('doctor runs the tests as they are, once', async () => {
  const cwd = await createProject(files);
  const first = await testsOf(cwd);
  const detail =
    'npm test, by script "test" of package.json: 1 test passed, 1 failed: a.test.js › bad';
  expect(first.checks).toEqual([{ name: 'tests', ok: true, detail, fix: null }]);
  expect(first.stderr).toContain('running npm test (--no-tests leaves it out)');
  const second = await testsOf(cwd);
  expect(second.checks).toEqual(first.checks);
  expect(second.stderr).not.toContain('running');
  expect((await testsOf(cwd, '--no-tests')).checks).toEqual([]);
  // It only looks: of a project nothing is written.
  expect((await readdir(cwd)).filter((name) => name !== '.cache').sort()).toEqual(
    Object.keys(files).sort(),
  );
});

test.skipIf(!strongest.isolated)('doctor says what keeps tests from running', async () => {
  const manifest = {
    scripts: { test: 'no-such-runner && vitest' },
    devDependencies: { vitest: '1' },
  };
  const cwd = await createProject({ 'package.json': JSON.stringify(manifest) });
  const fix = 'Install it (npm install), or say how the tests are run: --test-command "…"';
  const detail = "npm test: vitest is not installed in this project's node_modules";
  expect((await testsOf(cwd)).checks).toMatchObject([{ ok: false, detail, fix }]);
  // A step that may install it: what is lacking then shows when it is run.
  const [started] = (await testsOf(cwd, '--set', 'gates.setup=true')).checks;
  expect(started?.detail).toMatch(/^npm test, .* cannot run .*no-such-runner: not found/);
  expect(started?.fix).toMatch(
    /gates\.setup .*--test-command .*another sandbox\. By hand: npm test$/,
  );
});

test('doctor runs nothing where nothing isolates it', async () => {
  const cwd = await createProject(files);
  const { checks, stderr } = await testsOf(
    cwd,
    '--set',
    'sandbox.kind=docker',
    '--set',
    'sandbox.image=no-such-image',
  );
  expect(checks).toMatchObject([{ ok: false }]);
  expect(stderr).not.toContain('running');
});
