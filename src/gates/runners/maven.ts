import { posix } from 'node:path';
import { byHand } from './by-hand.ts';
import { gathering } from './gathered-reports.ts';
import { jvmReader, jvmTests, namedTests } from './jvm-tests.ts';
import { manifestRuns, type ManifestRun } from './manifest-runs.ts';
import { reportFolder } from './node-wrapper.ts';
import { runnerIn } from './package-folders.ts';
import {
  mountOf,
  plainPlan,
  programMissing,
  type Detect,
  type RunnerInput,
  type RunnerMissing,
  type RunnerPlan,
} from './runner.ts';

/** `mvn test` of each build, with all of its modules. Packages come from the host's repository alone. */
export const maven: Detect = async (input) => {
  const { project } = input;
  const builds = [...project.files].filter((path) => /(?:^|\/)pom\.xml$/.test(path));
  if (builds.length === 0) return [];
  const tests = await jvmTests(project);
  const runs = manifestRuns(input, /^pom\.xml$/, tests, { whole: true });
  return Promise.all(runs.map((run) => planOf(run, input)));
};

async function planOf(
  { folder, from, tests }: ManifestRun,
  { project, host, tools, has }: RunnerInput,
): Promise<RunnerPlan | RunnerMissing> {
  const runner = runnerIn('mvn test', folder);
  const wrapper = project.files.has(posix.join(folder, '.mvn/wrapper/maven-wrapper.properties'))
    ? await host.cache('mavenWrapper')
    : null;
  if (wrapper === null && !(await has('mvn'))) return programMissing(runner, 'mvn', 'Maven');
  if (!(await has('java'))) return programMissing(runner, 'java', 'a JDK');
  return {
    ...plainPlan,
    runner,
    from,
    byHand: byHand(folder, ['mvn', 'test']),
    expected: await namedTests(project, tests),
    command: ['/bin/sh', '-c', mavenCommand, 'sh', tools, folder === '' ? '.' : folder],
    env: { CI: '1' },
    mounts: [
      ...mountOf(await host.cache('maven'), `${tools}/maven/repository`),
      ...mountOf(wrapper, `${tools}/maven/dists`),
    ],
    files: new Map([[`${tools}/maven/settings.xml`, '<settings/>\n']]),
    reportFolder: `${tools}/${reportFolder}`,
    read: await jvmReader(project, folder),
  };
}

// The wrapper itself would write beside what it has fetched. Which server an artefact came from is the user's
// settings to know: it is not asked for. A failure keeps no module from being tested.
const mavenCommand = `tools=$PWD/$1
cd "$2" || exit 127
shift 2
maven=mvn
properties=.mvn/wrapper/maven-wrapper.properties
if [ -f "$properties" ]; then
  name=$(sed -n 's|^distributionUrl=.*/\\([^/]*\\)-bin\\..*$|\\1|p' "$properties" | tr -d '\\r')
  for program in "$tools/maven/dists/$name"*/*/bin/mvn "$tools/maven/dists/$name"*/*/*/bin/mvn; do
    if [ -x "$program" ]; then maven=$program; break; fi
  done
fi
set -- "$maven" -o -B -fae -gs "$tools/maven/settings.xml" -s "$tools/maven/settings.xml" \\
  -Dmaven.repo.local="$tools/maven/repository" -Daether.enhancedLocalRepository.trackingFilename=none \\
  -Dmaven.test.failure.ignore=true -Dstyle.color=never test
${gathering(['*/target/surefire-reports/TEST-*.xml'])}`;
