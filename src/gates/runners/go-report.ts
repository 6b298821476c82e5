import { posix } from 'node:path';
import * as z from 'zod';
import type { SandboxRun } from '../../sandbox/sandbox.ts';
import type { GoModule } from '../../repository/packages/go-modules.ts';
import { emptyReport, type TestFailure, type TestOutcome, type TestReport } from './runner.ts';
import type { ProjectView } from '../../files/project-view.ts';

/** Of each file: its package, its tests, and whether it is compiled on every system. */
export type GoTests = Map<
  string,
  { readonly of: string; readonly names: readonly string[]; readonly always: boolean }
>;

export interface GoReading {
  readonly project: ProjectView;
  /** Where go was started. */
  readonly folder: string;
  readonly modules: readonly GoModule[];
  readonly tests: GoTests;
}

const eventSchema = z.object({
  Action: z.string(),
  Package: z.string().default(''),
  Test: z.string().optional(),
  Output: z.string().optional(),
});
type GoEvent = z.infer<typeof eventSchema>;

/** A test, or a package where `test` is empty. */
interface Entry {
  readonly of: string;
  readonly test: string;
  output: string;
  end: 'pass' | 'fail' | 'skip' | null;
}

/** Reads the events of `go test -json`. */
export function readGo({ stdout, stderr }: SandboxRun, reading: GoReading): TestReport {
  const entries = new Map<string, Entry>();
  // Since 1.24 what the compiler says is in the events too.
  let compiler = stderr;
  for (const { Action: action, Package: of, Test: test = '', Output: text = '' } of events(
    stdout,
  )) {
    if (action === 'build-output') compiler += text;
    if (action.startsWith('build-') || of === '') continue;
    const key = `${of}\0${test}`;
    const entry = entries.get(key) ?? { of, test, output: '', end: null };
    entries.set(key, entry);
    if (action === 'output') entry.output += text;
    if (action === 'pass' || action === 'fail' || action === 'skip') entry.end = action;
  }
  const packages = [...entries.values()].filter(({ test }) => test === '');
  const broken = new Set(packages.filter(({ end }) => end === 'fail').map(({ of }) => of));
  const started = [...entries.values()].filter(({ test }) => test !== '');
  // What a test that ended its process left without an end did not pass.
  const ended = started.filter(({ of, end }) => end !== null || broken.has(of));
  const others = [
    ...packages.flatMap((entry) => packageFailure(entry, ended, reading)),
    ...compileErrors(compiler, reading),
  ];
  const tests = [
    ...ended.map((entry) => outcomeOf(entry, reading)),
    ...others.map((failure) => ({ ...failure, outcome: 'failed' as const })),
  ];
  const causes = ended.filter((entry) => isCause(entry, ended));
  const failures = [...causes.map((entry) => failureOf(entry, reading)), ...others];
  const output = [...entries.values()].map((entry) => entry.output).join('\n');
  const count = (asked: TestOutcome['outcome']): number =>
    tests.filter(({ outcome }) => outcome === asked).length;
  return {
    ...emptyReport,
    complete: packages.length > 0 && packages.every(({ end }) => end !== null),
    passed: count('passed'),
    failed: failures.length,
    skipped: count('skipped'),
    files: filesRun(tests, reading.tests),
    tests,
    failures,
    broken: environmentFault(`${compiler}\n${output}`),
  };
}

function events(stdout: string): GoEvent[] {
  return stdout.split('\n').flatMap((line): GoEvent[] => {
    try {
      const parsed = eventSchema.safeParse(JSON.parse(line));
      return parsed.success ? [parsed.data] : [];
    } catch {
      return [];
    }
  });
}

function nameOf({ of, test }: Pick<Entry, 'of' | 'test'>): string {
  return `${of}.${test}`;
}

function outcomeOf(entry: Entry, reading: GoReading): TestOutcome {
  const { tests } = reading;
  const { of, test, end } = entry;
  const [top = ''] = test.split('/');
  const file = [...tests].find(([, one]) => one.of === of && one.names.includes(top))?.[0] ?? null;
  const outcome = end === 'pass' ? 'passed' : end === 'skip' ? 'skipped' : 'failed';
  const plain = { name: nameOf(entry), file, line: null, text: '', outcome } as const;
  if (outcome !== 'failed') return plain;
  const text = wordsOf(entry) || 'a test within it failed, or it came to no end';
  const place = placeIn(text, reading, of);
  return place.file === null ? { ...plain, text } : { ...plain, text, place };
}

/** Also one without an end, in a package that failed. */
function hasFailed({ end }: Entry): boolean {
  return end === 'fail' || end === null;
}

/** Whether a failure has something of its own to say: a test fails by its subtests too. */
function isCause(entry: Entry, all: readonly Entry[]): boolean {
  if (!hasFailed(entry)) return false;
  const inner = all.some(
    ({ of, test, end }) => end === 'fail' && of === entry.of && test.startsWith(`${entry.test}/`),
  );
  return !inner || wordsOf(entry) !== '';
}

function failureOf(entry: Entry, reading: GoReading): TestFailure {
  const text = wordsOf(entry);
  return { name: nameOf(entry), ...placeIn(text, reading, entry.of), text };
}

function wordsOf({ output }: Entry): string {
  const lines = output.split('\n').filter((line) => !/^(?:=== |--- FAIL)/.test(line.trim()));
  return lines.join('\n').trim();
}

/** A package that failed without a test that did, and not for its compiler, which speaks for itself. */
function packageFailure(
  { of, end, output }: Entry,
  tests: readonly Entry[],
  reading: GoReading,
): TestFailure[] {
  if (end !== 'fail' || tests.some((test) => test.of === of && hasFailed(test))) return [];
  if (/\[(?:build|setup) failed\]/.test(output)) return [];
  return [{ name: `package ${of}`, ...placeIn(output, reading, of), text: output }];
}

/** Files all of whose tests are in the report: one that left the package's process early is not. */
function filesRun(ran: readonly TestOutcome[], tests: GoTests): Set<string> {
  const names = new Set(ran.map(({ name }) => name));
  const whole = [...tests].filter(([, { of, names: own }]) =>
    own.filter(isTest).every((test) => names.has(nameOf({ of, test }))),
  );
  return new Set(whole.map(([file]) => file));
}

/** Examples without an expected output are compiled alone. */
function isTest(name: string): boolean {
  return name.startsWith('Test');
}

function placeIn(
  text: string,
  { project, folder, modules }: GoReading,
  of: string,
): { file: string | null; line: number | null } {
  for (const [, path = '', line = ''] of text.matchAll(/([\w./-]+\.go):(\d+)/g)) {
    const bare = path.replace(/^\.\//, '');
    // Tests name their file without its folder, the compiler by where it was started.
    const near = modules.map((module) =>
      posix.join(module.folder, posix.relative(`/${module.path}`, `/${of}`), bare),
    );
    near.push(posix.join(folder, bare));
    const file =
      near.find((one) => project.files.has(one)) ??
      [...project.files].find((one) => one.endsWith(`/${bare}`));
    if (file !== undefined) return { file, line: Number(line) };
  }
  return { file: null, line: null };
}

function compileErrors(text: string, reading: GoReading): TestFailure[] {
  return text
    .split(/^# /m)
    .slice(1)
    .flatMap((block) => {
      const [head = '', ...lines] = block.split('\n');
      const words = lines.join('\n').trim();
      const of = head.split(' ')[0] ?? '';
      return words === ''
        ? []
        : [{ name: `compiling ${head}`, ...placeIn(words, reading, of), text: words }];
    });
}

function environmentFault(text: string): string | null {
  const fault =
    /.*(?:module lookup disabled by GOPROXY=off|cannot find GOROOT|requires go >= \S+ \(running go|invalid go version).*/.exec(
      text,
    );
  return fault === null ? null : fault[0].trim();
}
