import { folderOf, innermost } from '../../files/slash-paths.ts';
import { baseName } from '../../files/slash-paths.ts';
import { checkerFor } from '../../syntax/languages.ts';
import { testLanguage } from '../protect/protected-path.ts';
import type { FoundRunners } from '../runners/detect.ts';
import type { RunnerMissing, RunnerPlan } from '../runners/runner.ts';

export interface Picked {
  readonly plan: RunnerPlan | RunnerMissing;
  readonly files: readonly string[];
}

/** Which runner takes each file: of its kind, and of the package that it is in. Files that none takes are left. */
export function pickRunners(
  found: readonly FoundRunners[],
  files: readonly string[],
): { readonly picked: readonly Picked[]; readonly left: readonly string[] } {
  const byPlan = new Map<Picked['plan'], string[]>();
  const left: string[] = [];
  for (const path of files) {
    const plan = planFor(path, found);
    if (plan === null) left.push(path);
    else byPlan.set(plan, [...(byPlan.get(plan) ?? []), path]);
  }
  return { picked: [...byPlan].map(([plan, of]) => ({ plan, files: of })), left };
}

function planFor(path: string, found: readonly FoundRunners[]): Picked['plan'] | null {
  const plans = found.filter(({ takes }) => takes.test(path)).flatMap((one) => one.plans);
  const knowing = plans.find((plan) => 'expected' in plan && plan.expected.includes(path));
  if (knowing !== undefined) return knowing;
  const folder = innermost(path, plans.map(folderOfPlan));
  return plans.find((plan) => folderOfPlan(plan) === folder) ?? null;
}

/**
 * Whether a test is of a language that some files, a project's and a task's, have; of any where they have none: a
 * language that is installed on this machine is not for that the project's.
 */
export function ofLanguages(files: readonly string[]): (path: string) => boolean {
  const endings = new Set(files.filter(isCode).map(languageOf));
  return (path) => endings.size === 0 || endings.has(languageOf(path));
}

/** Files of these are tested by each other. */
const related: readonly (readonly [RegExp, string])[] = [
  [/^[cm]?[jt]sx?$|^vue$/, 'javascript'],
  [/^(?:java|kts?|groovy|scala)$/, 'jvm'],
  [/^pyi?$/, 'python'],
  [/^(?:cs|fs|vb)$/, 'dotnet'],
];

function isCode(path: string): boolean {
  return checkerFor(path)?.kind === 'code' || languageOf(path) === 'jvm';
}

function languageOf(path: string): string {
  const ending = /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
  return related.find(([pattern]) => pattern.test(ending))?.[1] ?? ending;
}

function folderOfPlan(plan: Picked['plan']): string {
  return 'folder' in plan ? plan.folder : '';
}

const mostExamples = 5;

/** Tests that are there, those first that are of the language of some files and stand nearest to them. */
export function nearestTests(project: Iterable<string>, near: readonly string[]): string[] {
  const endings = new Set(near.map(languageOf));
  const names = new Set(near.map(stemOf));
  const rank = (path: string): number =>
    (endings.has(languageOf(path)) ? 100 : 0) +
    (names.has(stemOf(path)) ? 50 : 0) +
    Math.max(0, ...near.map((one) => sharedFolders(one, path)));
  return [...project]
    .filter((path) => testLanguage(path) !== null && isTestFile(path))
    .map((path) => [rank(path), path] as const)
    .sort(([a, one], [b, other]) => b - a || (one < other ? -1 : 1))
    .slice(0, mostExamples)
    .map(([, path]) => path);
}

/** What stands in a folder of tests is not always one: data, helpers. */
export function isTestFile(path: string): boolean {
  return testFile.test(path);
}

const testFile =
  /(?:^|\/)(?:test_[^/]*|[^/]*[._-](?:test|spec|tests)|[^/]*(?:Tests?|Spec)|test)\.\w+$|(?:^|\/)tests?\/[^/]*\.(?:rs|[cm]?js|ts)$/;

function stemOf(path: string): string {
  return baseName(path)
    .replace(/\..*$/, '')
    .replace(/^test[_-]|[_-]tests?$|Tests?$/g, '')
    .toLowerCase();
}

function sharedFolders(one: string, other: string): number {
  const [a, b] = [folderOf(one).split('/'), folderOf(other).split('/')];
  let shared = 0;
  while (shared < a.length && a[shared] === b[shared]) shared += 1;
  return shared;
}

/** Whether a text has tests as most languages write them; other files are there for these to stand on. */
export function hasTests(text: string): boolean {
  return testCall.test(text);
}

const testCall =
  /(?:^|[^\w.])(?:test|it|describe|suite|specify)(?:\.\w+)*\s*[(`'"]|^\s*(?:async )?def test|#\[(?:\w+::)*test\b|^func Test|@(?:\w+\.)*(?:Test|ParameterizedTest)\b|\[(?:Fact|Theory|Test|TestMethod)\b|function test\w*\s*\(/m;
