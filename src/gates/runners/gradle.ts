import { jvmBuild } from './jvm-build.ts';

// The wrapper itself would write beside what it has fetched, and so would Gradle: it has a home of its own.
// https://docs.gradle.org/current/userguide/dependency_caching.html#sec:shared-readonly-cache
const script = `tools=$PWD/$1
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
set -- "$gradle" --offline --continue --no-daemon --console=plain`;

export const gradle = jvmBuild({
  program: 'gradle',
  product: 'Gradle',
  manifest: /^(?:settings|build)\.gradle(?:\.kts)?$/,
  wrapper: {
    file: 'gradle/wrapper/gradle-wrapper.properties',
    cache: 'gradleWrapper',
    to: 'gradle-dists',
  },
  packages: { cache: 'gradle', to: 'gradle-cache' },
  file: ['gradle/.keep', ''],
  script,
  compiling: 'testClasses',
  reports: ['*/build/test-results/*/TEST-*.xml'],
});
