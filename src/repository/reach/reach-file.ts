import type { Grammar } from '../../syntax/languages.ts';
import { baseName, folderOf } from '../../files/slash-paths.ts';
import type { FileEntry, ImportClause } from '../file-entry.ts';

/** Languages whose files load each other by imports that are resolved here. */
export type Family = 'ecmascript' | 'python' | 'go';

const families: Partial<Readonly<Record<Grammar, Family>>> = {
  javascript: 'ecmascript',
  typescript: 'ecmascript',
  tsx: 'ecmascript',
  vue: 'ecmascript',
  python: 'python',
  go: 'go',
};

/** What one file says of those that it may load. */
export interface ReachFile {
  readonly grammar: Grammar;
  readonly family: Family;
  readonly imports: readonly ImportClause[];
  /** Files that its text names otherwise, as a program to start: by their names without endings. */
  readonly names: ReadonlySet<string>;
  /** It may load whatever it computes. */
  readonly computes: boolean;
}

export function familyOf(grammar: Grammar | null): Family | null {
  return grammar === null ? null : (families[grammar] ?? null);
}

/** Null for a language whose imports are not followed. */
export function reachFile(
  text: string,
  { grammar, imports, problem }: Pick<FileEntry, 'grammar' | 'imports' | 'problem'>,
): ReachFile | null {
  const family = familyOf(grammar);
  if (grammar === null || family === null) return null;
  const computes = problem !== null || computing[family].test(text);
  return { grammar, family, imports, names: namesIn(text, family, imports), computes };
}

const computing: Readonly<Record<Family, RegExp>> = {
  ecmascript:
    /\b(?:import|require)\s*\(\s*(?!\s|\/[*/]|(['"])[^'"\n]*\1\s*[,)])|\bimport\.meta\.glob\b|\brequire\.context\b|\bcreateRequire\b/,
  python: /\b(?:importlib|__import__|runpy|pkgutil|entry_points)\b|['"]-m['"]|\bexec\(/,
  go: /\bplugin\.Open\b|\bexec\.Command\(\s*"go"/,
};

const fileNames: Readonly<Record<Family, RegExp>> = {
  ecmascript: /([\w$.@-]+)\.(?:[cm]?[jt]sx?|vue)\b/g,
  python: /([\w.-]+)\.pyi?\b/g,
  go: /([\w.-]+)\.go\b/g,
};

function namesIn(text: string, family: Family, imports: readonly ImportClause[]): Set<string> {
  // What an import names is followed by what it leads to.
  const rest = imports.reduce(
    (left, { specifier }) => left.replaceAll(`'${specifier}'`, '').replaceAll(`"${specifier}"`, ''),
    text,
  );
  const found = new Set([...rest.matchAll(fileNames[family])].map(([, name = '']) => name));
  if (family === 'python')
    for (const [, dotted = ''] of rest.matchAll(/['"]([\w]+(?:\.\w+)+)(?::\w+)?['"]/g))
      for (const part of dotted.split('.')) found.add(part);
  return found;
}

const ending = /\.(?:d\.)?(?:[cm]?[jt]sx?|vue|pyi?|go)$/;

/** By which names others name a file: its own without the ending, and the folder that it stands for. */
export function namesOf(path: string): string[] {
  const name = baseName(path).replace(ending, '');
  const standsForFolder = /^(?:index|__init__|__main__|mod|main)$/.test(name);
  return standsForFolder ? [name, baseName(folderOf(path))] : [name];
}

/** What a clause that leads to no file may mean: the last of its path, and the names that it takes. */
export function namesOfClause({ specifier, names }: ImportClause, family: Family): string[] {
  const parts = specifier.replace(/\?.*$/, '').split(family === 'python' ? '.' : '/');
  const last = (parts.at(-1) ?? '').replace(ending, '');
  const before = /^(?:index|)$/.test(last) ? (parts.at(-2) ?? '') : last;
  return [last, before, ...(family === 'python' ? names : [])].filter((name) => name !== '');
}
