import { posix } from 'node:path';
import * as z from 'zod';
import { changedRuns, folderFrom, folderOf, isBelow } from './package-folders.ts';
import type { ProjectView } from './runner.ts';

const dependenciesSchema = z.record(z.string(), z.unknown()).catch({}).default({});
const namesSchema = z.array(z.string()).catch([]).default([]);
const manifestSchema = z.object({
  package: z
    .object({ workspace: z.string().optional().catch(undefined) })
    .optional()
    .catch({}),
  workspace: z.object({ exclude: namesSchema }).optional().catch(undefined),
  dependencies: dependenciesSchema,
  'dev-dependencies': dependenciesSchema,
  'build-dependencies': dependenciesSchema,
});
type Manifest = z.infer<typeof manifestSchema>;

export interface CargoRun {
  /** `''` is the root. */
  readonly folder: string;
  readonly isWorkspace: boolean;
}

/**
 * Where `cargo test` is to run: in each workspace, and in each package that is in none. With changed files
 * known, those that hold one, or depend by a path on one that does.
 */
export async function cargoRuns(
  project: ProjectView,
  touched: readonly string[],
): Promise<CargoRun[]> {
  const manifests = await readManifests(project);
  const runs = [...manifests].flatMap(([folder, manifest]): CargoRun[] => {
    if (manifest.workspace !== undefined) return [{ folder, isWorkspace: true }];
    if (manifest.package === undefined) return [];
    if (manifest.package.workspace !== undefined) return [];
    return isLeftToWorkspace(folder, manifests) ? [] : [{ folder, isWorkspace: false }];
  });
  const needs = (run: CargoRun): string[] => {
    const within = run.isWorkspace
      ? [...manifests.keys()].filter((folder) => isBelow(folder, run.folder))
      : [run.folder];
    return within.flatMap((folder) => pathsOf(folder, manifests.get(folder)));
  };
  return changedRuns(runs, touched, needs);
}

async function readManifests(project: ProjectView): Promise<Map<string, Manifest>> {
  const paths = [...project.files].filter((path) => posix.basename(path) === 'Cargo.toml').sort();
  if (paths.length === 0) return new Map();
  const { parse } = await import('smol-toml');
  const manifests = new Map<string, Manifest>();
  for (const path of paths) {
    try {
      const text = (await project.read(path)) ?? '';
      manifests.set(folderOf(path), manifestSchema.parse(parse(text)));
    } catch {
      // Cargo says what is wrong with it; that it is there counts.
      manifests.set(folderOf(path), manifestSchema.parse({ package: {} }));
    }
  }
  return manifests;
}

/**
 * Whether cargo would take a package for one of a workspace above it. Where it is no member of that, cargo
 * refuses to test it alone.
 */
function isLeftToWorkspace(folder: string, manifests: ReadonlyMap<string, Manifest>): boolean {
  for (let at = folder; at !== '';) {
    at = folderOf(at);
    const workspace = manifests.get(at)?.workspace;
    if (workspace === undefined) continue;
    return !workspace.exclude.some((path) => isBelow(folder, posix.join(at, path)));
  }
  return false;
}

/** Folders that a package depends on by their paths. */
function pathsOf(folder: string, manifest: Manifest | undefined): string[] {
  if (manifest === undefined) return [];
  const { dependencies, 'dev-dependencies': dev, 'build-dependencies': build } = manifest;
  return [dependencies, dev, build].flatMap(Object.values).flatMap((value: unknown) => {
    const path = z.object({ path: z.string() }).safeParse(value).data?.path;
    return path === undefined ? [] : [folderFrom(folder, path)];
  });
}
