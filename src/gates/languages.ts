/** A file of the tree-sitter package. */
export type Grammar =
  | 'c'
  | 'c_sharp'
  | 'cpp'
  | 'css'
  | 'dart'
  | 'go'
  | 'java'
  | 'javascript'
  | 'php'
  | 'python'
  | 'ruby'
  | 'rust'
  | 'solidity'
  | 'swift'
  | 'tsx'
  | 'typescript'
  | 'vue';

export type DataFormat = 'json' | 'jsonc' | 'yaml' | 'toml';

/** How a file's syntax is checked. With several grammars it is enough that one takes it. */
export type Checker =
  | { readonly kind: 'data'; readonly format: DataFormat }
  | { readonly kind: 'code'; readonly grammars: readonly Grammar[] };

const code = (...grammars: Grammar[]): Checker => ({ kind: 'code', grammars });
const data = (format: DataFormat): Checker => ({ kind: 'data', format });

const byExtension: Readonly<Record<string, Checker>> = {
  js: code('javascript'),
  mjs: code('javascript'),
  cjs: code('javascript'),
  jsx: code('javascript'),
  ts: code('typescript'),
  mts: code('typescript'),
  cts: code('typescript'),
  tsx: code('tsx'),
  py: code('python'),
  pyi: code('python'),
  go: code('go'),
  rs: code('rust'),
  java: code('java'),
  rb: code('ruby'),
  php: code('php'),
  cs: code('c_sharp'),
  c: code('c'),
  // The ending does not tell which of the two languages it is.
  h: code('c', 'cpp'),
  cc: code('cpp'),
  cpp: code('cpp'),
  cxx: code('cpp'),
  hh: code('cpp'),
  hpp: code('cpp'),
  css: code('css'),
  dart: code('dart'),
  swift: code('swift'),
  sol: code('solidity'),
  vue: code('vue'),
  json: data('json'),
  webmanifest: data('json'),
  jsonc: data('jsonc'),
  yaml: data('yaml'),
  yml: data('yaml'),
  toml: data('toml'),
};

/** JSON files whose own tools take comments and trailing commas. */
const commented =
  /(?:^|\/)(?:(?:tsconfig|jsconfig)(?:\..+)?\.json|\.(?:eslintrc|swcrc|babelrc|jshintrc)(?:\.json)?|devcontainer\.json|deno\.json|\.vscode\/.+\.json)$/i;

/** The checker for a path, or null for a language without one. */
export function checkerFor(path: string): Checker | null {
  if (commented.test(path)) return data('jsonc');
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  const dot = name.lastIndexOf('.');
  const extension = dot <= 0 ? '' : name.slice(dot + 1);
  return Object.hasOwn(byExtension, extension) ? (byExtension[extension] ?? null) : null;
}
