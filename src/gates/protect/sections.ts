import { baseName } from '../runners/runner.ts';
import type { Ecosystem } from './protected-path.ts';

/** A file of which only some parts decide how tests are run. */
export interface Sectioned {
  /**
   * The proposed content with those parts as they were, and the names of the parts that differed; null
   * where either cannot be read, so that the whole file counts.
   * @param before null for a new file.
   * @param added whether parts that were not there before are left out; else they stand.
   */
  restore(before: string | null, proposed: string, added: boolean): Promise<Restored | null>;
  readonly of: Ecosystem;
}

export interface Restored {
  readonly content: string;
  readonly changed: readonly string[];
}

type Tree = Record<string, unknown>;

/**
 * How a file's parts are judged; null for files that count whole, or not at all.
 * @param scripts of package.json that the check runs.
 */
export function sectionsOf(path: string, scripts: readonly string[]): Sectioned | null {
  const name = baseName(path);
  if (name === 'package.json')
    return packageJson([...packageKeys, ...scripts.map((script) => ['scripts', script])]);
  if (name === 'pyproject.toml') return toml('python', pythonKeys);
  if (name === 'Cargo.toml') return toml('rust', cargoKeys);
  if (name === 'setup.cfg') return ini;
  return null;
}

const packageKeys: readonly (readonly string[])[] = [
  ...['test', 'pretest', 'posttest', 'prepare', 'preinstall', 'install', 'postinstall'].map(
    (script) => ['scripts', script],
  ),
  ...['jest', 'vitest', 'mocha', 'ava', 'tap', 'c8', 'nyc', 'babel'].map((key) => [key]),
];
const pythonKeys: readonly (readonly string[])[] = [
  ['tool', 'pytest'],
  ['tool', 'tox'],
  ['tool', 'nox'],
];
const cargoKeys: readonly (readonly string[])[] = [
  ['test'],
  ['package', 'build'],
  ['package', 'autotests'],
  ['lib', 'test'],
  ['lib', 'harness'],
  ['profile', 'test'],
  ['patch'],
];

function packageJson(keys: readonly (readonly string[])[]): Sectioned {
  return {
    of: 'javascript',
    async restore(before, proposed, added) {
      return restoreTree(keys, before, proposed, added, {
        parse: (text) => JSON.parse(text) as unknown,
        write: (tree) => `${JSON.stringify(tree, null, 2)}\n`,
      });
    },
  };
}

function toml(of: Ecosystem, keys: readonly (readonly string[])[]): Sectioned {
  return {
    of,
    async restore(before, proposed, added) {
      const { parse, stringify } = await import('smol-toml');
      return restoreTree(keys, before, proposed, added, { parse, write: stringify });
    },
  };
}

function restoreTree(
  keys: readonly (readonly string[])[],
  before: string | null,
  proposed: string,
  added: boolean,
  format: { parse: (text: string) => unknown; write: (tree: Tree) => string },
): Restored | null {
  let old: unknown;
  let tree: unknown;
  try {
    old = before === null ? {} : format.parse(before);
    tree = format.parse(proposed);
  } catch {
    return null;
  }
  if (!isTree(old) || !isTree(tree)) return null;
  const judged = keys.filter((key) => added || at(old, key) !== undefined);
  const changed = judged.filter((key) => put(tree, key, at(old, key)));
  return {
    content: changed.length === 0 ? proposed : format.write(tree),
    changed: changed.map((key) => key.join('.')),
  };
}

function at(tree: Tree, [first, ...rest]: readonly string[]): unknown {
  const value = first === undefined ? undefined : tree[first];
  return rest.length === 0 ? value : isTree(value) ? at(value, rest) : undefined;
}

/** @returns whether the tree held something else there. */
function put(tree: Tree, key: readonly string[], value: unknown): boolean {
  const [first, ...rest] = key;
  if (first === undefined || same(at(tree, key), value)) return false;
  if (rest.length === 0) {
    if (value === undefined) Reflect.deleteProperty(tree, first);
    else tree[first] = value;
    return true;
  }
  const below = tree[first];
  if (isTree(below)) return put(below, rest, value);
  tree[first] = {};
  return put(tree[first] as Tree, rest, value);
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** setup.cfg: what stands below `[tool:pytest]`, `[pytest]` and `[tox]`. */
const ini: Sectioned = {
  of: 'python',
  async restore(before, proposed, added) {
    const old = iniSections(before ?? '');
    const now = iniSections(proposed);
    const names = [...new Set([...old.keys(), ...(added ? now.keys() : [])])].filter((name) =>
      /^(?:tool:pytest|pytest|tox|testenv.*)$/.test(name),
    );
    const changed = names.filter((name) => old.get(name) !== now.get(name));
    for (const name of changed) {
      const text = old.get(name);
      if (text === undefined) now.delete(name);
      else now.set(name, text);
    }
    const content = [...now].map(([name, text]) => (name === '' ? text : `[${name}]\n${text}`));
    return { content: changed.length === 0 ? proposed : content.join(''), changed };
  },
};

function iniSections(text: string): Map<string, string> {
  const sections = new Map<string, string>();
  let name = '';
  for (const line of text.split(/(?<=\n)/)) {
    const head = /^\[([^\]]+)\]\s*$/.exec(line);
    if (head === null) sections.set(name, (sections.get(name) ?? '') + line);
    else {
      name = head[1] ?? '';
      sections.set(name, sections.get(name) ?? '');
    }
  }
  return sections;
}
