import { posix } from 'node:path';
import type { SandboxMount } from '../../sandbox/sandbox.ts';
import * as z from 'zod';
import { pathsEnding } from '../../files/by-ending.ts';
import { byHand } from './by-hand.ts';
import { junitReader } from './junit-report.ts';
import { manifestRuns, type ManifestRun } from './manifest-runs.ts';
import { reportFolder } from './node-wrapper.ts';
import { isBelow } from '../../files/slash-paths.ts';
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
  type RunnerMissing,
  type RunnerPlan,
} from './runner.ts';
import type { ProjectView } from '../../files/project-view.ts';
import { bySeed, sayShuffled, seedVariable } from './shuffle.ts';
import { argumentsFor } from './shell-words.ts';
import { elementsBelow, xmlReader } from '../../text/xml.ts';

const manifest = /^(?:composer\.json|phpunit\.xml(?:\.dist)?|phpunit\.dist\.xml)$/;
const configs = ['phpunit.xml', 'phpunit.dist.xml', 'phpunit.xml.dist'];
const testClass = /^(?:(?:final|readonly)\s+)*class\s+\w+\s+extends\s+[\w\\]*Test\w*\b/m;
const ofPhpunit = /^use PHPUnit\\Framework\b|\bextends \\?PHPUnit\\Framework\b/m;
const pestTest = /^\s*(?:test|it)\(/m;

/** PHPUnit, or Pest, which is one with another way to write tests, by the project's own copy or the machine's. */
export const phpunit: Detect = async (input) => {
  const { project } = input;
  const candidates = pathsEnding(project.files, ['php']).filter(
    (path) => /Test\.php$|(?:^|\/)tests?\/.*\.php$/.test(path) && !/(?:^|\/)vendor\//.test(path),
  );
  const written = await filesWith(project, candidates, testClass);
  const named = new Set([...written, ...(await filesWith(project, candidates, pestTest))]);
  const runs = manifestRuns(input, manifest, [...named], { whole: false, orRoot: true });
  const plans = await Promise.all(runs.map((run) => planOf(run, written, input)));
  return plans.flatMap((plan) => plan ?? []);
};

async function planOf(
  { folder, from, tests }: ManifestRun,
  written: readonly string[],
  { project, host, tools, has }: RunnerInput,
): Promise<RunnerPlan | RunnerMissing | null> {
  const within = (path: string): string => posix.join(folder, path);
  const composer = await readComposer(project, within('composer.json'));
  const config = configs.find((name) => project.files.has(within(name))) ?? null;
  const asked = Object.keys({ ...composer.require, ...composer['require-dev'] });
  const pest = asked.includes('pestphp/pest');
  const own = tests.filter((path) => pest || written.includes(path));
  const imports = await filesWith(project, own, ofPhpunit);
  if (own.length === 0) return null;
  if (config === null && !pest && !asked.includes('phpunit/phpunit') && imports.length === 0)
    return null;
  const name = pest ? 'pest' : 'phpunit';
  const runner = runnerIn(pest ? 'Pest' : 'PHPUnit', folder);
  if (!(await has('php'))) return programMissing(runner, 'php', 'PHP');
  const packages = await vendorOf(within('vendor'), project, host);
  if (packages === null && !(await has(name))) {
    const missing = `${name} is not installed in this project's vendor folder`;
    const fix = 'Install it (composer install), or say how the tests are run: --test-command "…"';
    return { runner, missing, fix };
  }
  const options = commandOptions(composer.scripts['test'], name);
  const chosen = options.some((word) => /^(?:-c|--configuration)\b/.test(word));
  const loader = packages !== null && within('vendor/autoload.php');
  const listed = config === null && !chosen ? listOf(own, tools, loader) : null;
  const file = `${tools}/phpunit.xml`;
  const read = await junitReader({
    fileOf: ({ file }) => (file === null ? null : place(file.replace(/::.*$/, ''))),
    nameOf: ({ className, name }) => (className === '' ? name : `${className}::${name}`),
    foreign: null,
  });
  const place = relativeFrom(project, folder);
  const plan: RunnerPlan = {
    ...plainPlan,
    runner,
    folder,
    from,
    byHand: byHand(folder, [packages === null ? name : `vendor/bin/${name}`, ...options]),
    expected: await expectedOf(own, listed, config === null ? null : within(config), project),
    command: scriptIn(phpCommand, tools, folder, [
      name,
      ...options,
      ...(listed === null ? [] : ['--configuration', `${up(folder)}${file}`]),
    ]),
    env: { CI: '1' },
    mounts: packages ?? [],
    files: listed === null ? plainPlan.files : new Map([[file, listed]]),
    reportFolder: `${tools}/${reportFolder}`,
    read: (_run, texts) => read(texts),
  };
  const settings = [...project.files].filter((path) =>
    /(?:^|\/)phpunit[\w.-]*\.xml[\w.]*$/.test(path),
  );
  const fixed = await filesWith(project, settings, /\bexecutionOrder\s*=/);
  const asks = options.some((word) =>
    /^--(?:order-by|random-order|reverse-order|seed)\b/.test(word),
  );
  return fixed.length > 0 || asks ? plan : { ...plan, shuffled: bySeed(plan) };
}

/** The folder of packages, where the copy has none of its own. Null: nowhere. */
async function vendorOf(
  path: string,
  { files }: ProjectView,
  host: RunnerInput['host'],
): Promise<SandboxMount[] | null> {
  if (files.has(`${path}/autoload.php`)) return [];
  const from = await host.folder(path);
  return from === null ? null : mountOf(from, path);
}

// Packages find the project by where they stand. Where they are shown by a link, what finds it is copied.
const phpCommand = `root=$PWD tools=$PWD/$1
cd "$2" || exit 127
name=$3; shift 3
if [ -L vendor ]; then
  packages=$(readlink vendor); rm vendor; mkdir vendor
  for entry in "$packages"/*; do
    case \${entry##*/} in
      autoload.php | composer | bin) cp -R "$entry" vendor/ ;;
      *) ln -s "$entry" vendor/ ;;
    esac
  done
fi
program=vendor/bin/$name
if [ ! -e "$program" ]; then program=$(command -v "$name") || { echo "$name: not found" >&2; exit 127; }; fi
if [ -n "$${seedVariable}" ]; then
  case $(php "$program" --help 2>&1) in
    *--order-by*--random-order-seed*) set -- "$@" --order-by=depends,random "--random-order-seed=$${seedVariable}"; ${sayShuffled} ;;
  esac
  unset ${seedVariable}
fi
exec php "$program" --log-junit "$tools/${reportFolder}/junit.xml" --colors=never "$@"`;

/** Settings that name the tests, relative to where these settings stand. */
function listOf(tests: readonly string[], tools: string, loader: string | false): string {
  const place = (path: string): string => escaped(posix.relative(tools, path));
  const names = tests.map((path) => `      <file>${place(path)}</file>`);
  const bootstrap = loader === false ? '' : ` bootstrap="${place(loader)}"`;
  return `<?xml version="1.0"?>
<phpunit${bootstrap}>
  <testsuites>
    <testsuite name="tests">
${names.join('\n')}
    </testsuite>
  </testsuites>
</phpunit>
`;
}

function up(folder: string): string {
  return folder === '' ? '' : '../'.repeat(folder.split('/').length);
}

function escaped(text: string): string {
  return text.replace(/[<>&"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** Of some tests those that must be run: all that we list, else what settings say by folders alone. */
async function expectedOf(
  tests: readonly string[],
  listed: string | null,
  config: string | null,
  project: ProjectView,
): Promise<readonly string[]> {
  if (listed !== null) return tests;
  const root = config === null ? null : (await xmlReader())((await project.read(config)) ?? '');
  if (config === null || root === null || 'fault' in root) return [];
  const some = ['exclude', 'group', 'file'].some((name) => elementsBelow(root, name).length > 0);
  if (some) return [];
  const taken = elementsBelow(root, 'testsuite').flatMap((suite) =>
    elementsBelow(suite, 'directory').flatMap(({ text, attributes }) => {
      const place = posix.join(posix.dirname(config), text.trim());
      const suffix = attributes['suffix'] ?? 'Test.php';
      return tests.filter((test) => isBelow(test, place) && test.endsWith(suffix));
    }),
  );
  return [...new Set(taken)];
}

const namesSchema = z.record(z.string(), z.unknown()).catch({}).default({});
const composerSchema = z.object({
  require: namesSchema,
  'require-dev': namesSchema,
  scripts: namesSchema,
});

async function readComposer(
  project: ProjectView,
  path: string,
): Promise<z.infer<typeof composerSchema>> {
  try {
    return composerSchema.parse(JSON.parse((await project.read(path)) ?? '{}'));
  } catch {
    return composerSchema.parse({});
  }
}

/** What the project's own script gives to the runner. */
function commandOptions(script: unknown, name: string): string[] {
  const lines = (Array.isArray(script) ? script : [script]).filter(
    (line): line is string => typeof line === 'string',
  );
  const program = new RegExp(`(?:^|[/@])${name}$`);
  const found = lines.flatMap((line) => argumentsFor(line, program) ?? []);
  return found.filter((word) => !reporting.test(word));
}

/** Options that choose how results are told, or that end the run early. */
const reporting =
  /^--(?:colors|log-\w+|coverage[\w-]*|testdox[\w-]*|stop-on-[\w-]+|no-progress|verbose|debug)\b|^-v$/;
