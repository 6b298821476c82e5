import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { BlueprintError, ExitCode } from '../../domain/errors.ts';
import { runToEnd } from '../../files/run-to-end.ts';
import { makeTemporaryFolder } from '../../files/temporary-folder.ts';
import type { Program } from '../../use-cases/program.ts';
import { defineCommand } from '../command.ts';
import { featureText } from '../views/feature-view.ts';
import { createLiveView } from '../views/live.ts';
import { plan } from '../../use-cases/plan.ts';
import { run } from '../../use-cases/run.ts';
import { makeFolder, writeWhole } from '../../use-cases/prepare-folder.ts';

const example = 'duration';

const gates = ['paths', 'syntax', 'contract'];

export const command = defineCommand({
  options: (yargs) =>
    yargs.positional('directory', {
      type: 'string',
      default: 'blueprint-demo',
      describe: 'A folder to make it in',
    }),
  async action({ directory }, context) {
    const { screen, paint, cwd, env, packageRoot } = context;
    const root = resolve(cwd, directory);
    await prepare(root);
    const folder = join(packageRoot, 'examples', example);
    const script = join(folder, 'script.jsonl');
    const brief = await readFile(join(folder, 'brief.md'), 'utf8');
    const { signal } = context;
    screen.note(
      `The models' replies come from ${script}; they are hand-written. All else is the real program: ` +
        'a brief becomes a spec and tasks; the work on each task is checked, reviewed, corrected and approved.',
    );
    const programWith = (names: readonly string[]): Promise<Program> =>
      context.program({ cwd: root, flags: { script, options: { gates: names } } });
    // Tests run in a sandbox or not at all; the demo is to work on any machine.
    const { sandbox, unavailable } = await (await programWith(gates)).sandbox(signal);
    const program = await programWith(sandbox === null ? gates : [...gates, 'tests']);
    screen.note(
      sandbox === null
        ? `Without the gate tests, as no sandbox works here (${unavailable.map(({ name, reason }) => `${name}: ${reason}`).join('; ')}): the tests run at the end alone.`
        : `The gate tests runs the tests of each task in ${sandbox.name}.`,
    );
    const { listen, close } = createLiveView(screen);
    try {
      if ((await program.store.read(example)) === null) {
        const input = { feature: example, brief, isSpec: false, context: [] };
        await plan(input, program, { listen, signal });
      }
      const report = await run({ feature: example, concurrency: 2 }, program, { listen, signal });
      close();
      const tests = report.exitCode === ExitCode.done ? await runTests(program, env, signal) : null;
      const exitCode =
        tests === null ? report.exitCode : tests.passed ? ExitCode.done : ExitCode.failed;
      const text = [
        featureText(example, report.document, paint, screen.columns),
        '',
        ...(tests === null
          ? ['Not all tasks are approved.']
          : [`The produced code's own tests (node --test): ${tests.summary}`]),
        `Look at it: ${root}`,
        `  blueprint show ${example} -C ${directory}      blueprint diff ${example} -C ${directory}`,
      ].join('\n');
      return {
        exitCode,
        json: { root, feature: example, exitCode, tests, tasks: report.document.tasks },
        text,
      };
    } finally {
      close();
    }
  },
});

const configName = 'blueprint.config.json';
const configText = '{}\n';

/** An empty folder, or an earlier demo that goes on. @throws BlueprintError `demo-folder-used` */
async function prepare(root: string): Promise<void> {
  const names = await namesIn(root);
  if (names !== null && (await isDemo(root, names))) return;
  if (names === null || names.length > 0)
    throw new BlueprintError({
      code: 'demo-folder-used',
      message: `${root} ${names === null ? 'is not a folder' : 'is not empty'}`,
      target: root,
      fix: 'Give another folder: blueprint demo <directory>',
    });
  await makeFolder(root);
  await writeWhole(join(root, configName), configText);
}

/** Null when there is something else than a folder. */
async function namesIn(folder: string): Promise<string[] | null> {
  try {
    return await readdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    if (code === 'ENOTDIR') return null;
    throw error;
  }
}

/** Nothing but what a demo makes: a project of the user's own looks much like it. */
async function isDemo(root: string, names: readonly string[]): Promise<boolean> {
  if (!names.includes(configName)) return false;
  if (!names.every((name) => [configName, 'features', '.blueprint'].includes(name))) return false;
  const features = (await namesIn(join(root, 'features'))) ?? ['?'];
  if (!features.every((name) => name === example)) return false;
  return (await readFile(join(root, configName), 'utf8')) === configText;
}

interface TestReport {
  readonly passed: boolean;
  readonly summary: string;
}

/** Runs the tests of the approved files in a copy: where they are kept they have the names of drafts. */
async function runTests(
  program: Program,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<TestReport> {
  const workspace = await program.look(example, signal).workspace();
  const copy = await makeTemporaryFolder();
  try {
    await workspace.base().copyTo(copy.path, signal);
    return await runTestsIn(copy.path, env, signal);
  } finally {
    await copy.remove();
  }
}

/** The demo's code is hand-written and shipped with the program. */
async function runTestsIn(
  cwd: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<TestReport> {
  const { exitCode, stdout } = await runToEnd({
    file: process.execPath,
    args: ['--test'],
    cwd,
    env: { ...env, NODE_TEST_CONTEXT: undefined },
    signal,
    timeoutMs: 60_000,
    mostBytes: 10_000_000,
  });
  const said = stdout.toString();
  const count = (name: string): string =>
    new RegExp(`^(?:#|ℹ) ${name} (\\d+)`, 'm').exec(said)?.[1] ?? '0';
  const ran = Number(count('tests'));
  return {
    passed: exitCode === 0 && ran > 0,
    summary: `${count('pass')} passed, ${count('fail')} failed`,
  };
}
