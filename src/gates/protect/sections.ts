import { baseName } from '../../files/slash-paths.ts';
import type { Ecosystem } from './protected-path.ts';
import type { Sectioned } from './sectioned.ts';
import { partsOf } from './text-parts.ts';

type Tree = Record<string, unknown>;

type Key = readonly string[];

/**
 * How a file's parts are judged; null for files that count whole, or not at all.
 * @param scripts of package.json that the check runs.
 */
export function sectionsOf(path: string, scripts: readonly string[]): Sectioned | null {
  const name = baseName(path);
  if (name === 'package.json')
    return keyed('javascript', [...packageKeys, ...scripts.map(scriptKey)], json);
  if (name === 'pyproject.toml') return keyed('python', pythonKeys, toml);
  if (name === 'Cargo.toml') return keyed('rust', cargoKeys, toml);
  if (name === 'setup.cfg') return ini;
  if (name === 'go.mod') return goModule;
  if (name === 'composer.json') return keyed('php', composerKeys, json);
  if (name === 'deno.json' || name === 'deno.jsonc') return keyed('javascript', denoKeys, jsonc);
  if (name === 'bunfig.toml') return keyed('javascript', [['test'], ['preload']], toml);
  return partsOf(name);
}

const scriptKey = (script: string): Key => ['scripts', script];
const packageKeys: readonly Key[] = [
  ...['test', 'pretest', 'posttest', 'prepare', 'preinstall', 'install', 'postinstall'].map(
    scriptKey,
  ),
  ...['jest', 'vitest', 'mocha', 'ava', 'tap', 'c8', 'nyc', 'babel'].map((key) => [key]),
];
const composerKeys: readonly Key[] = [
  ...['test', 'pre-test', 'post-test'].map(scriptKey),
  ['autoload-dev'],
];
const denoKeys: readonly Key[] = [['tasks', 'test'], ['test']];
const dotted = (key: string): Key => key.split('.');
const pythonKeys = [
  'tool.pytest',
  'tool.tox',
  'tool.nox',
  'tool.hatch.envs',
  'tool.pdm.scripts.test',
  'tool.rye.scripts.test',
  'tool.poe.tasks.test',
  'tool.taskipy.tasks.test',
].map(dotted);
const cargoKeys = [
  'test',
  'package.build',
  'package.autotests',
  'lib.test',
  'lib.harness',
  'profile.test',
  'patch',
].map(dotted);

interface Format {
  readonly parse: (text: string) => unknown;
  readonly write: (tree: Tree) => string;
}

const json = async (): Promise<Format> => ({
  parse: (text) => JSON.parse(text) as unknown,
  write: (tree) => `${JSON.stringify(tree, null, 2)}\n`,
});

const jsonc = async (): Promise<Format> => {
  const { parse } = await import('jsonc-parser');
  return { ...(await json()), parse: (text) => parse(text) as unknown };
};

const toml = async (): Promise<Format> => {
  const { parse, stringify } = await import('smol-toml');
  return { parse, write: stringify };
};

function keyed(of: Ecosystem, keys: readonly Key[], load: () => Promise<Format>): Sectioned {
  return {
    of,
    async restore(before, proposed, added) {
      const { parse, write } = await load();
      let old: unknown;
      let tree: unknown;
      try {
        old = before === null ? {} : parse(withoutMark(before));
        tree = parse(withoutMark(proposed));
      } catch {
        return null;
      }
      if (!isTree(old) || !isTree(tree)) return null;
      const [was, is] = [old, tree];
      const judged = keys.filter((key) => added || at(was, key) !== undefined);
      const changed = judged.filter((key) => put(is, key, at(was, key)));
      return {
        content: changed.length === 0 ? proposed : write(is),
        changed: changed.map((key) => key.join('.')),
      };
    },
  };
}

/** Runners read past a byte order mark. */
const withoutMark = (text: string): string => text.replace(/^\ufeff/, '');

function at(tree: Tree, [first, ...rest]: readonly string[]): unknown {
  const value = first === undefined ? undefined : tree[first];
  return rest.length === 0 ? value : isTree(value) ? at(value, rest) : undefined;
}

/** @returns whether the tree held something else there. */
function put(tree: Tree, key: readonly string[], value: unknown): boolean {
  const [first, ...rest] = key;
  if (first === undefined || JSON.stringify(at(tree, key)) === JSON.stringify(value)) return false;
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

/** go.mod: what puts other code in the place of a module, as of one that tests assert by. */
const goModule: Sectioned = {
  of: 'go',
  async restore(before, proposed, added) {
    const [was, is] = [replacements(before ?? ''), replacements(proposed)];
    const gone = was.some((line) => !is.includes(line));
    if (!gone && (!added || is.every((line) => was.includes(line))))
      return { content: proposed, changed: [] };
    return { content: before ?? '', changed: ['replace'] };
  },
};

function replacements(text: string): string[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const plain = line.replace(/\/\/.*/, '').trim();
    return plain.includes('=>') ? [plain.replace(/^replace\s+/, '').replace(/\s+/g, ' ')] : [];
  });
}

/** Behind each end of a line as Python knows them, who reads the file: more than others do. */
const pythonLines = /(?<=\r\n|[\n\v\f\x1c-\x1e\x85\u2028\u2029]|\r(?!\n))/;

function iniSections(text: string): Map<string, string> {
  const sections = new Map<string, string>();
  let name = '';
  for (const line of withoutMark(text).split(pythonLines)) {
    // A comment may follow.
    const head = /^\s*\[([^\]]+)\]/.exec(line);
    if (head === null) sections.set(name, (sections.get(name) ?? '') + line);
    else {
      name = (head[1] ?? '').trim();
      sections.set(name, sections.get(name) ?? '');
    }
  }
  return sections;
}
