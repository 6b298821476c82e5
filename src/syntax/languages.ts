import { posix } from 'node:path';

/** Endings of the files that each grammar of the tree-sitter package reads. */
const codeEndings = {
  c: ['c', 'h'],
  // The ending `h` does not tell which of the two languages it is.
  cpp: ['cc', 'cpp', 'cxx', 'hh', 'hpp', 'h'],
  c_sharp: ['cs'],
  css: ['css'],
  dart: ['dart'],
  go: ['go'],
  java: ['java'],
  javascript: ['js', 'mjs', 'cjs', 'jsx'],
  php: ['php'],
  python: ['py', 'pyi'],
  ruby: ['rb'],
  rust: ['rs'],
  solidity: ['sol'],
  swift: ['swift'],
  tsx: ['tsx'],
  typescript: ['ts', 'mts', 'cts'],
  vue: ['vue'],
};
export type Grammar = keyof typeof codeEndings;

const dataEndings = {
  json: ['json', 'webmanifest'],
  jsonc: ['jsonc'],
  yaml: ['yaml', 'yml'],
  toml: ['toml'],
};
export type DataFormat = keyof typeof dataEndings;

/** How a file's syntax is checked. With several grammars it is enough that one takes it. */
export type Checker =
  | { readonly kind: 'data'; readonly format: DataFormat }
  | { readonly kind: 'code'; readonly grammars: readonly Grammar[] };

export interface SyntaxError {
  /** From 1. */
  readonly line: number;
  readonly message: string;
  /** The checker is known to refuse valid code of this kind: the error is shown, but does not block. */
  readonly doubtful?: boolean;
}

const byEnding = new Map<string, Checker>();
for (const [format, endings] of Object.entries(dataEndings))
  for (const ending of endings)
    byEnding.set(ending, { kind: 'data', format: format as DataFormat });
for (const ending of Object.values(codeEndings).flat()) {
  const grammars = (Object.keys(codeEndings) as Grammar[]).filter((grammar) =>
    codeEndings[grammar].includes(ending),
  );
  byEnding.set(ending, { kind: 'code', grammars });
}

/** JSON files whose own tools take comments and trailing commas. */
const commented =
  /(?:^|\/)(?:(?:tsconfig|jsconfig)(?:\..+)?\.json|\.(?:eslintrc|swcrc|babelrc|jshintrc)(?:\.json)?|devcontainer\.json|deno\.json|\.vscode\/.+\.json)$/i;

/** The checker for a path, or null for a language without one. */
export function checkerFor(path: string): Checker | null {
  if (commented.test(path)) return { kind: 'data', format: 'jsonc' };
  return byEnding.get(posix.extname(path).slice(1).toLowerCase()) ?? null;
}
