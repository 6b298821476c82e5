import { pathsEnding } from '../../files/by-ending.ts';
import type { SandboxRun } from '../../sandbox/sandbox.ts';
import { byHand, fewFiles } from './by-hand.ts';
import { readMarkedReport } from './marked-report.ts';
import { alonePatterns } from './node-alone.ts';
import { nodeGuard, nodeReporter } from './node-reporter.ts';
import { nodeModules } from './node-modules.ts';
import { baseName } from '../../files/slash-paths.ts';
import {
  filesWith,
  javascriptTest,
  plainPlan,
  relativeTo,
  type Detect,
  type RunnerPlan,
} from './runner.ts';
import { testScript } from '../../repository/packages/package-json.ts';

const extension = /\.[cm]?js$/i;

/** What `node --test` takes for tests by itself. */
export function isNodeTestFile(path: string): boolean {
  if (!extension.test(path)) return false;
  if (path.split('/').slice(0, -1).includes('test')) return true;
  const name = baseName(path).replace(extension, '');
  return name === 'test' || name.startsWith('test-') || /[.\-_]test$/.test(name);
}

/** `node --test`: files that import node:test, under its own names or those that the work or the script names. */
export const nodeTest: Detect = async ({ project, host, declared, tools, mark }) => {
  const named = new Set(declared.filter((path) => project.files.has(path)));
  const script = (await testScript(project)) ?? '';
  const folders = scriptFolders(script);
  const candidates = pathsEnding(project.files, ['js', 'cjs', 'mjs']).filter(
    (path) =>
      isNodeTestFile(path) ||
      named.has(path) ||
      folders.some((folder) => path.startsWith(`${folder}/`)),
  );
  const testFiles = (await filesWith(project, candidates, nodeTestImport)).sort();
  if (testFiles.length === 0) return [];
  const [reporter, guard] = [`${tools}/reporter.mjs`, `${tools}/guard.mjs`];
  const expected = await filesWith(project, testFiles, javascriptTest);
  const plain = {
    ...plainPlan,
    runner: 'node --test',
    from: `the import of node:test in ${testFiles[0] ?? ''}`,
    ...(await nodeModules(project, host, tools)),
    files: new Map([
      [reporter, nodeReporter(mark)],
      [guard, nodeGuard],
    ]),
    read: ({ stdout }: SandboxRun) => readMarkedReport(stdout, mark, relativeTo(project)),
  };
  const planOf = (files: readonly string[]): RunnerPlan => ({
    ...plain,
    byHand: byHand('', ['node', '--test', ...fewFiles(files, [])]),
    expected: expected.filter((path) => files.includes(path)),
    command: [
      'node',
      '--import',
      `./${guard}`,
      '--test',
      `--test-reporter=./${reporter}`,
      '--test-reporter-destination=stdout',
      ...files,
    ],
    only: (some) => planOf(testFiles.filter((path) => some.includes(path))),
    reordered: (tests) => ({
      ...plain,
      byHand: byHand('', ['node', '--test', ...fewFiles(files, [])]),
      expected: [],
      command: ['/bin/sh', '-c', eachAlone, 'sh', guard, reporter, ...alonePatterns(tests, '')],
      env: { BLUEPRINT_MARK: mark },
      files: new Map([
        [reporter, nodeReporter(null)],
        [guard, nodeGuard],
      ]),
    }),
  });
  return [planOf(testFiles)];
};

const eachAlone = `guard=./$1 reporter=./$2 code=0
shift 2
while [ $# -gt 1 ]; do
  node --import "$guard" --test --test-reporter="$reporter" --test-reporter-destination=stdout --test-name-pattern="$2" "$1" || code=$?
  shift 2
done
exit $code`;

/** Folders that a script's `node --test` is given. */
function scriptFolders(script: string): string[] {
  if (!/\bnode\b.*--test\b/.test(script)) return [];
  return script
    .split(/\s+/)
    .filter((word) => /^[\w./-]+\/?$/.test(word) && !word.startsWith('-') && word !== 'node')
    .map((word) => word.replace(/^\.\//, '').replace(/\/$/, ''));
}

const nodeTestImport = /['"](?:node:)?test(?:\/\w+)?['"]/;
