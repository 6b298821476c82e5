import { posix } from 'node:path';
import * as z from 'zod';
import type { ProjectView } from '../../files/project-view.ts';
import { folderFrom, folderOf, innermost, isBelow } from '../../files/slash-paths.ts';
import { globPattern } from '../../text/glob.ts';
import {
  manifestsIn,
  otherFolders,
  type ProjectPackage,
  type Surveyed,
} from './project-package.ts';
import { pythonManifests, pythonNeeds } from './python-manifests.ts';

const texts = z.array(z.string()).catch([]).default([]);
const entries = z.record(z.string(), z.unknown()).catch({}).default({});
const nameOnly = z.object({ name: z.string().optional().catch(undefined), scripts: entries });
const projectSchema = z.object({
  project: nameOnly.optional().catch(undefined),
  tool: z
    .object({
      poetry: nameOnly
        .extend({
          packages: z
            .array(z.object({ from: z.string().optional() }))
            .catch([])
            .default([]),
        })
        .optional()
        .catch(undefined),
      uv: z
        .object({ workspace: z.object({ members: texts, exclude: texts }).optional() })
        .optional()
        .catch(undefined),
      setuptools: z
        .object({
          'package-dir': entries,
          packages: z
            .object({ find: z.object({ where: texts }) })
            .optional()
            .catch(undefined),
        })
        .optional()
        .catch(undefined),
    })
    .optional()
    .catch(undefined),
});
type PyProject = z.infer<typeof projectSchema>;

interface Read {
  readonly folder: string;
  /** The first of its manifests. */
  readonly path: string;
  /** All of them. */
  readonly text: string;
  readonly pyproject: PyProject | null;
  readonly problem: string | null;
}

const manifest = /^(?:pyproject\.toml|setup\.(?:py|cfg)|Pipfile|requirements\.txt)$/;
/** What names a package before what only lists what it needs. */
const order = ['pyproject.toml', 'setup.cfg', 'setup.py', 'Pipfile', 'requirements.txt'];

/** The packages of Python, in the workspaces of uv. */
export async function pythonPackagesIn({ view, folders }: Surveyed): Promise<ProjectPackage[]> {
  const read = await readAll(view);
  if (read.length === 0) return [];
  const manifests = await pythonManifests(view);
  const own = read.map(({ folder }) => folder);
  const hasTests = foldersWithTests(view, own);
  return read.map((one) => {
    const { folder, path, text, problem } = one;
    const needed = pythonNeeds(folder, manifests).filter((other) => own.includes(other));
    return {
      folder,
      name: nameOf(one),
      ecosystem: 'python',
      manifest: path,
      workspaceRoot: workspaceOf(folder, read),
      dependsOn: otherFolders(folder, needed),
      scripts: {},
      runners: runnersOf(text, view, folder, hasTests.has(folder)),
      sourceRoots: sourceRootsOf(one, folders),
      entryPoints: entryPointsOf(one.pyproject),
      problem,
    };
  });
}

async function readAll(view: ProjectView): Promise<Read[]> {
  const byFolder = new Map<string, string[]>();
  for (const path of manifestsIn(view, manifest)) {
    const folder = folderOf(path);
    byFolder.set(folder, [...(byFolder.get(folder) ?? []), path]);
  }
  const read: Read[] = [];
  for (const [folder, paths] of byFolder) {
    const sorted = paths.sort((a, b) => rank(a) - rank(b));
    const [path = ''] = sorted;
    const found = await Promise.all(sorted.map(async (one) => (await view.read(one)) ?? ''));
    const isToml = posix.basename(path) === 'pyproject.toml';
    const pyproject = isToml ? await parsed(found[0] ?? '') : null;
    const problem = isToml && pyproject === null ? 'it is no valid TOML' : null;
    read.push({ folder, path, text: found.join('\n'), pyproject, problem });
  }
  // A requirements file below a package is a part of that.
  return read.filter(
    ({ path, folder }) =>
      posix.basename(path) !== 'requirements.txt' ||
      !read.some((other) => other.folder !== folder && isBelow(folder, other.folder)),
  );
}

function rank(path: string): number {
  return order.indexOf(posix.basename(path));
}

async function parsed(text: string): Promise<PyProject | null> {
  const { parse } = await import('smol-toml');
  try {
    return projectSchema.parse(parse(text.replace(/^\ufeff/, '')));
  } catch {
    return null;
  }
}

function nameOf({ text, pyproject, problem }: Read): string | null {
  if (problem !== null) return null;
  const own = pyproject?.project?.name ?? pyproject?.tool?.poetry?.name;
  if (own !== undefined) return own;
  // What is given to a call, and what a section says.
  const call = /\bsetup\s?\(/.exec(text);
  const given = call === null ? '' : text.slice(call.index, call.index + 5000);
  const section = text.split(/^\[/m).find((part) => part.startsWith('metadata]')) ?? '';
  const name = /\bname\s?=\s?["']([\w.-]+)["']/.exec(given);
  return (name ?? /^name[ \t]*=[ \t]*([\w.-]+)/m.exec(section))?.[1] ?? null;
}

function workspaceOf(folder: string, read: readonly Read[]): string | null {
  for (const { folder: root, pyproject } of read) {
    const workspace = pyproject?.tool?.uv?.workspace;
    if (workspace === undefined || !isBelow(folder, root)) continue;
    if (folder === root) return root;
    const below = posix.relative(`/${root}`, `/${folder}`);
    const fits = (glob: string): boolean => globPattern(glob).test(below);
    if (workspace.members.some(fits) && !workspace.exclude.some(fits)) return root;
  }
  return null;
}

function sourceRootsOf({ folder, text, pyproject }: Read, folders: ReadonlySet<string>): string[] {
  const setuptools = pyproject?.tool?.setuptools;
  const said = [
    ...(setuptools?.packages?.find.where ?? []),
    setuptools?.['package-dir'][''],
    ...(pyproject?.tool?.poetry?.packages ?? []).map(({ from }) => from),
    /package_dir[ \t]*=\s{0,20}(?:\{\s{0,20}["']["']\s?:\s?["']([\w./-]+)["']|=[ \t]*([\w./-]+))/
      .exec(text)
      ?.slice(1)
      .find((one) => one !== undefined),
    'src',
  ];
  const roots = said.flatMap((path) =>
    typeof path === 'string' && !path.startsWith('/') ? [folderFrom(folder, path)] : [],
  );
  return [...new Set([...roots.filter((root) => folders.has(root)), folder])];
}

function entryPointsOf(pyproject: PyProject | null): string[] {
  const all = [pyproject?.project?.scripts ?? {}, pyproject?.tool?.poetry?.scripts ?? {}];
  return all
    .flatMap((scripts) => Object.entries(scripts))
    .flatMap(([name, target]) => (typeof target === 'string' ? [`${name}: ${target}`] : []));
}

const testFile = /(?:^|\/)(?:test_[^/]*|[^/]*_test|tests)\.py$/;

function foldersWithTests({ files }: ProjectView, folders: readonly string[]): Set<string> {
  const found = new Set<string>();
  for (const path of files)
    if (testFile.test(path)) {
      const folder = innermost(path, folders);
      if (folder !== null) found.add(folder);
    }
  return found;
}

function runnersOf(
  text: string,
  { files }: ProjectView,
  folder: string,
  hasTests: boolean,
): string[] {
  const has = (name: string): boolean => files.has(posix.join(folder, name));
  const found: string[] = [];
  if (/\bpytest\b/.test(text) || has('pytest.ini') || has('.pytest.ini') || has('conftest.py'))
    found.push('pytest');
  if (has('tox.ini') || /^\[tool\.tox\b/m.test(text)) found.push('tox');
  if (has('noxfile.py')) found.push('nox');
  return found.length === 0 && hasTests ? ['unittest'] : found;
}
