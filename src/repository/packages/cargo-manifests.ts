import { posix } from 'node:path';
import * as z from 'zod';
import { pathsEnding } from '../../files/by-ending.ts';
import type { ProjectView } from '../../files/project-view.ts';
import { baseName, folderFrom, folderOf, isBelow } from '../../files/slash-paths.ts';

const dependenciesSchema = z.record(z.string(), z.unknown()).catch({}).default({});
const namesSchema = z.array(z.string()).catch([]).default([]);
const manifestSchema = z.object({
  package: z
    .object({
      name: z.string().optional().catch(undefined),
      workspace: z.string().optional().catch(undefined),
    })
    .optional()
    .catch({}),
  workspace: z
    .object({ exclude: namesSchema, dependencies: dependenciesSchema })
    .optional()
    .catch(undefined),
  dependencies: dependenciesSchema,
  'dev-dependencies': dependenciesSchema,
  'build-dependencies': dependenciesSchema,
});
export type CargoManifest = z.infer<typeof manifestSchema> & {
  /** It is no TOML: nothing is known but that it is there. */
  readonly isBroken: boolean;
};

/** By folder (`''` is the root), sorted. */
export type CargoManifests = ReadonlyMap<string, CargoManifest>;

export async function cargoManifests(project: ProjectView): Promise<CargoManifests> {
  const paths = pathsEnding(project.files, ['toml'])
    .filter((path) => baseName(path) === 'Cargo.toml')
    .sort();
  if (paths.length === 0) return new Map();
  const { parse } = await import('smol-toml');
  const manifests = new Map<string, CargoManifest>();
  for (const path of paths) {
    try {
      const text = ((await project.read(path)) ?? '').replace(/^\ufeff/, '');
      manifests.set(folderOf(path), { ...manifestSchema.parse(parse(text)), isBroken: false });
    } catch {
      // Cargo says what is wrong with it; that it is there counts.
      manifests.set(folderOf(path), { ...manifestSchema.parse({ package: {} }), isBroken: true });
    }
  }
  return manifests;
}

/**
 * The workspace above a package that cargo would take it for one of; null for none. Where it is no member of
 * that, cargo refuses to test it alone.
 */
export function cargoWorkspaceAbove(folder: string, manifests: CargoManifests): string | null {
  for (let at = folder; at !== '';) {
    at = folderOf(at);
    const workspace = manifests.get(at)?.workspace;
    if (workspace === undefined) continue;
    const isLeftOut = workspace.exclude.some((path) => isBelow(folder, posix.join(at, path)));
    return isLeftOut ? null : at;
  }
  return null;
}

/**
 * Folders that a package depends on by their paths, as it writes them itself or has them from its workspace.
 */
export function cargoPathsOf(folder: string, manifests: CargoManifests): string[] {
  const manifest = manifests.get(folder);
  if (manifest === undefined) return [];
  const { dependencies, 'dev-dependencies': dev, 'build-dependencies': build } = manifest;
  const above = manifest.workspace === undefined ? cargoWorkspaceAbove(folder, manifests) : folder;
  const shared = above === null ? {} : (manifests.get(above)?.workspace?.dependencies ?? {});
  return [dependencies, dev, build].flatMap(Object.entries).flatMap(([name, value]) => {
    const own = pathIn(value);
    if (own !== null) return [folderFrom(folder, own)];
    const isShared = sharedSchema.safeParse(value).success;
    const path = isShared ? pathIn(shared[name]) : null;
    return path === null || above === null ? [] : [folderFrom(above, path)];
  });
}

const sharedSchema = z.object({ workspace: z.literal(true) });

function pathIn(value: unknown): string | null {
  return z.object({ path: z.string() }).safeParse(value).data?.path ?? null;
}
