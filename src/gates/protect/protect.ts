import { posix } from 'node:path';
import type { FileChanges } from '../../domain/bundle.ts';
import type { Finding } from '../../domain/review.ts';
import { foldersAbove, pathKey } from '../../domain/safe-path.ts';
import { toSingleLine } from '../../domain/text.ts';
import { blocker } from '../verdict.ts';
import { hiddenBy } from './hidden-tests.ts';
import { lostRustTests } from './inline-tests.ts';
import {
  isCheckerConfig,
  protectedPath,
  testLanguage,
  type Ecosystem,
  type Protected,
} from './protected-path.ts';
import { sectionsOf } from './sections.ts';

export interface ProtectInput {
  readonly changes: FileChanges;
  /** Paths of the project as it was before the task. */
  readonly before: ReadonlySet<string>;
  readonly base: (path: string) => Promise<string | null>;
  /** Files that the task says it creates or changes: these may change, tests or not. */
  readonly declared: readonly string[];
  /** Tests that were fixed for this task before its author began: nobody may change them. */
  readonly frozen: ReadonlyMap<string, string>;
  /** What the check runs; files that a command names decide how it works. */
  readonly check: 'tests' | 'commands';
  readonly commands: readonly string[];
  readonly signal?: AbortSignal;
}

export interface Safeguarded {
  /** What is to be written over the project as it was before the task. */
  readonly changes: FileChanges;
  readonly findings: readonly Finding[];
}

/**
 * The work without what would sway its own check. What was there before the task stays as it was, what is
 * new and would change how the tests of before are run is left out, and each is a finding that blocks. A
 * file that the task itself names is its to change.
 */
export async function safeguard(input: ProtectInput): Promise<Safeguarded> {
  const kept = new Map<string, string | null>();
  const findings: Finding[] = [];
  const judge = await judgeFor(input);
  for (const [path, content] of input.changes) {
    const judged = await judge(path, content);
    // What would sway the tests is reported by the gate that runs them, and not twice.
    const isOwn = input.check === 'tests' || protectedPath(path) === null;
    if (judged.finding !== null && isOwn) findings.push(judged.finding);
    if (judged.content !== undefined) kept.set(path, judged.content);
  }
  for (const [path, content] of input.frozen) kept.set(path, content);
  for (const [path, content] of kept) {
    const stands = content === null ? undefined : inItsPlace(path, kept, input);
    if (stands === undefined) continue;
    kept.delete(path);
    const evidence = `${stands}, which is there, would have to give way to this file; it was left out`;
    findings.push(problem(path, evidence, 'Write it to another place.'));
  }
  return { changes: kept, findings };
}

/** A file that was put back, or stays, where a path needs a folder, or below it. */
function inItsPlace(
  path: string,
  kept: FileChanges,
  { before, frozen }: ProtectInput,
): string | undefined {
  const stays = (file: string): boolean =>
    frozen.has(file) || (before.has(file) && kept.get(file) !== null);
  if (before.has(path)) return undefined;
  return (
    foldersAbove(path).find(stays) ??
    [...before, ...frozen.keys()].find((file) => file.startsWith(`${path}/`) && stays(file))
  );
}

/** `content` is what to write; undefined: nothing, the file stays as it was. */
interface Judged {
  readonly content: string | null | undefined;
  readonly finding: Finding | null;
}

async function judgeFor(input: ProtectInput) {
  const { before, base, frozen } = input;
  const declared = new Set(input.declared.map(pathKey));
  const frozenPaths = new Map([...frozen.keys()].map((path) => [pathKey(path), path] as const));
  let tested: ReadonlySet<Ecosystem> | null = null;
  const { scripts, texts } = await reachedScripts(input);
  const named = await namedFiles(input, texts);
  const makes = texts.some((text) => /\bmake\b/.test(text));
  const matters = (part: string): boolean =>
    input.check === 'tests' || scripts.has(part.replace(/^scripts\./, ''));
  const sways = (of: Ecosystem): boolean => {
    tested ??= testedLanguages(before);
    return of === 'any' ? tested.size > 0 : tested.has(of);
  };

  return async (path: string, content: string | null): Promise<Judged> => {
    const asIs: Judged = { content, finding: null };
    const existed = before.has(path);
    const fixed = frozenPaths.get(pathKey(path));
    if (fixed !== undefined) {
      if (path === fixed && content === frozen.get(path)) return asIs;
      // Whoever wrote it may never have seen the test.
      const finding = existed ? tampering(path, 'was fixed for this task', content) : taken(path);
      return { content: undefined, finding };
    }
    if (declared.has(pathKey(path)) && protectedPath(path)?.kind !== 'hijack') return asIs;

    const isMakefile = makefile.test(path);
    const isNamed = named.has(path) || (makes && isMakefile);
    const sections = isNamed && isMakefile ? null : sectionsOf(path, [...scripts]);
    if (sections !== null) {
      const old = existed ? await base(path) : null;
      const restored = await sections.restore(old, content ?? '', sways(sections.of));
      // What cannot be read, or is gone, has none of its parts.
      if (restored === null || content === null) {
        const isOf = sways(sections.of) || (restored?.changed.length ?? 0) > 0;
        if (!existed || !isOf || input.check !== 'tests') return asIs;
        return { content: undefined, finding: tampering(path, wasThere(wholeConfig), content) };
      } else
        return restored.changed.length === 0
          ? asIs
          : { content: restored.content, finding: swayed(path, restored.changed.filter(matters)) };
    }
    if (posix.basename(path) === '.gitignore' && content !== null) {
      const tests = [...before].filter((file) => testLanguage(file) !== null);
      const hidden = hiddenBy(path, existed ? ((await base(path)) ?? '') : '', content, tests);
      if (hidden.length > 0) return { content: undefined, finding: hides(path, hidden) };
    }
    const found = isNamed ? wholeConfig : whatItIs(path, input.check, existed);
    if (found === null) return lostTests(path, content, existed, input, asIs);
    // Where no test ran, its settings swayed none.
    if (found.kind === 'config' && !isNamed && !sways(found.of) && !isCheckerConfig(path))
      return asIs;
    if (existed) {
      if (content === (await base(path))) return asIs;
      return { content: undefined, finding: tampering(path, wasThere(found), content) };
    }
    const added = addedProblem(path, content, found, sways);
    return added === null ? asIs : { content: undefined, finding: added };
  };
}

const wholeConfig: Protected = { kind: 'config', of: 'any' };

function whatItIs(path: string, check: ProtectInput['check'], existed: boolean): Protected | null {
  const found = protectedPath(path);
  // New settings of a linter can only be those of a project that had none.
  if (found === null && check === 'commands' && existed && isCheckerConfig(path))
    return wholeConfig;
  return found;
}

function wasThere({ kind }: Protected): string {
  if (kind === 'test') return 'was among the tests before this task';
  return 'decides how the tests are run and was there before this task';
}

/** Why a new file may not take part; null when it may. */
function addedProblem(
  path: string,
  content: string | null,
  { kind, of }: Protected,
  sways: (of: Ecosystem) => boolean,
): Finding | null {
  if (content === null) return null;
  if (kind === 'hijack') {
    const evidence = 'this file would be loaded into the test runner, or in its place';
    return problem(path, `${evidence}; it was left out`, 'Leave it out.');
  }
  const bringsMain = of === 'go' && /^func TestMain\(/m.test(content);
  if ((kind !== 'config' && !bringsMain) || !sways(of)) return null;
  const evidence = 'this file is new and would change how the tests of before are run';
  const fix = 'Leave it out, or have the task name it among its files.';
  return problem(path, `${evidence}; it was left out`, fix);
}

async function lostTests(
  path: string,
  content: string | null,
  existed: boolean,
  { base, signal }: ProtectInput,
  asIs: Judged,
): Promise<Judged> {
  if (content === null || !path.endsWith('.rs')) return asIs;
  const old = existed ? ((await base(path)) ?? '') : '';
  if (ownAssertion.test(content) && !ownAssertion.test(old)) {
    const evidence = 'the file defines a macro of the name of one that tests assert by';
    return { content, finding: problem(path, evidence, 'Give it another name.') };
  }
  if (!existed) return asIs;
  const lost = await lostRustTests(old, content, signal);
  if (lost.length === 0) return asIs;
  const evidence = `the file no longer has its tests ${toSingleLine(lost.join(', '), 200)}`;
  return { content, finding: problem(path, evidence, 'Put them back as they were.') };
}

/** Below it in its crate, tests that stand beside the code mean this one. */
const ownAssertion =
  /\bmacro_rules!\s*(?:(?:debug_)?assert(?:_eq|_ne|_matches)?|panic|matches|unreachable)\b/;

function testedLanguages(before: ReadonlySet<string>): Set<Ecosystem> {
  const tested = new Set<Ecosystem>();
  for (const path of before) {
    const of = testLanguage(path);
    if (of !== null) tested.add(of);
    // Rust keeps most tests in the files that they test.
    if (path.endsWith('.rs')) tested.add('rust');
  }
  return tested;
}

/** `make` reads the first of them that is there. */
const makefile = /(?:^|\/)(?:GNUm|m|M)akefile$/;

/**
 * Scripts of package.json that the check runs, one from another, and the texts of all commands that are
 * known: the user's, and those of scripts.
 */
async function reachedScripts({ before, base, commands, check }: ProtectInput) {
  const all: [string, string][] = [];
  for (const path of before) {
    if (!/(?:^|\/)package\.json$/.test(path) || path.includes('node_modules/')) continue;
    all.push(...scriptsIn((await base(path)) ?? ''));
  }
  const scripts = new Set<string>();
  const texts = [...commands];
  if (check === 'tests' && commands.length === 0) texts.push('npm test');
  const known = new Set<[string, string]>();
  // It grows while it is read.
  for (const text of texts)
    for (const entry of all) {
      const [name, script] = entry;
      const [, main = name] = /^(?:pre|post)(.+)$/.exec(name) ?? [];
      const words = text.split(/[^\w:.-]+/);
      if (known.has(entry) || !(words.includes(name) || words.includes(main))) continue;
      known.add(entry);
      for (const reached of [name, `pre${main}`, `post${main}`]) scripts.add(reached);
      texts.push(script);
    }
  return { scripts, texts };
}

function scriptsIn(manifest: string): [string, string][] {
  try {
    const { scripts } = JSON.parse(manifest.replace(/^\ufeff/, '')) as { scripts?: unknown };
    return Object.entries(scripts ?? {}).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    );
  } catch {
    return [];
  }
}

/** Files of before that a command runs, or that the runner's settings of before load into it. */
async function namedFiles(
  { before, base }: ProtectInput,
  texts: readonly string[],
): Promise<Set<string>> {
  const named = texts
    .flatMap(pathsIn)
    // The code under test may be named there too; scripts are what decides.
    .filter((path) => /\.(?:sh|bash|mk)$|^(?:scripts|ci|tools|bin)\//.test(path));
  for (const text of texts)
    for (const [, path = ''] of text.matchAll(startedFile))
      if (!/^(?:src|lib|dist|build)\//.test(path)) named.push(path);
  if (texts.some((text) => /\bmake\b/.test(text)))
    for (const path of before)
      if (makefile.test(path))
        for (const [, names = ''] of ((await base(path)) ?? '').matchAll(
          /^\s*-?s?include\s+(.+)$/gm,
        ))
          named.push(...pathsIn(names).map((name) => posix.join(posix.dirname(path), name)));
  for (const path of before)
    if (settings.test(path))
      for (const [, value = ''] of ((await base(path)) ?? '').matchAll(loaded))
        named.push(...pathsIn(value));
  return new Set(named.filter((path) => before.has(path)));
}

/** The file that an interpreter is given to run; its options begin with dashes. */
const startedFile =
  /(?:^|[\s;&|(])(?:node|tsx|ts-node|bun|deno\s+run|python3?|ruby|php|perl|sh|bash)\s+(?:-{1,2}[\w=./-]+\s+)*(?:\.\/)?([\w@./-]+\.\w+)/g;

const settings = /^(?:package\.json|(?:vitest|vite|jest)\.config\.\w+)$/;
const loaded =
  /\b(?:setupFiles\w*|globalSetup|globalTeardown|testEnvironment|runner|reporters)["']?\s*:\s*(\[[^\]]*\]|["'][^"']*["'])/g;

function pathsIn(text: string): string[] {
  return (text.match(/[\w@+./-]+/g) ?? []).map((word) =>
    word.replace(/^(?:\.\/|<rootDir>\/)+/, ''),
  );
}

function hides(path: string, tests: readonly string[]): Finding {
  const names = toSingleLine(tests.slice(0, 3).join(', '), 200);
  const evidence = `the work has git ignore tests that are there (${names}); the file was left as it was`;
  return problem(path, evidence, 'Ignore nothing that holds tests.');
}

function tampering(path: string, what: string, content: string | null): Finding {
  const deed = content === null ? 'deletes' : 'changes';
  return problem(
    path,
    `the work ${deed} this file, which ${what}; it was put back for the check`,
    'Leave it as it was; put new tests into a file of their own.',
  );
}

function taken(path: string): Finding {
  const evidence =
    'a test that was fixed for this task before the work began stands at this path; what the work has there was left out';
  return problem(path, evidence, 'Leave the file out; put tests of your own at another path.');
}

function swayed(path: string, changed: readonly string[]): Finding | null {
  if (changed.length === 0) return null;
  return problem(
    path,
    `the work changes ${changed.join(', ')} here, which decides what the check runs; it was left out for it`,
    'Leave these parts as they were, or have the task name the file among its files.',
  );
}

function problem(path: string, evidence: string, fixHint: string): Finding {
  return blocker('tampering', toSingleLine(path, 200), evidence, fixHint);
}
