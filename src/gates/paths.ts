import { posix } from 'node:path';
import type { FileBundle } from '../domain/bundle.ts';
import { throwIfAborted } from '../domain/errors.ts';
import type { Finding } from '../domain/review.ts';
import { escapeOf } from '../domain/hidden-characters.ts';
import { foldersAbove, pathKey, pathProblem } from '../domain/safe-path.ts';
import { toSingleLine } from '../domain/text.ts';
import type { Gate } from './gate.ts';
import { blocker, counted, skipped, verdictOn, type Verdict } from './verdict.ts';

export interface PathsGateOptions {
  /** Folders of the project that no task may write into, relative. Default: `features`. */
  readonly forbidden?: readonly string[];
  /**
   * The names in a folder of the project, `''` for its root, folders with a slash at the end; empty when
   * there is none. With it, collisions with files that the bundle does not name are found.
   */
  readonly entries?: (folder: string) => Promise<readonly string[]>;
  /** Default 2,000. */
  readonly maxFiles?: number;
  /** Of all contents together. Default 20,000,000. */
  readonly maxBytes?: number;
}

interface Named {
  readonly path: string;
  readonly deleted: boolean;
}

const shownFindings = 50;
/** Every folder on the way to every file is looked up. */
const maxDepth = 64;
/** Config is code that blueprint itself would run, outside any sandbox. */
const ownConfig = /(?:^|\/)(?:blueprint\.config\.[a-z]+|\.blueprint[^/]*)(?:\/|$)/;

/** Judges where a bundle would write, before anything of it is read or written. */
export function pathsGate(options: PathsGateOptions = {}): Gate {
  const { forbidden = ['features'], entries } = options;
  return {
    name: 'paths',
    blocking: true,
    async check({ bundle, base }, signal) {
      const named = namedPaths(bundle);
      const tooMuch = sizeFindings(bundle, named, options);
      // A bundle that large is not looked at any further.
      if (tooMuch.length > 0) return verdict(named, tooMuch);
      const sound = named.filter(({ path }) => problemOf(path) === null);
      const findings = [
        ...spellingFindings(bundle),
        ...sound.flatMap((entry) => forbiddenFindings(entry, forbidden)),
        ...collisionFindings(sound),
      ];
      const removed = new Set(sound.filter(({ deleted }) => deleted).map(({ path }) => path));
      const isFile = remembered(async (path) => (await base(path)) !== null);
      const names = entries && remembered(entries);
      for (const { path, deleted } of sound) {
        throwIfAborted(signal);
        if (deleted) continue;
        if (optionLike.test(path)) findings.push(problem('security', path, asOption, plainName));
        findings.push(...(await folderFindings(path, removed, isFile)));
        if (names !== undefined) findings.push(...(await entryFindings(path, removed, names)));
      }
      return verdict(named, findings);
    },
  };
}

const optionLike = /^(?:-|@[^/]*$)/;
const asOption = 'programs that are given the path would take it for an option';
const plainName = 'Use a name that begins otherwise.';

function problemOf(path: string): string | null {
  const deep = path.split('/').length > maxDepth ? `is more than ${maxDepth} folders deep` : null;
  return pathProblem(path) ?? deep;
}

/** Bundles name many files of one folder. */
function remembered<T>(ask: (path: string) => Promise<T>): (path: string) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (path) => {
    const answer = known.get(path) ?? ask(path);
    known.set(path, answer);
    return answer;
  };
}

function namedPaths(bundle: FileBundle): Named[] {
  const written = [...bundle.files, ...bundle.edits].map(({ path }) => path);
  return [
    ...[...new Set(written)].map((path) => ({ path, deleted: false })),
    ...[...new Set(bundle.deletions)].map((path) => ({ path, deleted: true })),
  ];
}

function sizeFindings(
  bundle: FileBundle,
  named: readonly Named[],
  { maxFiles = 2000, maxBytes = 20_000_000 }: PathsGateOptions,
): Finding[] {
  const contents = bundle.files.map(({ content }) => content);
  const texts = [...contents, ...bundle.edits.map(({ replace }) => replace)];
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  const tooMuch = (count: number, unit: string, most: number, fix: string): Finding[] =>
    count <= most
      ? []
      : [problem('contract', null, `${count} ${unit}; at most ${most} are allowed`, fix)];
  return [
    ...tooMuch(named.length, 'files', maxFiles, 'Make fewer files.'),
    ...tooMuch(bundle.tests.length, 'tests', maxFiles, 'Name fewer tests.'),
    ...tooMuch(bytes, 'bytes', maxBytes, 'Write smaller files.'),
  ];
}

function spellingFindings(bundle: FileBundle): Finding[] {
  const all = new Set([...namedPaths(bundle).map(({ path }) => path), ...bundle.tests]);
  return [...all].flatMap((path) => {
    const spelling = problemOf(path);
    if (spelling === null) return [];
    const fix = 'Use a plain relative path inside the project.';
    return [problem('security', path, `the path ${spelling}`, fix)];
  });
}

function forbiddenFindings({ path }: Named, forbidden: readonly string[]): Finding[] {
  const reason = forbiddenReason(folded(path), forbidden);
  if (reason === null) return [];
  const fix = 'Put the file elsewhere; this place is not a task’s to change.';
  return [problem('security', path, reason, fix)];
}

function forbiddenReason(key: string, forbidden: readonly string[]): string | null {
  const folder = forbidden.find((name) => {
    const prefix = folded(name).replace(/\/+$/, '');
    return key === prefix || key.startsWith(`${prefix}/`);
  });
  if (folder !== undefined) return `writes into ${folder}/`;
  if (key.split('/').includes('node_modules')) return 'writes into node_modules/';
  return ownConfig.test(key) ? 'writes blueprint’s own configuration' : null;
}

/** As `pathKey`, with fullwidth and ligature forms folded too. */
function folded(path: string): string {
  return pathKey(path.normalize('NFKC'));
}

function collisionFindings(named: readonly Named[]): Finding[] {
  const findings: Finding[] = [];
  // A file that goes and one that comes may differ in case alone: it is renamed.
  for (const side of [false, true]) {
    const byKey = new Map<string, string>();
    for (const { path } of named.filter(({ deleted }) => deleted === side)) {
      const other = byKey.get(pathKey(path));
      if (other !== undefined && other !== path) findings.push(sameFile(path, other));
      else byKey.set(pathKey(path), path);
    }
  }
  const written = new Set(named.filter(({ deleted }) => !deleted).map(({ path }) => pathKey(path)));
  for (const { path, deleted } of named) {
    if (deleted) continue;
    const parent = foldersAbove(path).find((folder) => written.has(pathKey(folder)));
    if (parent !== undefined) findings.push(fileAndFolder(path, parent));
  }
  return findings;
}

async function folderFindings(
  path: string,
  removed: ReadonlySet<string>,
  isFile: (path: string) => Promise<boolean>,
): Promise<Finding[]> {
  for (const parent of foldersAbove(path))
    if (!removed.has(parent) && (await isFile(parent))) return [fileAndFolder(path, parent)];
  return [];
}

async function entryFindings(
  path: string,
  removed: ReadonlySet<string>,
  entries: (folder: string) => Promise<readonly string[]>,
): Promise<Finding[]> {
  for (const place of [...foldersAbove(path), path]) {
    const { dir, base: name } = posix.parse(place);
    const named = (await entries(dir)).map((entry) => ({ entry, plain: entry.replace(/\/$/, '') }));
    const exact = named.filter(({ plain }) => plain === name);
    // Where there is none of that name, those that some systems take for it.
    const alike = named.filter(({ plain }) => pathKey(plain) === pathKey(name));
    for (const { entry, plain } of exact.length > 0 ? exact : alike) {
      const whole = posix.join(dir, plain);
      if (removed.has(whole)) continue;
      if (entry.endsWith('/') && plain !== name && (await isEmptied(whole, removed, entries)))
        continue;
      if (plain !== name) return [sameFile(path, whole)];
      if (entry.endsWith('/') && place === path) return [fileAndFolder(path, path)];
    }
  }
  return [];
}

/** Whether all that a folder holds goes: it may come again under another spelling. */
async function isEmptied(
  folder: string,
  removed: ReadonlySet<string>,
  entries: (folder: string) => Promise<readonly string[]>,
): Promise<boolean> {
  for (const entry of await entries(folder)) {
    const path = posix.join(folder, entry.replace(/\/$/, ''));
    if (removed.has(path)) continue;
    if (!entry.endsWith('/') || !(await isEmptied(path, removed, entries))) return false;
  }
  return true;
}

function sameFile(path: string, other: string): Finding {
  const what = 'are one file on systems that ignore case or Unicode form';
  return problem(
    'contract',
    path,
    `${shown(path)} and ${shown(other)} ${what}`,
    'Use one spelling.',
  );
}

function fileAndFolder(path: string, parent: string): Finding {
  const fix = 'Choose another name, or delete the file that stands there.';
  return problem('contract', path, `${shown(parent)} would be both a file and a folder`, fix);
}

function problem(
  category: string,
  path: string | null,
  evidence: string,
  fixHint: string,
): Finding {
  return blocker(category, path === null ? null : shown(path), toSingleLine(evidence), fixHint);
}

function shown(path: string): string {
  return path === '' ? '(empty)' : toSingleLine(path.replace(/\p{Cf}/gu, escapeOf), 200);
}

function verdict(named: readonly Named[], findings: readonly Finding[]): Verdict {
  const count = counted(named.length, 'path');
  const [first] = findings;
  if (first === undefined)
    return named.length === 0 ? skipped('no path to check') : verdictOn([], `${count} checked`);
  return {
    status: 'failed',
    summary: `${findings.length} of ${count} may not be written: ${first.location ?? 'the bundle'}: ${first.evidence}`,
    findings: findings.slice(0, shownFindings),
  };
}
