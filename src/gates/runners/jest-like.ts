import { pathsEnding, scriptEndings } from '../../files/by-ending.ts';
import { byHand } from './by-hand.ts';
import { readJestReport } from './jest-report.ts';
import { reportFolder } from './node-wrapper.ts';
import { nodeModules } from './node-modules.ts';
import {
  dependenciesOf,
  readManifest,
  testScript,
} from '../../repository/packages/package-json.ts';
import {
  filesWith,
  javascriptTest,
  plainPlan,
  relativeTo,
  type Detect,
  type RunnerInput,
  type RunnerPlan,
} from './runner.ts';
import { fixesOrder, jestLikeShuffle, sayingShuffled } from './shuffle.ts';

interface JestLike {
  readonly runner: 'vitest' | 'jest';
  /** Its program, in the packages of the project. */
  readonly program: string;
  readonly config: RegExp;
  /** In its own test files, and in those of others. */
  readonly import: RegExp;
  readonly others: RegExp;
  readonly isTest: (path: string) => boolean;
  readonly options: (report: string) => readonly string[];
}

const scriptFile = /\.[cm]?[jt]sx?$/i;
const testName = /\.(?:test|spec)\.[cm]?[jt]sx?$/i;

const vitestRunner: JestLike = {
  runner: 'vitest',
  program: 'vitest/vitest.mjs',
  config: /^vitest\.(?:config|workspace)\.\w+$/,
  import: /['"]vitest['"]/,
  others: /['"](?:@jest\/globals|node:test)['"]/,
  isTest: (path) => testName.test(path),
  options: (report) => [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ],
};

const jestRunner: JestLike = {
  runner: 'jest',
  program: 'jest/bin/jest.js',
  config: /^jest\.config\.\w+$/,
  import: /['"]@jest\/globals['"]/,
  others: /['"](?:vitest|node:test)['"]/,
  isTest: (path) =>
    testName.test(path) || (scriptFile.test(path) && path.split('/').includes('__tests__')),
  options: (report) => ['--json', '--testLocationInResults', `--outputFile=${report}`],
};

export const vitest: Detect = (input) => detect(vitestRunner, input);
export const jest: Detect = (input) => detect(jestRunner, input);

async function detect(kind: JestLike, input: RunnerInput) {
  const { project, host, tools } = input;
  const { runner } = kind;
  const manifest = await readManifest(project);
  const candidates = pathsEnding(project.files, scriptEndings).filter(kind.isTest).sort();
  const script = (await testScript(project)) ?? '';
  const manifestSays =
    new RegExp(`\\b${runner}\\b`).test(script) ||
    dependenciesOf(manifest).has(runner) ||
    manifest[runner] !== undefined;
  const config = [...project.files].find((path) => kind.config.test(path));
  const [importing] = await filesWith(project, candidates, kind.import);
  const from = config ?? (manifestSays ? 'package.json' : importing && `imports of ${importing}`);
  if (candidates.length === 0 || from === undefined) return [];
  // Beside files of another runner, only its own are its own.
  const others = await filesWith(project, candidates, kind.others);
  const testFiles = candidates.filter((path) => !others.includes(path));
  if (testFiles.length === 0) return [];
  const installed = await host.folder(`node_modules/${runner}`);
  if (installed === null && !input.installs) {
    const missing = `${runner} is not installed in this project's node_modules`;
    const fix = `Install it (npm install), or say how the tests are run: --test-command "…"`;
    return [{ runner, missing, fix }];
  }
  const reports = `${tools}/${reportFolder}`;
  const expected = await filesWith(project, testFiles, javascriptTest);
  const modules = await nodeModules(project, host, tools);
  // Which files have its tests is for its own settings to say, where there is no other runner.
  const plain = (files: readonly string[]): RunnerPlan => ({
    ...plainPlan,
    runner,
    from,
    byHand: byHand('', ['npx', runner, ...(runner === 'vitest' ? ['run'] : [])]),
    expected: files.length === 0 ? expected : expected.filter((path) => files.includes(path)),
    command: [
      'node',
      `node_modules/${kind.program}`,
      ...kind.options(`${reports}/report.json`),
      ...files,
    ],
    env: { CI: '1' },
    ...modules,
    reportFolder: reports,
    read: (_run: unknown, [text]: readonly string[]) =>
      readJestReport(text ?? null, relativeTo(project)),
    only: planOf,
  });
  const order = (await fixesOrder(project)) ? null : await jestLikeShuffle(runner, installed);
  const planOf = (files: readonly string[]): RunnerPlan => {
    const plan = plain(files);
    if (order === null) return plan;
    const shuffled = (seed: number): RunnerPlan => ({
      ...plan,
      command: sayingShuffled(seed, [...plan.command, ...order(seed)]),
    });
    return { ...plan, shuffled };
  };
  return [planOf(others.length > 0 ? testFiles : [])];
}

/** Whether a path would be a test of vitest or jest by its name. */
export function isJestLikeTest(path: string): boolean {
  return vitestRunner.isTest(path) || jestRunner.isTest(path);
}
