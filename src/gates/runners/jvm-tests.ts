import { posix } from 'node:path';
import { pathsEnding } from '../../files/by-ending.ts';
import type { SandboxRun } from '../../sandbox/sandbox.ts';
import { junitReader } from './junit-report.ts';
import { isBelow } from '../../files/slash-paths.ts';
import { baseName } from '../../files/slash-paths.ts';
import {
  filesWith,
  joinedReports,
  relativeFrom,
  reportOf,
  type TestOutcome,
  type TestReport,
} from './runner.ts';
import type { ProjectView } from '../../files/project-view.ts';

const sourceEndings = ['java', 'kt', 'kts', 'groovy', 'scala'];
const source = /\.(?:java|kt|kts|groovy|scala)$/;
/** What makes a test, in JUnit, TestNG, Spock, Kotest and ScalaTest. */
const annotated =
  /^\s*@(?:\w+\.)*(?:Test|ParameterizedTest|RepeatedTest|TestFactory|Property|Theory)\b/m;
const inherited =
  /\b(?:extends|:)\s+(?:\w+\.)*(?:Specification|TestCase|\w+Spec|AnyFunSuite|FunSuite)\b/;

/** Files of the JVM's languages that have tests, below a folder of tests as builds have it. */
export async function jvmTests(project: ProjectView): Promise<string[]> {
  const named = pathsEnding(project.files, sourceEndings).filter((path) =>
    /(?:^|\/)(?:src\/\w*[tT]est\w*|tests?)\//.test(path),
  );
  const found = await Promise.all(
    [annotated, inherited].map((pattern) => filesWith(project, named, pattern)),
  );
  return [...new Set(found.flat())].sort();
}

/** Of those the classes that every tool takes by their names, with annotations of their own. */
export async function namedTests(
  project: ProjectView,
  tests: readonly string[],
): Promise<string[]> {
  const named = tests.filter((path) =>
    /^(?:Test\w*|\w+Tests?|\w+TestCase)\.(?:java|kt|groovy)$/.test(baseName(path)),
  );
  const annotatedOnes = await filesWith(project, named, annotated);
  const left = await filesWith(
    project,
    annotatedOnes,
    /\babstract class\b|^\s*@(?:\w+\.)*(?:Tag|Category|Disabled|Enabled\w+|Ignore)\b/m,
  );
  return annotatedOnes.filter((path) => !left.includes(path));
}

/** A reader of what JUnit's runs below a folder report, and of what a compiler printed. */
export async function jvmReader(
  project: ProjectView,
  folder: string,
): Promise<(run: SandboxRun, texts: readonly string[]) => TestReport> {
  const files = pathsEnding(project.files, sourceEndings).filter((path) => isBelow(path, folder));
  const read = await junitReader({
    fileOf: ({ className }) => fileOfClass(className, files),
    nameOf: ({ className, name }) => `${className}.${name}`,
    foreign:
      /^\s+at (?:[\w.-]+@?[\w.-]*\/)?(?:java|jdk|sun|javax|org\.junit|org\.opentest4j|org\.testng|org\.apache\.maven|org\.gradle|org\.hamcrest|org\.assertj|kotlin|groovy|org\.codehaus\.groovy|worker\.org\.gradle)\./,
  });
  const place = relativeFrom(project, folder);
  return (run, texts) => {
    const output = `${run.stdout}\n${run.stderr}`;
    const faults = compileFaults(output, place);
    const joined = joinedReports([read(texts), reportOf(faults, { complete: true })]);
    const fault = environmentFault(output);
    return { ...joined, complete: joined.complete && !cutOff.test(output), broken: fault };
  };
}

/** The process of the tests ended without a word. */
const cutOff = /The forked VM terminated without|Process '.*' finished with non-zero exit value/;

/** By the package and the outermost class; else by the class alone, where one file is called so. */
export function fileOfClass(className: string, files: readonly string[]): string | null {
  const outer = className
    .replace(/[$(].*$/s, '')
    .trim()
    .replaceAll('.', '/');
  if (outer === '') return null;
  const find = (end: string): string[] =>
    files.filter((path) => `/${path}`.replace(source, '').endsWith(`/${end}`));
  const exact = find(outer);
  if (exact.length > 0) return exact[0] ?? null;
  const loose = find(posix.basename(outer));
  return loose.length === 1 ? (loose[0] ?? null) : null;
}

/** What javac, kotlinc and groovyc say, by themselves or through Maven. */
const compilers: readonly RegExp[] = [
  /^\[ERROR\] (\S+\.(?:java|kt|groovy|scala)):\[?(\d+)[,:]\d+\]? (.+)$/gm,
  /^(\S+\.java):(\d+): error: (.+)$/gm,
  /^e: (?:file:\/\/)?(\S+\.kts?):(\d+):\d+:? (.+)$/gm,
];

function compileFaults(output: string, place: (path: string) => string | null): TestOutcome[] {
  const found = new Map<string, TestOutcome>();
  for (const pattern of compilers)
    for (const [whole, path = '', line, text = ''] of output.matchAll(pattern)) {
      const file = place(path);
      if (file === null) continue;
      const fault = {
        outcome: 'failed',
        name: 'compiling',
        file,
        line: Number(line),
        text,
      } as const;
      found.set(whole, fault);
    }
  return [...found.values()];
}

/** Packages that are not there, without a network: no word on the work. */
function environmentFault(output: string): string | null {
  const fault =
    /Cannot access .* in offline mode and the artifact .*? has not been downloaded|Could not resolve .*|No cached version of .* available for offline mode|Unsupported class file major version \d+|invalid (?:target|source) release: \S+/.exec(
      output,
    );
  return fault === null ? null : fault[0];
}
