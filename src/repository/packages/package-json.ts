import * as z from 'zod';
import type { ProjectView } from '../../files/project-view.ts';
import { folderOf } from '../../files/slash-paths.ts';
import { manifestsIn } from './project-package.ts';

const names = z.record(z.string(), z.unknown()).catch({}).default({});
const manifestSchema = z.object({
  name: z.string().optional().catch(undefined),
  version: z.string().optional().catch(undefined),
  packageManager: z.string().optional().catch(undefined),
  scripts: names,
  dependencies: names,
  devDependencies: names,
  peerDependencies: names,
  optionalDependencies: names,
  jest: z.unknown().optional(),
  vitest: z.unknown().optional(),
  workspaces: z
    .union([
      z.array(z.string()),
      z.object({ packages: z.array(z.string()) }).transform(({ packages }) => packages),
    ])
    .optional()
    .catch(undefined),
  main: z.string().optional().catch(undefined),
  module: z.string().optional().catch(undefined),
  bin: z
    .union([z.string(), z.record(z.string(), z.string())])
    .optional()
    .catch(undefined),
  exports: z.unknown().optional(),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** The package.json of a folder, the root's by default; empty when it is absent or broken. */
export async function readManifest(project: ProjectView, folder = ''): Promise<Manifest> {
  const path = folder === '' ? 'package.json' : `${folder}/package.json`;
  return parseManifest((await project.read(path)) ?? '{}') ?? manifestSchema.parse({});
}

/** What of a package.json is as it should be; null where the whole is none. */
function parseManifest(text: string): Manifest | null {
  try {
    // npm too reads past a byte order mark.
    return manifestSchema.parse(JSON.parse(text.replace(/^\ufeff/, '')));
  } catch {
    return null;
  }
}

/** The `test` script, or null when there is none that does something. */
export async function testScript(project: ProjectView, folder = ''): Promise<string | null> {
  return scriptsOf(await readManifest(project, folder))['test'] ?? null;
}

/** Scripts that do something, by their names. */
export function scriptsOf(manifest: Manifest | null): Record<string, string> {
  const scripts: Record<string, string> = {};
  for (const [name, script] of Object.entries(manifest?.scripts ?? {}))
    // What `npm init` writes does nothing.
    if (typeof script === 'string' && script.trim() !== '' && !/no test specified/.test(script))
      scripts[name] = script;
  return scripts;
}

/** A package.json with its folder: '' for the root, else without a slash at its end. */
export interface FoundManifest {
  readonly folder: string;
  readonly path: string;
  /** Null for a broken one. */
  readonly manifest: Manifest | null;
}

/** Those of a project, the root's first. What is data of tests is none. */
export async function npmManifests(project: ProjectView): Promise<FoundManifest[]> {
  return Promise.all(
    manifestsIn(project, /^package\.json$/).map(async (path) => ({
      folder: folderOf(path),
      path,
      manifest: parseManifest((await project.read(path)) ?? ''),
    })),
  );
}

/** The scripts that npm runs for `npm test`, in order. */
export async function testScripts(project: ProjectView, folder: string): Promise<string[]> {
  const { scripts } = await readManifest(project, folder);
  return ['pretest', 'test', 'posttest'].flatMap((name) => {
    const script = scripts[name];
    return typeof script === 'string' && script.trim() !== '' ? [script] : [];
  });
}

/** Names of all packages that a manifest asks for. */
export function dependenciesOf(manifest: Manifest): Set<string> {
  const { dependencies, devDependencies, peerDependencies, optionalDependencies } = manifest;
  const all = [dependencies, devDependencies, peerDependencies, optionalDependencies];
  return new Set(all.flatMap((each) => Object.keys(each)));
}
