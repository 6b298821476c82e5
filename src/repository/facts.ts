import { baseName } from '../files/slash-paths.ts';
import { frameworksIn } from './frameworks.ts';
import { languageOf } from './language-names.ts';
import { compareFolders, type ProjectPackage } from './packages/project-package.ts';
import type { ProjectFile } from './project-file.ts';

/** What a person who joins a project is told of it first. */
export interface ProjectFacts {
  readonly files: number;
  /** Of its code and tests, the one with most bytes first. */
  readonly languages: readonly Language[];
  /** Folders at the root that hold files of the project's own, by name, with their number. */
  readonly folders: readonly { readonly name: string; readonly files: number }[];
  readonly packages: readonly ProjectPackage[];
  /** Programs that run its tests. */
  readonly runners: readonly string[];
  /** What installs its packages, by the lock files. */
  readonly managers: readonly string[];
  /** Those that test, build, check or start it. */
  readonly scripts: readonly Script[];
  readonly frameworks: readonly string[];
  /** Files of continuous integration. */
  readonly ci: readonly string[];
  readonly readme: { readonly path: string; readonly text: string } | null;
}

export interface Language {
  readonly name: string;
  readonly files: number;
  readonly bytes: number;
}

export interface Script {
  /** `''` is the root. */
  readonly folder: string;
  /** As it is called, with the program: `npm run build`, `make test`. */
  readonly call: string;
  /** What it runs; empty where its file says more than a line. */
  readonly runs: string;
}

/** Manifests that are read for what they name; a project of more packages says the same in the first. */
const mostManifests = 200;

/** @param read a file's text; null for what is absent or no text */
export async function projectFacts(
  files: readonly ProjectFile[],
  packages: readonly ProjectPackage[],
  read: (path: string) => Promise<string | null>,
): Promise<ProjectFacts> {
  const paths = new Set(files.map(({ path }) => path));
  const frameworks = new Set<string>();
  for (const { ecosystem, manifest } of packages.slice(0, mostManifests))
    for (const name of frameworksIn(ecosystem, (await read(manifest)) ?? '')) frameworks.add(name);
  return {
    files: files.length,
    languages: languagesOf(files),
    folders: foldersOf(files),
    packages,
    runners: [...new Set(packages.flatMap(({ runners }) => runners))].sort(),
    managers: managersOf(paths),
    scripts: [...packageScripts(packages, paths), ...(await targets(paths, read))],
    frameworks: [...frameworks].sort(),
    ci: [...paths].filter((path) => ciFile.test(path)).sort(),
    readme: await readmeOf(paths, read),
  };
}

function languagesOf(files: readonly ProjectFile[]): Language[] {
  const found = new Map<string, { files: number; bytes: number }>();
  for (const { path, kind, size } of files) {
    const name = kind === 'source' || kind === 'test' ? languageOf(path) : null;
    if (name === null) continue;
    const so = found.get(name) ?? { files: 0, bytes: 0 };
    found.set(name, { files: so.files + 1, bytes: so.bytes + size });
  }
  return [...found]
    .map(([name, so]) => ({ name, files: so.files, bytes: so.bytes }))
    .sort((a, b) => b.bytes - a.bytes || compareFolders(a.name, b.name));
}

function foldersOf(files: readonly ProjectFile[]): ProjectFacts['folders'] {
  const counts = new Map<string, number>();
  for (const { path, kind } of files) {
    if (kind === 'vendored' || kind === 'generated') continue;
    const end = path.indexOf('/');
    if (end !== -1) counts.set(path.slice(0, end), (counts.get(path.slice(0, end)) ?? 0) + 1);
  }
  return [...counts]
    .map(([name, count]) => ({ name, files: count }))
    .sort((a, b) => compareFolders(a.name, b.name));
}

const locks: Readonly<Record<string, string>> = {
  'package-lock.json': 'npm',
  'pnpm-lock.yaml': 'pnpm',
  'yarn.lock': 'yarn',
  'bun.lock': 'bun',
  'bun.lockb': 'bun',
  'uv.lock': 'uv',
  'poetry.lock': 'poetry',
  'pdm.lock': 'pdm',
  'Pipfile.lock': 'pipenv',
  'composer.lock': 'composer',
  'Gemfile.lock': 'bundler',
  'mix.lock': 'mix',
};

function managersOf(paths: ReadonlySet<string>): string[] {
  const found = Object.entries(locks).flatMap(([file, name]) => (paths.has(file) ? [name] : []));
  return [...new Set(found)];
}

const worth =
  /^(?:pre|post)?(?:test|tests|build|lint|start|dev|serve|check|format|fmt|type-?check|types|unit|e2e|bench|coverage|generate|codegen|migrate|docs|ci|verify)(?:[:_-][\w:-]+)?$/;

function packageScripts(packages: readonly ProjectPackage[], paths: ReadonlySet<string>): Script[] {
  const [manager = 'npm'] = managersOf(paths).filter((name) => /^(?:pnpm|yarn|bun)$/.test(name));
  return packages
    .filter(({ ecosystem }) => ecosystem === 'npm')
    .flatMap(({ folder, scripts }) =>
      Object.entries(scripts).flatMap(([name, runs]) =>
        worth.test(name) ? [{ folder, call: `${manager} run ${name}`, runs }] : [],
      ),
    );
}

/** Targets of the files that hold tasks at the root. */
async function targets(
  paths: ReadonlySet<string>,
  read: (path: string) => Promise<string | null>,
): Promise<Script[]> {
  const found: Script[] = [];
  for (const [program, names] of [
    ['make', ['Makefile', 'makefile', 'GNUmakefile']],
    ['just', ['justfile', 'Justfile', '.justfile']],
  ] as const) {
    const path = names.find((name) => paths.has(name));
    const text = path === undefined ? '' : ((await read(path)) ?? '');
    const called = [...text.matchAll(/^([\w-]+)[^:=\n]*:(?!=)/gm)].map(([, name = '']) => name);
    for (const name of new Set(called))
      if (worth.test(name)) found.push({ folder: '', call: `${program} ${name}`, runs: '' });
  }
  return found;
}

const ciFile =
  /^(?:\.(?:github|gitea|forgejo)\/workflows\/[^/]+\.ya?ml|\.gitlab-ci\.ya?ml|\.circleci\/config\.yml|Jenkinsfile|azure-pipelines\.ya?ml|\.travis\.yml|bitbucket-pipelines\.yml|\.buildkite\/[^/]+\.ya?ml|\.drone\.ya?ml|\.woodpecker(?:\/[^/]+)?\.ya?ml|\.?appveyor\.yml|\.cirrus\.yml|\.builds\/[^/]+\.yml|\.semaphore\/[^/]+\.yml)$/;

async function readmeOf(
  paths: ReadonlySet<string>,
  read: (path: string) => Promise<string | null>,
): Promise<ProjectFacts['readme']> {
  const found = [...paths].filter((path) =>
    /^(?:(?:docs|\.github)\/)?readme(?:\.\w+)?$/i.test(path),
  );
  // That of the root, and of several the one whose kind is read by most.
  const [path] = found.sort((a, b) => rank(a) - rank(b) || compareFolders(a, b));
  const text = path === undefined ? null : await read(path);
  return path === undefined || text === null ? null : { path, text };
}

function rank(path: string): number {
  const kinds = ['md', 'markdown', 'mdx', 'rst', 'adoc', 'txt'];
  const ending = baseName(path).split('.')[1]?.toLowerCase() ?? '';
  const kind = kinds.includes(ending) ? kinds.indexOf(ending) : kinds.length;
  return (path.includes('/') ? 10 : 0) + kind;
}
