import { posix } from 'node:path';
import * as z from 'zod';
import type { ProjectView } from '../../files/project-view.ts';
import { folderFrom, folderOf } from '../../files/slash-paths.ts';
import { globPattern } from '../../text/glob.ts';
import {
  dependenciesOf,
  npmManifests,
  scriptsOf,
  type FoundManifest,
  type Manifest,
} from './package-json.ts';
import {
  manifestsIn,
  otherFolders,
  type ProjectPackage,
  type Surveyed,
} from './project-package.ts';

/** The packages that package.json files make, in the workspaces of npm, yarn, bun and pnpm. */
export async function npmPackagesIn({ view, folders }: Surveyed): Promise<ProjectPackage[]> {
  const read = await npmManifests(view);
  const roots = await workspaceRoots(view, read);
  const byFolder = new Map(read.map((one) => [one.folder, one]));
  return read.map(({ folder, path, manifest }) => {
    const root = roots.get(folder) ?? null;
    const siblings = read.filter((one) => root !== null && roots.get(one.folder) === root);
    return {
      folder,
      name: manifest?.name ?? null,
      ecosystem: 'npm',
      manifest: path,
      workspaceRoot: root,
      dependsOn: manifest === null ? [] : dependsOn(folder, manifest, siblings, byFolder),
      scripts: scriptsOf(manifest),
      runners: manifest === null ? [] : runnersOf(manifest),
      sourceRoots: [posix.join(folder, 'src')].filter((one) => folders.has(one)).concat(folder),
      entryPoints: manifest === null ? [] : entryPointsOf(manifest),
      problem: manifest === null ? 'it is no valid JSON' : null,
    };
  });
}

/** By the folder of each member, and of the root itself: the folder of its workspace's root. */
async function workspaceRoots(
  view: ProjectView,
  read: readonly FoundManifest[],
): Promise<ReadonlyMap<string, string>> {
  const roots = new Map<string, string>();
  for (const folder of await rootFolders(view, read)) {
    const globs = await globsOf(view, folder, read);
    if (globs === null) continue;
    const [taken, left] = [false, true].map((isLeftOut) =>
      globs
        .filter((glob) => glob.startsWith('!') === isLeftOut)
        .map((glob) => globPattern(glob.replace(/^!/, ''))),
    );
    roots.set(folder, folder);
    for (const one of read) {
      const below = posix.relative(`/${folder}`, `/${one.folder}`);
      if (below === '' || below.startsWith('..')) continue;
      const fits = (pattern: RegExp): boolean => pattern.test(below);
      if (taken?.some(fits) === true && left?.some(fits) !== true) roots.set(one.folder, folder);
    }
  }
  return roots;
}

async function rootFolders(
  view: ProjectView,
  read: readonly FoundManifest[],
): Promise<Set<string>> {
  const others = manifestsIn(view, workspaceFile).map((path) => folderOf(path));
  return new Set([...read.map(({ folder }) => folder), ...others].sort());
}

const workspaceFile = /^(?:pnpm-workspace\.yaml|lerna\.json)$/;
const workspaceSchema = z.object({ packages: z.array(z.string()) });

/** Null for a folder that is no workspace's root. pnpm takes its own file alone. */
async function globsOf(
  view: ProjectView,
  folder: string,
  read: readonly FoundManifest[],
): Promise<readonly string[] | null> {
  const text = await view.read(posix.join(folder, 'pnpm-workspace.yaml'));
  if (text !== null) return pnpmGlobs(text);
  const own = read.find((one) => one.folder === folder)?.manifest?.workspaces;
  if (own !== undefined) return own;
  const lerna = (await view.read(posix.join(folder, 'lerna.json'))) ?? 'null';
  try {
    return workspaceSchema.safeParse(JSON.parse(lerna)).data?.packages ?? null;
  } catch {
    return null;
  }
}

/**
 * The list `packages` of a pnpm-workspace.yaml. Not by a reader of YAML: a text that is nested deep enough ends
 * the process in there.
 */
function pnpmGlobs(text: string): string[] {
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  const start = lines.findIndex((line) => /^(["']?)packages\1[ \t]*:/.test(line));
  if (start === -1) return [];
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => /^[^\s#\]-]/.test(line));
  const own = [
    (lines[start] ?? '').replace(/^[^:]*:/, ''),
    ...rest.slice(0, end === -1 ? undefined : end),
  ].join('\n');
  const [flow] = /^\s*\[[^\]]*/.exec(own) ?? [];
  const items =
    flow === undefined
      ? own.matchAll(/^[ \t]*-[ \t]+(?:"([^"\n]*)"|'([^'\n]*)'|([^\s#"'][^\n#]*))/gm)
      : flow.matchAll(/"([^"\n]*)"|'([^'\n]*)'|([^\s,[\]"'#]+)/g);
  return [...items].map(([, double, single, bare]) => (double ?? single ?? bare ?? '').trim());
}

/** By name within its workspace, and by a path anywhere. */
function dependsOn(
  folder: string,
  manifest: Manifest,
  siblings: readonly FoundManifest[],
  byFolder: ReadonlyMap<string, FoundManifest>,
): string[] {
  const asked = dependenciesOf(manifest);
  const named = siblings.filter((one) => asked.has(one.manifest?.name ?? ''));
  const { dependencies, devDependencies, peerDependencies, optionalDependencies } = manifest;
  const paths = [dependencies, devDependencies, peerDependencies, optionalDependencies]
    .flatMap((each) => Object.values(each))
    .flatMap((version) => {
      const [, path] =
        /^(?:file|link|portal|workspace):(\.{1,2}\/.*|\.\.?)$/.exec(String(version)) ?? [];
      return path === undefined ? [] : [folderFrom(folder, path)];
    });
  return otherFolders(folder, [
    ...named.map((one) => one.folder),
    ...paths.filter((path) => byFolder.has(path)),
  ]);
}

const known = [
  'vitest',
  'jest',
  'mocha',
  'ava',
  'tap',
  'tape',
  'uvu',
  'jasmine',
  'karma',
  'playwright',
  'cypress',
];
const packageNames: Readonly<Record<string, string>> = { playwright: '@playwright/test' };

function runnersOf(manifest: Manifest): string[] {
  const asked = dependenciesOf(manifest);
  const scripts = Object.values(scriptsOf(manifest)).join('\n');
  const found = known.filter(
    (name) =>
      asked.has(packageNames[name] ?? name) ||
      new RegExp(String.raw`(?:^|[\s/&;|])${name}(?=\s|$)`, 'm').test(scripts),
  );
  if (/\bnode\b[^\n&;|]*\s--test\b/.test(scripts)) found.push('node --test');
  if (/\bbun test\b/.test(scripts)) found.push('bun test');
  if (/\bdeno test\b/.test(scripts)) found.push('deno test');
  return found;
}

function entryPointsOf({ name, main, module, bin, exports }: Manifest): string[] {
  const programs =
    typeof bin === 'string'
      ? [`${(name ?? '').replace(/^@[^/]*\//, '')}: ${bin}`]
      : Object.entries(bin ?? {}).map(([program, path]) => `${program}: ${path}`);
  const [exported] = [firstPath(exports, 0), module, main].flatMap((path) => path ?? []);
  return exported === undefined ? programs : [exported, ...programs];
}

/** What the package itself is when it is imported, by the first of its conditions that names a file. */
function firstPath(exports: unknown, depth: number): string | undefined {
  if (typeof exports === 'string') return exports;
  if (typeof exports !== 'object' || exports === null || depth > 5) return undefined;
  const all = Object.entries(exports);
  const own = all.filter(([key]) => key === '.');
  const conditions = all.filter(([key]) => !key.startsWith('.') && key !== 'types');
  for (const [, value] of own.length > 0 ? own : conditions) {
    const path = firstPath(value, depth + 1);
    if (path !== undefined) return path;
  }
  return undefined;
}
