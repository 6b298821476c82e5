import { posix } from 'node:path';
import { pathsEnding, scriptEndings } from '../../files/by-ending.ts';
import { byHand } from './by-hand.ts';
import { junitReader } from './junit-report.ts';
import { manifestRuns, type ManifestRun } from './manifest-runs.ts';
import { nodeModules } from './node-modules.ts';
import { reportFolder } from './node-wrapper.ts';
import { runnerIn } from './changed-runs.ts';
import {
  filesWith,
  mountOf,
  plainPlan,
  programMissing,
  relativeFrom,
  scriptIn,
  type Detect,
  type RunnerInput,
} from './runner.ts';
import type { ProjectView } from '../../files/project-view.ts';
import { argumentsFor } from './shell-words.ts';

const manifest = /^deno\.jsonc?$/;
/** What `deno test` collects by itself. */
const testName = /(?:^|[/_.])test\.(?:ts|tsx|mts|js|mjs|jsx)$/;
const denoTest =
  /^\s*Deno\.test\b|\bfrom ['"](?:jsr:|https:\/\/).*\btesting\/|['"]@std\/(?:testing|assert|expect)/m;

/** `deno test` for projects with Deno's settings, as their task `test` has it. */
export const deno: Detect = async (input) => {
  const { project, has } = input;
  const manifests = pathsEnding(project.files, ['json', 'jsonc']);
  if (!manifests.some((path) => manifest.test(posix.basename(path)))) return [];
  const named = pathsEnding(project.files, scriptEndings).filter((path) => testName.test(path));
  const tests = await filesWith(project, named, denoTest);
  const runs = manifestRuns(input, manifest, tests, { whole: true });
  if (runs.length === 0) return [];
  if (!(await has('deno'))) return [programMissing('deno test', 'deno', 'Deno')];
  return Promise.all(runs.map((run) => planOf(run, input)));
};

async function planOf({ folder, from }: ManifestRun, { project, host, tools }: RunnerInput) {
  const options = await taskOptions(project, folder);
  const place = relativeFrom(project, folder);
  const read = await junitReader({
    fileOf: ({ className }) => place(className),
    nameOf: ({ name }) => name,
    foreign: /^\s+at .*\((?:ext|node):/,
  });
  const packages = await nodeModules(project, host, tools);
  const cache = [
    ...mountOf(await host.cache('denoRemote'), `${tools}/deno/remote`),
    ...mountOf(await host.cache('denoNpm'), `${tools}/deno/npm`),
  ];
  return {
    ...plainPlan,
    runner: runnerIn('deno test', folder),
    folder,
    from,
    byHand: byHand(folder, ['deno', 'test', ...options]),
    // Which files belong to it is for its settings to say.
    expected: [],
    command: scriptIn(denoCommand, tools, folder, options),
    env: { CI: '1', NO_COLOR: '1', DENO_NO_UPDATE_CHECK: '1', DENO_NO_PROMPT: '1' },
    ...packages,
    mounts: [...packages.mounts, ...cache],
    files: new Map([[`${tools}/deno/.keep`, '']]),
    reportFolder: `${tools}/${reportFolder}`,
    read: (_run: unknown, texts: readonly string[]) => read(texts),
  };
}

const denoCommand = `tools=$PWD/$1
DENO_DIR=$tools/deno; export DENO_DIR
cd "$2" || exit 127
shift 2
exec deno test --cached-only --junit-path="$tools/${reportFolder}/junit.xml" "$@"`;

/** What the project's own task gives to `deno test`; else all rights, as the sandbox sets the bounds. */
async function taskOptions(project: ProjectView, folder: string): Promise<string[]> {
  const { parse } = await import('jsonc-parser');
  for (const name of ['deno.json', 'deno.jsonc']) {
    const text = await project.read(posix.join(folder, name));
    const config: unknown = text === null ? null : parse(text);
    const task = valueAt(valueAt(config, 'tasks'), 'test');
    const command = typeof task === 'string' ? task : valueAt(task, 'command');
    const words = typeof command === 'string' ? argumentsFor(command, /^deno$/) : null;
    if (words?.[0] === 'test') return words.slice(1).filter((word) => !reporting.test(word));
  }
  return ['--allow-all'];
}

const reporting = /^--(?:junit-path|reporter|fail-fast|watch|coverage|clean|cached-only)\b|^--$/;

function valueAt(tree: unknown, key: string): unknown {
  return typeof tree === 'object' && tree !== null && key in tree
    ? (tree as Record<string, unknown>)[key]
    : undefined;
}
