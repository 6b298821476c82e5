import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sequence } from './sequence.ts';

/** Of a made-up repository. */
export interface SyntheticFile {
  readonly path: string;
  readonly text: string;
}

const verbs = 'read write parse merge find count load save check draw build split join sort'.split(
  ' ',
);
const nouns =
  'user order invoice session token cache index report graph queue price stock route event batch ledger'.split(
    ' ',
  );
const filesOfFolder = 25;

/**
 * Files of a repository that does not exist: half TypeScript, a quarter Python, the rest Go and Markdown, each of
 * 2 to 8 KB, with imports between files of a language. The same number gives the same files.
 */
export function* syntheticFiles(count: number): Generator<SyntheticFile> {
  const random = sequence();
  const upTo = (most: number): number => Math.floor(random() * most);
  const word = (): string => nouns[upTo(nouns.length)] ?? '';
  const verb = (): string => verbs[upTo(verbs.length)] ?? '';
  for (let file = 0; file < count; file += 1) {
    const language = languages[file % languages.length] ?? typescript;
    // An older file of the same language, near or far.
    const other = (): number => file - languages.length * (1 + upTo(Math.min(file / 8, 40)));
    const names = Array.from({ length: 8 + upTo(24) }, () => `${verb()} ${word()} ${file % 97}`);
    const imports = Array.from({ length: 4 }, other).filter((at) => at >= 0);
    const lines = names.map((name) => language.body(name.split(' '), word(), verb()));
    yield {
      path: language.path(file),
      text: [language.head(file, imports), ...lines, ''].join('\n'),
    };
  }
}

interface Language {
  path(file: number): string;
  head(file: number, imports: readonly number[]): string;
  body(name: readonly string[], noun: string, verb: string): string;
}

const folderOf = (file: number): string => `part${Math.floor(file / filesOfFolder)}`;
const camel = ([verb = '', noun = '', number = '']: readonly string[]): string =>
  `${verb}${noun.slice(0, 1).toUpperCase()}${noun.slice(1)}${number}`;

const typescript: Language = {
  path: (file) => `src/${folderOf(file)}/module${file}.ts`,
  head: (_, imports) =>
    imports
      .map((at) => `import * as module${at} from '../${folderOf(at)}/module${at}.ts';`)
      .join('\n'),
  body: (name, noun, verb) => `
/** Says how much of the ${noun} is left once it was asked to ${verb}. */
export function ${camel(name)}(${noun}: readonly number[], limit = ${noun.length}): number {
  const left = ${noun}.filter((one) => one > limit);
  if (left.length === 0) throw new Error('no ${noun} to ${verb}');
  return left.reduce((sum, one) => sum + one, 0) / left.length;
}`,
};

const python: Language = {
  path: (file) => `tools/${folderOf(file)}/module${file}.py`,
  head: (_, imports) =>
    imports.map((at) => `from tools.${folderOf(at)} import module${at}`).join('\n'),
  body: ([verb = '', noun = '', number = ''], other, again) => `

def ${verb}_${noun}_${number}(${other}, limit=${other.length}):
    """Say how much of the ${noun} is left once it was asked to ${again}."""
    left = [one for one in ${other} if one > limit]
    if not left:
        raise ValueError("no ${noun} to ${again}")
    return sum(left) / len(left)`,
};

const go: Language = {
  path: (file) => `services/${folderOf(file)}/module${file}.go`,
  head: (file, imports) =>
    [
      `package ${folderOf(file)}`,
      ...new Set(imports.map((at) => `import "example.com/shop/services/${folderOf(at)}"`)),
    ].join('\n'),
  body: (name, noun, verb) => `
// ${camel(name)} says how much of the ${noun} is left once it was asked to ${verb}.
func ${camel(name)}(${noun} []float64, limit float64) float64 {
	sum := 0.0
	for _, one := range ${noun} {
		if one > limit {
			sum += one
		}
	}
	return sum
}`,
};

const markdown: Language = {
  path: (file) => `docs/${folderOf(file)}/note${file}.md`,
  head: (file, imports) =>
    [
      `# Note ${file}`,
      ...imports.map((at) => `See [another](../${folderOf(at)}/note${at}.md).`),
    ].join('\n'),
  body: (name, noun, verb) =>
    `\n## How to ${name.slice(0, 2).join(' ')}\n\nThe ${noun} is asked to ${verb} by \`${camel(name)}\`; whoever waits for it hears of the ${noun} in turn, and what is left over is kept for the next day, as long as there is room for it.`,
};

const languages: readonly Language[] = [
  typescript,
  python,
  typescript,
  go,
  typescript,
  python,
  typescript,
  markdown,
];

/** Writes the files and the manifests around them. */
export async function writeRepository(root: string, count: number): Promise<void> {
  const manifests: SyntheticFile[] = [
    { path: 'package.json', text: '{ "name": "shop", "type": "module" }\n' },
    { path: 'pyproject.toml', text: '[project]\nname = "tools"\nversion = "1"\n' },
    { path: 'go.mod', text: 'module example.com/shop\n\ngo 1.22\n' },
  ];
  const folders = new Set<string>();
  const write = async ({ path, text }: SyntheticFile): Promise<void> => {
    const place = join(root, path);
    const folder = dirname(place);
    if (!folders.has(folder)) await mkdir(folder, { recursive: true });
    folders.add(folder);
    await writeFile(place, text);
  };
  for (const file of manifests) await write(file);
  for (const file of syntheticFiles(count)) await write(file);
}
