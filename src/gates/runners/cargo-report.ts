import { posix } from 'node:path';
import { isBelow } from '../../files/slash-paths.ts';
import {
  emptyReport,
  relativeFrom,
  type TestFailure,
  type TestOutcome,
  type TestReport,
} from './runner.ts';
import type { ProjectView } from '../../files/project-view.ts';

export interface CargoReading {
  readonly project: ProjectView;
  /** Where cargo was run. */
  readonly folder: string;
  /** Whether a target is its own harness: such a one tells by its exit code alone. */
  readonly ownHarness: boolean;
}

/**
 * Reads what cargo and libtest print, in one stream: there is no stable machine-readable form of it.
 * Tests of several crates may have one name, so each has its crate before its own.
 */
export function readCargo(output: string, reading: CargoReading): TestReport {
  const place = relativeFrom(reading.project, reading.folder);
  const [build = '', ...groups] = `\n${output}`.split(groupStart);
  const targets = groupTargets(groups, reading);
  const read = targets.map((target) => readTarget(target, place));
  const sum = (of: (one: TargetReport) => number): number =>
    read.reduce((total, one) => total + of(one), 0);
  const notCompiled = compileErrors(build, place);
  const tests = read.flatMap((one) => one.tests);
  const total = sum(({ passed, failed, skipped }) => passed + failed + skipped);
  return {
    ...emptyReport,
    // What ends the process in the midst of its tests leaves out its result, or some of it.
    complete: read.length > 0 && read.every(({ complete }) => complete),
    passed: sum(({ passed }) => passed),
    failed: sum(({ failed }) => failed),
    skipped: sum(({ skipped }) => skipped),
    files: null,
    tests:
      tests.length === total
        ? [...tests, ...notCompiled.map((failure) => ({ ...failure, outcome: 'failed' as const }))]
        : null,
    failures: [...read.flatMap(({ failures }) => failures), ...notCompiled],
    broken: environmentFault(build),
  };
}

const groupStart = /^(?= +(?:Running (?:unittests )?\S+(?: \(.+\))?|Doc-tests \S+)$)/m;
const groupHead = /^ +(?:Running (?:unittests )?(\S+)(?: \((\S+)\))?|Doc-tests (\S+))\n?([^]*)$/;

/** What cargo runs as one program, and all doc tests of one crate. */
interface Target {
  /** Stands before the names of its tests, and belongs to no other. */
  readonly name: string;
  readonly doc: boolean;
  readonly file: string | null;
  readonly text: string;
  readonly ownHarness: boolean;
}

function groupTargets(groups: readonly string[], reading: CargoReading): Target[] {
  const seen = new Map<string, number>();
  return groups.map((group) => {
    const [, path = '', program = path, documented, text = ''] = groupHead.exec(group) ?? [];
    const doc = documented !== undefined;
    const bare = documented ?? posix.basename(program).replace(/-[0-9a-f]+(?:\.exe)?$/, '');
    const key = doc ? `${bare} doc` : bare;
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    const file = path.startsWith('tests/') ? onlyFile(path, reading) : null;
    const name = count === 1 ? key : `${key} (${count})`;
    return { name, doc, file, text, ownHarness: reading.ownHarness };
  });
}

/** Cargo names files by their package, and does not say which that is. */
function onlyFile(path: string, { project, folder }: CargoReading): string | null {
  const found = [...project.files].filter(
    (file) => isBelow(file, folder) && `/${file}`.endsWith(`/${path}`),
  );
  return found.length === 1 ? (found[0] ?? null) : null;
}

interface TargetReport {
  readonly complete: boolean;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly tests: readonly TestOutcome[];
  readonly failures: readonly TestFailure[];
}

function readTarget(target: Target, place: Place): TargetReport {
  const { text } = target;
  const announced = [...text.matchAll(/^running (\d+) tests?$/gm)];
  const ended = [
    ...text.matchAll(/^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored;/gm),
  ];
  if (announced.length === 0 && !target.doc) return readOwnHarness(target);
  const sum = (matches: readonly RegExpMatchArray[], column: number): number =>
    matches.reduce((total, match) => total + Number(match[column] ?? 0), 0);
  const [passed, failed, skipped] = [sum(ended, 1), sum(ended, 2), sum(ended, 3)];
  const failures = failuresIn(target, place);
  return {
    complete: announced.length === ended.length && sum(announced, 1) === passed + failed + skipped,
    passed,
    failed,
    skipped,
    failures,
    tests: outcomesIn(target, place).map((test) => {
      const failure = failures.find(({ name }) => name === test.name);
      if (failure === undefined) return test;
      const { file, line, text: words } = failure;
      return file === null
        ? { ...test, text: words }
        : { ...test, text: words, place: { file, line } };
    }),
  };
}

function readOwnHarness({ name, file, text, ownHarness }: Target): TargetReport {
  const failed = text.includes('error: test failed, to rerun pass');
  const test = { name, file, line: null, text: failed ? text.trim() : '' };
  return {
    complete: ownHarness,
    passed: failed ? 0 : 1,
    failed: failed ? 1 : 0,
    skipped: 0,
    tests: [{ ...test, outcome: failed ? 'failed' : 'passed' }],
    failures: failed ? [test] : [],
  };
}

const outcomeWord = /(ok|FAILED|(?<=^|\s)ignored)(?:,.*)?$/;
const words = { ok: 'passed', FAILED: 'failed', ignored: 'skipped' } as const;

function outcomesIn(target: Target, place: Place): TestOutcome[] {
  const found: (readonly [string, TestOutcome['outcome']])[] = [];
  let open: string | null = null;
  for (const line of target.text.split('\n')) {
    // With one thread the name stands before what the test printed, and its outcome behind that.
    const begun = /^test (.+?) \.\.\. ?(.*)$/.exec(line);
    const name: string | null = begun?.[1] ?? open;
    if (name === null) continue;
    const word = outcomeWord.exec(begun?.[2] ?? line)?.[1];
    open = word === undefined ? name : null;
    if (word !== undefined) found.push([name, words[word as keyof typeof words]]);
  }
  const names = target.doc ? docNames(found.map(([name]) => name)) : null;
  return found.map(([name, outcome]) => ({
    name: `${target.name}::${names?.get(name) ?? name}`,
    file: target.doc ? place(name.split(' - ')[0] ?? '') : target.file,
    line: null,
    text: '',
    outcome,
  }));
}

/** Names of doc tests without their lines, which move with the code; numbered where one item has several. */
function docNames(names: readonly string[]): Map<string, string> {
  const line = (name: string): number => Number(/ \(line (\d+)\)/.exec(name)?.[1] ?? 0);
  const seen = new Map<string, number>();
  const plain = [...names]
    .sort((a, b) => line(a) - line(b))
    .map((name) => {
      const bare = name.replace(/ \(line \d+\)/, '');
      const count = (seen.get(bare) ?? 0) + 1;
      seen.set(bare, count);
      return [name, count === 1 ? bare : `${bare} (${count})`] as const;
    });
  return new Map(plain);
}

function failuresIn(target: Target, place: Place): TestFailure[] {
  const sections = [
    ...target.text.matchAll(/^---- (.+?) stdout ----\n([\s\S]*?)(?=^---- |^failures:$)/gm),
  ];
  const names = target.doc ? docNames(outcomeNames(target.text)) : null;
  return sections.map(([, name = '', text = '']) => {
    const at = /panicked at (?:'[\s\S]*?', )?([^\s:]+\.rs):(\d+)/.exec(text);
    return {
      name: `${target.name}::${names?.get(name) ?? name}`,
      file: at === null ? null : place(at[1] ?? ''),
      line: at === null ? null : Number(at[2]),
      // The thread's number differs from run to run.
      text: assertionFirst(text.replace(/^thread '(.+?)' \(\d+\) /gm, "thread '$1' ").trim()),
    };
  });
}

function outcomeNames(text: string): string[] {
  return [...text.matchAll(/^test (.+?) \.\.\. /gm)].map(([, name = '']) => name);
}

function assertionFirst(text: string): string {
  const lines = text.split('\n').filter((line) => !line.startsWith('note: run with `RUST_'));
  const at = lines.findIndex((line) => /^thread '.*' panicked at /.test(line));
  if (at === -1 || at === lines.length - 1) return text;
  const [printed, head, words] = [lines.slice(0, at), lines.slice(at, at + 1), lines.slice(at + 1)];
  return [...words, ...head, ...printed].join('\n').trim();
}

/** Packages that are not there, without a network: no word on the work. */
function environmentFault(build: string): string | null {
  const fault =
    /^error: (?:no matching package named .*|failed to (?:get|download|load source for dependency) .*|linker `.*` not found|rustup could not choose .*)$/m.exec(
      build,
    );
  return fault === null ? null : fault[0].replace(/^error: /, '');
}

function compileErrors(build: string, place: Place): TestFailure[] {
  const blocks = build.split(/\n\n+/).filter((block) => /^error(?:\[\w+\])?: /m.test(block));
  return blocks.flatMap((block) => {
    const at = /^\s*--> (.+?):(\d+):\d+$/m.exec(block);
    if (at === null) return [];
    return [
      {
        name: 'compiling',
        file: place(at[1] ?? ''),
        line: Number(at[2]),
        text: block.slice(block.search(/^error(?:\[|:)/m)).trim(),
      },
    ];
  });
}

/** The file of the project that a path of the output is. */
type Place = (path: string) => string | null;
