import { posix } from 'node:path';
import { pathsEnding } from '../../files/by-ending.ts';
import { byHand } from './by-hand.ts';
import { gathering } from './gathered-reports.ts';
import { jvmReader, jvmTests, namedTests } from './jvm-tests.ts';
import { manifestRuns, type ManifestRun } from './manifest-runs.ts';
import { reportFolder } from './node-wrapper.ts';
import { runnerIn } from './changed-runs.ts';
import { baseName } from '../../files/slash-paths.ts';
import {
  mountOf,
  plainPlan,
  programMissing,
  scriptIn,
  type Detect,
  type PackageCache,
  type RunnerInput,
  type RunnerMissing,
  type RunnerPlan,
} from './runner.ts';

/** A program that builds and tests projects of the JVM's languages. Paths of the tools' folder are relative to it. */
export interface JvmBuild {
  readonly program: string;
  readonly product: string;
  /** What makes a folder a build, by its name. */
  readonly manifest: RegExp;
  /** Says which version a build wants: its file, where such versions are kept, and where they are shown. */
  readonly wrapper: CachePlace & { readonly file: string };
  readonly packages: CachePlace;
  /** Put among the tools beforehand: a path and a text. */
  readonly file: readonly [string, string];
  /** Up to the command without what it is to do; the folder of tools and that of the build come first. */
  readonly script: string;
  /** What it does to compile all tests. */
  readonly compiling: string;
  /** Patterns of the reports that it leaves. */
  readonly reports: readonly string[];
}

interface CachePlace {
  readonly cache: PackageCache;
  readonly to: string;
}

/** The tests of each build, with all of its modules. Packages come from the host's cache alone. */
export function jvmBuild(build: JvmBuild): Detect {
  return async (input) => {
    const { project } = input;
    const manifests = pathsEnding(project.files, ['xml', 'gradle', 'kts']);
    if (!manifests.some((path) => build.manifest.test(baseName(path)))) return [];
    const runs = manifestRuns(input, build.manifest, await jvmTests(project), { whole: true });
    return Promise.all(runs.map((run) => planOf(build, run, input)));
  };
}

async function planOf(
  { program, product, wrapper, packages, file, script, compiling, reports }: JvmBuild,
  { folder, from, tests }: ManifestRun,
  { project, host, tools, has }: RunnerInput,
): Promise<RunnerPlan | RunnerMissing> {
  const runner = runnerIn(`${program} test`, folder);
  const wrapped = project.files.has(posix.join(folder, wrapper.file))
    ? await host.cache(wrapper.cache)
    : null;
  if (wrapped === null && !(await has(program))) return programMissing(runner, program, product);
  if (!(await has('java'))) return programMissing(runner, 'java', 'a JDK');
  return {
    ...plainPlan,
    runner,
    folder,
    from,
    byHand: byHand(folder, [program, 'test']),
    expected: await namedTests(project, tests),
    command: scriptIn(`${script} test\n${gathering(reports)}`, tools, folder),
    compiling: scriptIn(`${script} ${compiling}\nexec "$@"`, tools, folder),
    env: { CI: '1' },
    mounts: [
      ...mountOf(await host.cache(packages.cache), `${tools}/${packages.to}`),
      ...mountOf(wrapped, `${tools}/${wrapper.to}`),
    ],
    files: new Map([[`${tools}/${file[0]}`, file[1]]]),
    reportFolder: `${tools}/${reportFolder}`,
    read: await jvmReader(project, folder),
  };
}
