import { nodeGuard, nodeReporter } from './node-reporter.ts';
import { jestLikeShuffleInShell } from './shuffle.ts';

/** Folder of reports, below a copy's folder of tools. */
export const reportFolder = 'reports';

/**
 * What stands before the host's `node` while a project's own script is run, by path below the folder of tools:
 * a `node` that does what it was asked for, with a report added where that is a run of tests. Nothing else of
 * the script, its flags or its environment is touched.
 * @param mark begins the lines of the report of `node --test`
 */
export function nodeWrapper(mark: string): ReadonlyMap<string, string> {
  return new Map([
    ['bin/node', program],
    ['bin/bun', bunProgram],
    ['mark', mark],
    ['reporter.mjs', nodeReporter(null)],
    ['guard.mjs', nodeGuard],
    ['mocha-reporter.cjs', mochaReporter],
    ['jasmine-reporter.cjs', jasmineReporter],
  ]);
}

/** The beginning of a script that stands before a program of the host. */
function standIn(name: string): string {
  return `#!/bin/sh
here=\${0%/*}
tools=\${here%/*}
${name}=
IFS=:
for folder in $PATH; do
  if [ "$folder" != "$here" ] && [ -x "$folder/${name}" ]; then ${name}=$folder/${name}; break; fi
done
unset IFS
if [ -z "$${name}" ]; then echo '${name}: not found' >&2; exit 127; fi`;
}

// What follows the program is its own: one that measures coverage is given the whole command of the tests. What
// begins a run writes `.begun`: without a report beside it, it did not come to its end.
const program = `${standIn('node')}
kind= value=
for word in "$@"; do
  if [ -n "$value" ]; then value=; continue; fi
  case $word in
    --test) kind=node; break ;;
    -r | -C | --require | --import | --loader | --experimental-loader | --conditions | --env-file | --env-file-if-exists | \\
    --test-name-pattern | --test-skip-pattern | --test-reporter | --test-reporter-destination | --test-concurrency | \\
    --test-timeout | --test-shard | --test-isolation | --input-type | --watch-path | --title) value=yes ;;
    -*) ;;
    */vitest/vitest.mjs | */vitest/dist/cli.js | */.bin/vitest) kind=vitest; break ;;
    */jest/bin/jest.js | */jest-cli/bin/jest.js | */.bin/jest) kind=jest; break ;;
    */mocha/bin/mocha.js | */mocha/bin/mocha | */.bin/mocha) kind=mocha; break ;;
    */ava/entrypoints/cli.mjs | */ava/cli.js | */.bin/ava) kind=ava; break ;;
    */jasmine/bin/jasmine.js | */.bin/jasmine) kind=jasmine; break ;;
    *) break ;;
  esac
done
${jestLikeShuffleInShell}
# Files that are to be run alone, a line each: \`node --test\` is given them unless it names some itself.
if [ "$kind" = node ]; then
  after=
  for word in "$@"; do
    case $word in --test) after=yes ;; -*) ;; *) [ -z "$after" ] || unset BLUEPRINT_ONLY ;; esac
  done
fi
set -f
IFS='
'
report=$tools/${reportFolder}/$$
case $kind in
  node)
    set -- --import "$tools/guard.mjs" --test-reporter="$tools/reporter.mjs" --test-reporter-destination=stdout "$@"
    if [ -z "$BLUEPRINT_ALONE" ]; then exec "$node" "$@" $BLUEPRINT_ONLY; fi
    only=$BLUEPRINT_ONLY alone=$BLUEPRINT_ALONE code=0 file=
    unset BLUEPRINT_ONLY BLUEPRINT_ALONE
    for line in $alone; do
      if [ -z "$file" ]; then file=$line; continue; fi
      "$node" --test-name-pattern="$line" "$@" \${only:+"$file"} || code=$?
      file=
    done
    exit $code ;;
  vitest)
    : > "$report.begun"
    exec "$node" "$@" $order --reporter=default --reporter=json --outputFile.json="$report.json" $BLUEPRINT_ONLY ;;
  jest)
    : > "$report.begun"
    exec "$node" "$@" $order --json --testLocationInResults --outputFile="$report.json" $BLUEPRINT_ONLY ;;
  mocha)
    : > "$report.begun"
    export BLUEPRINT_REPORT="$report.json"
    exec "$node" "$@" --reporter "$tools/mocha-reporter.cjs" $BLUEPRINT_ONLY ;;
  jasmine)
    : > "$report.begun"
    export BLUEPRINT_REPORT="$report.json"
    exec "$node" "$@" --reporter="$tools/jasmine-reporter.cjs" $BLUEPRINT_ONLY ;;
  ava)
    : > "$report.begun"
    code=0
    "$node" "$@" --tap $BLUEPRINT_ONLY > "$report.tap" || code=$?
    cat "$report.tap"
    exit $code ;;
  *)
    exec "$node" "$@" ;;
esac
`;

const bunProgram = `${standIn('bun')}
if [ "$1" != test ]; then exec "$bun" "$@"; fi
shift
report=$tools/${reportFolder}/$$
: > "$report.begun"
exec "$bun" test --reporter=junit --reporter-outfile="$report.xml" "$@"
`;

/** Writes the report of mocha in the form of jest's, and prints what its reporter \`spec\` does. */
const mochaReporter = `const { writeFileSync } = require('node:fs');
const { dirname } = require('node:path');
const path = process.env.BLUEPRINT_REPORT;
delete process.env.BLUEPRINT_REPORT;
const { reporters } = require(require.resolve('mocha', { paths: [dirname(process.argv[1]), process.cwd()] }));
module.exports = class extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const suites = new Map();
    const tell = (test, status, error) => {
      const name = test.file ?? test.parent?.file ?? process.cwd();
      const suite = suites.get(name) ?? { name, status: 'passed', message: '', assertionResults: [] };
      suites.set(name, suite);
      const failureMessages = error === undefined ? [] : [String(error?.stack ?? error)];
      suite.assertionResults.push({ status, title: test.title, fullName: test.fullTitle(), failureMessages });
    };
    runner.on('pass', (test) => tell(test, 'passed'));
    runner.on('fail', (test, error) => tell(test, 'failed', error));
    runner.on('pending', (test) => tell(test, 'pending'));
    runner.once('end', () => writeFileSync(path, JSON.stringify({ testResults: [...suites.values()] })));
  }
};
`;

/** The same of jasmine. */
const jasmineReporter = `const { writeFileSync } = require('node:fs');
const path = process.env.BLUEPRINT_REPORT;
delete process.env.BLUEPRINT_REPORT;
const suites = new Map();
const tell = ({ filename, description, fullName, status, failedExpectations = [] }) => {
  const name = filename ?? process.cwd();
  const suite = suites.get(name) ?? { name, status: 'passed', message: '', assertionResults: [] };
  suites.set(name, suite);
  const failureMessages = failedExpectations.map(({ message, stack }) => (stack ?? '').includes(message) ? stack : message + '\\n' + (stack ?? ''));
  suite.assertionResults.push({ status, title: description, fullName, failureMessages });
  for (const message of failureMessages) console.log('failed: ' + fullName + ': ' + message);
};
const tellBroken = (fullName) => ({ failedExpectations = [], filename }) => {
  if (failedExpectations.length > 0) tell({ filename, description: fullName, fullName, status: 'failed', failedExpectations });
};
module.exports = class {
  reporterCapabilities = { parallel: true };
  specDone(spec) {
    tell(spec);
  }
  suiteDone(suite) {
    tellBroken(suite.fullName + ' around its specs')(suite);
  }
  jasmineDone(run) {
    tellBroken('around all specs')(run);
    writeFileSync(path, JSON.stringify({ testResults: [...suites.values()] }));
  }
};
`;
