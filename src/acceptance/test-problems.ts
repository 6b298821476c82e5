import { posix } from 'node:path';
import { namesCriterion } from '../domain/criteria.ts';
import { pathProblem } from '../domain/safe-path.ts';
import type { Task } from '../domain/task.ts';
import { toSingleLine } from '../domain/text.ts';
import type { TriedFile, TriedTest } from '../gates/gate.ts';

/** Why a test cannot hold its criterion, for the model that wrote it. */
export interface TestProblem {
  readonly criterion: string;
  readonly problem: string;
}

/** A test as a model wrote it. */
export interface WrittenTest {
  readonly criterion: string;
  readonly path: string;
  readonly content: string;
}

/** What is wrong with a test's place, before it is run; null for nothing. */
export function placeProblem(
  { criterion, path, content }: WrittenTest,
  isThere: boolean,
): string | null {
  const unsafe = pathProblem(path);
  if (unsafe !== null) return `the path ${toSingleLine(path, 120)} ${unsafe}`;
  if (isThere) return `${path} is there already: give the test a file of its own`;
  if (!namesCriterion(posix.basename(path), criterion))
    return `the name of the file ${path} does not hold ${criterion}, as ${exampleName(criterion, path)}`;
  if (!namesCriterion(content, criterion))
    return `no test in ${path} has a name that begins with ${criterion}`;
  const [unrun] = unrunTest.exec(content) ?? [];
  if (unrun !== undefined)
    return `${path} leaves a test out, or ends the run (${unrun.trim()}): what is not run holds nothing`;
  return null;
}

/** Where a file cannot be loaded yet no run shows that its tests would not be run. */
const unrunTest =
  /^\s*(?:(?:test|it|describe|suite)\.(?:skip|todo)\s*\(|x(?:it|describe|test)\s*\(|@(?:pytest\.mark|unittest)\.skip\b|#\[ignore\b|@(?:Disabled|Ignore)\b|t\.Skip(?:f|Now)?\()|^(?:process\.exit|sys\.exit|os\._exit|pytest\.skip)\s*\(/m;

function exampleName(criterion: string, path: string): string {
  const words = criterion.toLowerCase().replace(/[^a-z0-9]+/g, '_');
  return /\.(?:py|go|rs|rb)$/.test(path) ? `test_${words}` : words.replaceAll('_', '-');
}

/**
 * What is wrong with a test that was run on the project as it is: there it has to fail, in each run alike, for
 * what is still to be written. Null for nothing.
 * @param uses what the verifier said that its tests rely on.
 */
export function baseProblem(
  { problem, tests }: TriedFile,
  task: Pick<Task, 'files'>,
  uses: readonly string[],
): string | null {
  if (problem !== null) {
    const isMissing = problem.kind === 'not_loaded' && isStillToCome(problem.text, task, uses);
    return isMissing ? null : `${problemWords[problem.kind]}: ${toSingleLine(problem.text, 600)}`;
  }
  const ran = tests.filter(({ outcome }) => outcome !== 'skipped');
  if (ran.length === 0) return 'all of its tests are skipped';
  const unsteady = tests.filter(({ differs }) => differs);
  if (unsteady.length > 0)
    return `it comes out otherwise from run to run, by order, time or chance: ${names(unsteady)}`;
  const failed = ran.filter(({ outcome }) => outcome === 'failed');
  if (failed.length === 0)
    return 'it passes already on the project as it is, so it shows nothing of the work';
  const remote = failed.filter(({ text }) => network.test(text));
  if (remote.length > 0) return `it needs a network, and there is none: ${names(remote)}`;
  return null;
}

/** How a test failed, in the first line that says so. */
export function failureWords({ problem, tests }: TriedFile): string {
  const failed = tests.find(({ outcome }) => outcome === 'failed');
  const lines = (problem?.text ?? failed?.text ?? '').split('\n').map((line) => line.trim());
  return toSingleLine(lines.find((line) => line !== '') ?? '', 200);
}

const problemWords = {
  syntax: 'it cannot be parsed',
  no_runner: 'no runner of the project takes it',
  not_loaded: 'it cannot be loaded, and not for want of what the task is to write',
  endless: 'it does not end',
  silent: 'none of its tests was reported',
  writes: 'it changes files of the project',
} as const;

const network =
  /\b(?:ENOTFOUND|EAI_AGAIN|ENETUNREACH|getaddrinfo|Network is unreachable|Temporary failure in name resolution|no such host|Could not resolve host|UnknownHostException)\b/;

function names(tests: readonly TriedTest[]): string {
  return tests
    .slice(0, 3)
    .map(({ name, text }) => `${toSingleLine(name, 100)} (${toSingleLine(text, 200)})`)
    .join('; ');
}

/** What loaders and compilers say where a name, or a module, is not there. */
const missingName =
  /does not provide an export named|is not exported|has no exported member|cannot import name|has no attribute|No module named|Cannot find module|ERR_MODULE_NOT_FOUND|Failed to (?:load|resolve)|Does the file exist|undefined:|undefined reference|is not defined|not declared by package|unresolved import|cannot find (?:symbol|function|type|value|struct|crate|module)|no required module provides|is not in std|package .* does not exist|cannot load such file|Undefined (?:function|class)/i;

/** Whether a file could not be loaded for want of what the task is to write. */
function isStillToCome(
  text: string,
  { files }: Pick<Task, 'files'>,
  uses: readonly string[],
): boolean {
  if (!missingName.test(text)) return false;
  const stems = [...files, ...uses.flatMap((line) => line.match(pathLike) ?? [])].map((path) =>
    posix.basename(path).replace(/\..*$/, ''),
  );
  const used = uses.flatMap((line) => line.replace(pathLike, '').match(name) ?? []).map(lastOf);
  const known = [...stems, ...used].filter((word) => word.length > 1 && !ofLanguages.has(word));
  return known.length === 0 || known.some((word) => hasWord(text, word));
}

const pathLike = /[\w@.-]*(?:\/[\w@.[\]-]+)+/g;
/** One that stands in modules, packages or classes as well: `acme.times.parse`, `crate::parse`. */
const name = /[A-Za-z_$][\w$]*(?:(?:\.|::)[A-Za-z_$][\w$]*)*/g;

/** Without what it stands in, which may be there already. */
function lastOf(dotted: string): string {
  return dotted.split(/\.|::/).at(-1) ?? '';
}

/** Words of languages, by which no name is known. */
const ofLanguages = new Set(
  'export exports default async function class def func const let var type interface struct enum trait pub mod module package import from return returns static public final new string str number int float bool boolean void null undefined object list dict'.split(
    ' ',
  ),
);

function hasWord(text: string, word: string): boolean {
  const at = new RegExp(`(?<![\\w$])${word.replace(/\W/g, '\\$&')}(?![\\w$])`);
  return at.test(text);
}
