import type { FileIndex } from './file-index.ts';

/** What a specifier may be written without, in the order in which it is looked for. */
const endings = listed(
  '.ts .tsx .mts .cts .d.ts .js .jsx .mjs .cjs .vue .svelte .json .d.mts .d.cts',
);
/** What an ending of JavaScript was compiled from. */
const sources = new Map([
  ['.js', listed('.ts .tsx .d.ts .jsx')],
  ['.jsx', listed('.tsx')],
  ['.mjs', listed('.mts .d.mts')],
  ['.cjs', listed('.cts .d.cts')],
]);
const built =
  /^(?:dist|lib|build|out|es|esm|cjs|types)(?:\/(?:esm|cjs|es|types|src|node|browser))?\//;

function listed(text: string): readonly string[] {
  return text.split(' ');
}

export type ModuleFile = (path: string) => string | null;

/** The file that a path without its ending, of a folder, or of what it is compiled to, means in JavaScript. */
export function moduleFiles({ files }: FileIndex): ModuleFile {
  const known = new Map<string, string | null>();
  const find = (path: string): string | null => {
    if (path.startsWith('..')) return null;
    const plain = path.replace(/^\.\/|\/$/g, '');
    if (files.has(plain)) return plain;
    const ending = /\.[cm]?jsx?$/.exec(plain)?.[0] ?? '';
    const stem = plain.slice(0, plain.length - ending.length);
    const candidates = [
      ...(sources.get(ending) ?? []).map((source) => stem + source),
      ...endings.map((one) => plain + one),
      ...endings.map((one) => (plain === '' || plain === '.' ? '' : `${plain}/`) + `index${one}`),
    ];
    return candidates.find((candidate) => files.has(candidate)) ?? null;
  };
  return (path) => {
    let file = known.get(path);
    if (file === undefined) {
      file = find(path);
      known.set(path, file);
    }
    return file;
  };
}

/** The source that stands where a package names what its build makes: `dist/read.js` is of `src/read.ts`. */
export function builtFrom(folder: string, target: string, find: ModuleFile): string | null {
  const plain = target.replace(/^\.\//, '');
  const inFolder = (path: string): string => (folder === '' ? path : `${folder}/${path}`);
  const direct = find(inFolder(plain));
  if (direct !== null || !built.test(plain)) return direct;
  const rest = plain.replace(built, '').replace(/\.d\.([cm]?)ts$/, '.$1js');
  return find(inFolder(`src/${rest}`)) ?? find(inFolder(rest));
}
