import type { FileBundle } from '../../domain/bundle.ts';
import { pathProblem } from '../../domain/safe-path.ts';
import { quoted } from './parsed.ts';

/** What paths are held against. */
export interface PathsThere {
  readonly isThere: (path: string) => Promise<boolean>;
  /** All files; absent where nobody can tell. */
  readonly list?: (() => Promise<Iterable<string>>) | undefined;
  /** Paths that stand above a block without a directive, as `ParsedBundle`. */
  readonly unnamed?: readonly string[] | undefined;
}

/** Words that models put behind the path of a file. An arrow names another file. */
const comment = /\s+(?:#|\/\/|<!--|--(?!>)|[–—:([]|-(?!>)).*$/s;
/** Lines of the file, as `:3-7` and `#L3`. */
const lines = /(?::|#L)\d+(?:[-:–]L?\d+)?$/;
/** What ends in this is a whole name, and words behind it are none of it. */
const ending = /\.[A-Za-z]\w{0,9}$/;
const diffPrefix = /^[ab]\//;

/**
 * Paths as they were meant, where the base leaves no doubt: an edit or deletion of `a/x`, as a diff names it,
 * one with words or lines behind it, and one in other slashes, of what is not there while `x` is; a deletion of
 * several files in one line, or of a folder. A whole file may be meant under the name that it is given:
 * `doubts` says so, in words for the model.
 */
export async function mendPaths(
  given: FileBundle,
  there: PathsThere,
): Promise<{ bundle: FileBundle; doubts: string[] }> {
  const bundle = withSlashes(given);
  const { exists, meant, isPrefix, inside } = lookup(there, bundle);
  const written = new Set(bundle.files.map(({ path }) => path));
  const edits: FileBundle['edits'] = [];
  for (const edit of bundle.edits) {
    // It may change what the same reply makes.
    const path = written.has(edit.path) ? edit.path : await meant(edit.path);
    edits.push({ ...edit, path });
  }
  const deletions: string[] = [];
  for (const path of bundle.deletions)
    deletions.push(...(await deleted(path, there, exists, meant)));

  const files: FileBundle['files'] = [];
  const names = new Map<string, string>();
  const doubts: string[] = [];
  for (const { path, content } of bundle.files) {
    const bare = withoutWords(path);
    const plain = bare.replace(diffPrefix, '');
    const isClear = bare === path && plain === bare;
    let name = isClear ? await inside(path) : ((await exists(path, bare)) ?? path);
    if (!isClear && (await exists(name)) === null) {
      if (plain !== bare && (await exists(plain)) !== null) {
        if (await isPrefix(bare)) name = plain;
        else
          doubts.push(
            `${quoted(path)} is not there, and ${quoted(plain)} is: name the file without the prefix of a diff. ${ifNew}`,
          );
      } else if (bare !== path && ending.test(bare))
        doubts.push(
          `${quoted(path)} is not there: name the file alone, without words behind it. ${ifNew}`,
        );
    }
    files.push({ path: name, content });
    names.set(path, name);
  }
  doubts.push(
    ...(await unnamedDoubts(there.unnamed ?? [], { ...bundle, edits, deletions }, exists)),
  );
  const tests = bundle.tests.map((path) => names.get(path) ?? path);
  return { bundle: { ...bundle, files, edits, deletions, tests }, doubts };
}

const ifNew = 'If a new file is meant, give it again under this path.';

/** The first of these paths that is there. */
type Exists = (...paths: readonly string[]) => Promise<string | null>;

function lookup({ isThere, list }: PathsThere, { files }: FileBundle) {
  const known = new Map<string, Promise<boolean>>();
  const exists: Exists = async (...paths) => {
    for (const path of paths) {
      const asked =
        known.get(path) ?? (pathProblem(path) === null ? isThere(path) : Promise.resolve(false));
      known.set(path, asked);
      if (await asked) return path;
    }
    return null;
  };
  /** An absolute path of a file of the project, if it can be of one alone; else the path as it is. */
  const inside = async (path: string): Promise<string> => {
    if (!path.startsWith('/') || list === undefined || path.length > longestPath) return path;
    const files = new Set(await list());
    const names = path.split('/').filter(Boolean);
    const found = names.map((_, at) => names.slice(at).join('/')).filter((end) => files.has(end));
    return found.length === 1 ? (found[0] ?? path) : path;
  };
  return {
    exists,
    inside,
    async meant(path: string): Promise<string> {
      const bare = withoutWords(path);
      const others = [path, bare, path.replace(diffPrefix, ''), bare.replace(diffPrefix, '')];
      return (await exists(...others)) ?? inside(path);
    },
    /** Whether `a/` is no folder of the project, and the reply makes nothing else that would be in it. */
    async isPrefix(path: string): Promise<boolean> {
      const prefix = path.slice(0, 2);
      if (list === undefined) return false;
      for (const file of await list()) if (file.startsWith(prefix)) return false;
      const alike = files.filter((file) => file.path.startsWith(prefix));
      for (const file of alike)
        if ((await exists(withoutWords(file.path).slice(prefix.length))) === null) return false;
      return true;
    },
  };
}

/** The pattern is not made for longer ones. */
const longestPath = 2000;

function withoutWords(path: string): string {
  return path.length > longestPath ? path : path.replace(comment, '').replace(lines, '');
}

/** Backslashes are no part of any path that may be used. */
function withSlashes(bundle: FileBundle): FileBundle {
  const turned = (path: string): string => {
    const slashed = path.replaceAll('\\', '/');
    return slashed !== path && pathProblem(slashed) === null ? slashed : path;
  };
  const turnedIn = <T extends { path: string }>(list: readonly T[]): T[] =>
    list.map((entry) => ({ ...entry, path: turned(entry.path) }));
  return {
    ...bundle,
    files: turnedIn(bundle.files),
    edits: turnedIn(bundle.edits),
    deletions: bundle.deletions.map(turned),
    tests: bundle.tests.map(turned),
  };
}

/** More files are not deleted by one word. */
const mostDeleted = 50;

async function deleted(
  path: string,
  { list }: PathsThere,
  exists: Exists,
  meant: (path: string) => Promise<string>,
): Promise<readonly string[]> {
  const one = await meant(path);
  if (path.length > longestPath || (await exists(one)) !== null) return [one];
  const several = path.split(/[\s,;]+/).map((part) => part.replace(/^[`'"]+|[`'"]+$/g, ''));
  if (several.length > 1 && several.length <= mostDeleted) {
    const found: (string | null)[] = [];
    for (const part of several) found.push(await exists(part));
    const all = found.filter((part) => part !== null);
    if (all.length === several.length) return all;
  }
  const folder = withoutWords(path).replace(/\/(?:\*{0,2})$/, '');
  if (list === undefined || pathProblem(folder) !== null) return [one];
  const inside = [...(await list())].filter((file) => file.startsWith(`${folder}/`)).sort();
  return inside.length > 0 && inside.length <= mostDeleted ? inside : [one];
}

/** Blocks that may be files or parts of the notes. */
async function unnamedDoubts(
  unnamed: readonly string[],
  { files, edits, deletions }: FileBundle,
  exists: Exists,
): Promise<string[]> {
  const named = new Set(edits.map(({ path }) => path).concat(deletions));
  const whole = new Set(files.map(({ path }) => path));
  const doubts: string[] = [];
  for (const path of new Set(unnamed)) {
    // Nothing else is named so in the reply: a new file is clear.
    if (named.has(path) || (whole.has(path) && (await exists(path)) === null)) continue;
    doubts.push(
      `${quoted(path)} stands above a block without a directive: write FILE: ${quoted(path)} where the block is the whole file, or EDIT:; leave it out where it is no file.`,
    );
  }
  return doubts;
}
