import * as z from 'zod';
import type { SandboxRun } from '../../sandbox/sandbox.ts';
import {
  emptyReport,
  mountOf,
  plainPlan,
  programMissing,
  type Detect,
  type ProjectView,
  type TestFailure,
  type TestReport,
} from './runner.ts';

/** `go test -json`, where the module has test files. Modules come from the host's cache alone. */
export const goTest: Detect = async ({ project, host, tools, has }) => {
  if (!project.files.has('go.mod')) return [];
  const testFiles = [...project.files].filter((path) => path.endsWith('_test.go')).sort();
  if (testFiles.length === 0) return [];
  if (!(await has('go'))) return [programMissing('go test', 'go', 'Go')];
  const expected = await testsIn(project, testFiles);
  const plan = {
    ...plainPlan,
    runner: 'go test',
    expected: [...expected.keys()],
    command: ['/bin/sh', '-c', goCommand, 'sh', tools],
    env: {
      GOFLAGS: '-mod=mod',
      GOPROXY: 'off',
      GOSUMDB: 'off',
      GOTOOLCHAIN: 'local',
      CGO_ENABLED: '0',
    },
    mounts: mountOf(await host.goModules(), `${tools}/modules`),
    files: new Map([[`${tools}/cache/.keep`, '']]),
    read: (run: SandboxRun) => readGo(run, project, expected),
  };
  return [plan];
};

// Go takes absolute paths alone, and where the copy stands is the sandbox's to know.
const goCommand =
  'export GOCACHE="$PWD/$1/cache" GOMODCACHE="$PWD/$1/modules"; exec go test -json -vet=off ./...';

const eventSchema = z.object({
  Action: z.string(),
  Package: z.string().default(''),
  Test: z.string().optional(),
  Output: z.string().optional(),
});
type GoEvent = z.infer<typeof eventSchema>;

function readGo(
  { stdout, stderr }: SandboxRun,
  project: ProjectView,
  expected: ReadonlyMap<string, string[]>,
): TestReport {
  const events = stdout.split('\n').flatMap((line): GoEvent[] => {
    try {
      const parsed = eventSchema.safeParse(JSON.parse(line));
      return parsed.success ? [parsed.data] : [];
    } catch {
      return [];
    }
  });
  const output = new Map<string, string>();
  const ends = new Map<string, string>();
  for (const { Action: action, Package: of, Test: test, Output: text } of events) {
    const key = `${of}\0${test ?? ''}`;
    if (action === 'output') output.set(key, (output.get(key) ?? '') + (text ?? ''));
    if (['pass', 'fail', 'skip'].includes(action)) ends.set(key, action);
  }
  const tests = [...ends].filter(([key]) => !key.endsWith('\0'));
  const count = (action: string): number => tests.filter(([, end]) => end === action).length;
  const failures = tests
    .filter(([, end]) => end === 'fail')
    .map(([key]) => failureOf(key, output.get(key) ?? '', project));
  const packages = [...ends].filter(([key]) => key.endsWith('\0'));
  for (const [key, end] of packages) {
    const of = key.slice(0, -1);
    if (end !== 'fail' || tests.some(([test, how]) => how === 'fail' && test.startsWith(key)))
      continue;
    const text = output.get(key) ?? '';
    if (text.includes('[build failed]') || text.includes('[setup failed]')) continue;
    failures.push({ name: `package ${of}`, ...placeIn(text, project), text });
  }
  failures.push(...compileErrors(stderr, project));
  return {
    ...emptyReport,
    complete: packages.length > 0,
    passed: count('pass'),
    failed: failures.length,
    skipped: count('skip'),
    files: filesRun(tests, expected),
    tests: null,
    failures,
    broken: environmentFault(`${stderr}\n${[...output.values()].join('\n')}`),
  };
}

/** Files all of whose tests are in the report: one that left the package's process early is not. */
function filesRun(
  tests: readonly (readonly [string, string])[],
  expected: ReadonlyMap<string, string[]>,
): Set<string> {
  const ran = new Set(tests.map(([key]) => key.split('\0')[1]));
  const whole = [...expected].filter(([, names]) => names.every((name) => ran.has(name)));
  return new Set(whole.map(([file]) => file));
}

/** Names of the tests in each file that has some. */
async function testsIn(
  project: ProjectView,
  files: readonly string[],
): Promise<Map<string, string[]>> {
  const tests = new Map<string, string[]>();
  for (const file of files) {
    const text = (await project.read(file)) ?? '';
    const found = text.matchAll(/^func (Test(?![a-z])\w*)\(\w+ \*testing\.T\)/gm);
    const names = [...found].map(([, name = '']) => name);
    if (names.length > 0) tests.set(file, names);
  }
  return tests;
}

function failureOf(key: string, text: string, project: ProjectView): TestFailure {
  const [of = '', name = ''] = key.split('\0');
  const lines = text.split('\n').filter((line) => !/^(?:=== |--- FAIL)/.test(line.trim()));
  const words = lines.join('\n').trim();
  return { name, ...placeIn(words, project, of), text: words };
}

function placeIn(
  text: string,
  project: ProjectView,
  of = '',
): { file: string | null; line: number | null } {
  for (const [, path = '', line = ''] of text.matchAll(/([\w./-]+\.go):(\d+)/g)) {
    const bare = path.replace(/^\.\//, '');
    const fits = [...project.files].filter((file) => file === bare || file.endsWith(`/${bare}`));
    // Tests name their file without its folder: the package's path ends in that folder.
    const file =
      fits.find((fit) => of.endsWith(fit.slice(0, Math.max(0, fit.lastIndexOf('/'))))) ?? fits[0];
    if (file !== undefined) return { file, line: Number(line) };
  }
  return { file: null, line: null };
}

/** What the compiler says stands outside the JSON. */
function compileErrors(stderr: string, project: ProjectView): TestFailure[] {
  return stderr
    .split(/^# /m)
    .slice(1)
    .flatMap((block) => {
      const [of = '', ...lines] = block.split('\n');
      const text = lines.join('\n').trim();
      return text === '' ? [] : [{ name: `compiling ${of}`, ...placeIn(text, project, of), text }];
    });
}

function environmentFault(text: string): string | null {
  const fault = /.*(?:module lookup disabled by GOPROXY=off|cannot find GOROOT).*/.exec(text);
  return fault === null ? null : fault[0].trim();
}
