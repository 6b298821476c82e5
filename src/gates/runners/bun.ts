import { pathsEnding, scriptEndings } from '../../files/by-ending.ts';
import { byHand } from './by-hand.ts';
import { junitReader } from './junit-report.ts';
import { nodeModules } from './node-modules.ts';
import { reportFolder } from './node-wrapper.ts';
import { readManifest } from '../../repository/packages/package-json.ts';
import {
  filesWith,
  javascriptTest,
  plainPlan,
  programMissing,
  relativeTo,
  type Detect,
  type TestReport,
} from './runner.ts';
import type { ProjectView } from '../../files/project-view.ts';

/** What `bun test` collects by itself. */
const testName = /[._](?:test|spec)\.(?:[cm]?[jt]s|[jt]sx)$/;

/** `bun test` of a project of Bun's whose tests import it. A script that says `bun test` is run as npm's are. */
export const bun: Detect = async ({ project, host, tools, has }) => {
  const from = await bunFile(project);
  if (from === null) return [];
  const named = pathsEnding(project.files, scriptEndings).filter((path) => testName.test(path));
  const tests = await filesWith(project, named, /['"]bun:test['"]/);
  if (tests.length === 0) return [];
  if (!(await has('bun'))) return [programMissing('bun test', 'bun', 'Bun')];
  const report = `${tools}/${reportFolder}`;
  const read = await bunReader(relativeTo(project));
  const plan = {
    ...plainPlan,
    runner: 'bun test',
    from,
    byHand: byHand('', ['bun', 'test']),
    // Which files belong to it is for its settings to say, where it has some.
    expected: project.files.has('bunfig.toml')
      ? []
      : await filesWith(project, tests, javascriptTest),
    command: ['bun', 'test', ...bunReport(`${report}/junit.xml`)],
    env: { CI: '1', NO_COLOR: '1' },
    ...(await nodeModules(project, host, tools)),
    reportFolder: report,
    read: (_run: unknown, texts: readonly string[]) => read(texts),
  };
  return [plan];
};

/** What says that a project is one of Bun's: a file that it alone writes or reads, or the manifest. */
async function bunFile(project: ProjectView): Promise<string | null> {
  const own = ['bunfig.toml', 'bun.lock', 'bun.lockb'].find((path) => project.files.has(path));
  if (own !== undefined) return own;
  const { packageManager } = await readManifest(project);
  return packageManager?.startsWith('bun@') === true ? 'package.json' : null;
}

function bunReport(file: string): string[] {
  return ['--reporter=junit', `--reporter-outfile=${file}`];
}

/** @param place the file of the project that a path of the report is. */
export function bunReader(
  place: (path: string) => string | null,
): Promise<(texts: readonly string[]) => TestReport> {
  return junitReader({
    fileOf: ({ file }) => (file === null ? null : place(file)),
    // Suites are told from the innermost outwards.
    nameOf: ({ className, name }) =>
      [...className.split(' > ').reverse(), name].filter((part) => part !== '').join(' > '),
    foreign: null,
  });
}
