import { jvmBuild } from './jvm-build.ts';

// The wrapper itself would write beside what it has fetched. Which server an artefact came from is the user's
// settings to know: it is not asked for. A failure keeps no module from being tested.
const script = `tools=$PWD/$1
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
  -Dmaven.test.failure.ignore=true -Dstyle.color=never`;

export const maven = jvmBuild({
  program: 'mvn',
  product: 'Maven',
  manifest: /^pom\.xml$/,
  wrapper: {
    file: '.mvn/wrapper/maven-wrapper.properties',
    cache: 'mavenWrapper',
    to: 'maven/dists',
  },
  packages: { cache: 'maven', to: 'maven/repository' },
  file: ['maven/settings.xml', '<settings/>\n'],
  script,
  compiling: 'test-compile',
  reports: ['*/target/surefire-reports/TEST-*.xml'],
});
