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

const manifest = /^(?:settings|build)\.gradle(?:\.kts)?$/;

/** `gradle test` of each build, with all of its projects. Packages come from the host's cache alone. */
export const gradle: Detect = async (input) => {
  const { project } = input;
  if (![...project.files].some((path) => manifest.test(posix.basename(path)))) return [];
  const runs = manifestRuns(input, manifest, await jvmTests(project), { whole: true });
  return Promise.all(runs.map((run) => planOf(run, input)));
};

async function planOf(
  { folder, from, tests }: ManifestRun,
  { project, host, tools, has }: RunnerInput,
): Promise<RunnerPlan | RunnerMissing> {
  const runner = runnerIn('gradle test', folder);
  const wrapper = project.files.has(posix.join(folder, 'gradle/wrapper/gradle-wrapper.properties'))
    ? await host.cache('gradleWrapper')
    : null;
  if (wrapper === null && !(await has('gradle'))) return programMissing(runner, 'gradle', 'Gradle');
  if (!(await has('java'))) return programMissing(runner, 'java', 'a JDK');
  return {
    ...plainPlan,
    runner,
    from,
    byHand: byHand(folder, ['gradle', 'test']),
    expected: await namedTests(project, tests),
    command: ['/bin/sh', '-c', gradleCommand, 'sh', tools, folder === '' ? '.' : folder],
    env: { CI: '1' },
    mounts: [
      ...mountOf(await host.cache('gradle'), `${tools}/gradle-cache`),
      ...mountOf(wrapper, `${tools}/gradle-dists`),
    ],
    files: new Map([[`${tools}/gradle/.keep`, '']]),
    reportFolder: `${tools}/${reportFolder}`,
    read: await jvmReader(project, folder),
  };
}

// The wrapper itself would write beside what it has fetched, and so would Gradle: it has a home of its own.
// https://docs.gradle.org/current/userguide/dependency_caching.html#sec:shared-readonly-cache
const gradleCommand = `tools=$PWD/$1
cd "$2" || exit 127
shift 2
gradle=gradle
properties=gradle/wrapper/gradle-wrapper.properties
if [ -f "$properties" ]; then
  name=$(sed -n 's|^distributionUrl=.*/\\([^/]*\\)\\.zip.*$|\\1|p' "$properties" | tr -d '\\r')
  for program in "$tools/gradle-dists/$name"/*/*/bin/gradle; do
    if [ -x "$program" ]; then gradle=$program; break; fi
  done
fi
GRADLE_USER_HOME=$tools/gradle GRADLE_RO_DEP_CACHE=$tools/gradle-cache
export GRADLE_USER_HOME GRADLE_RO_DEP_CACHE
set -- "$gradle" --offline --continue --no-daemon --console=plain test
${gathering(['*/build/test-results/*/TEST-*.xml'])}`;
