import { posix } from 'node:path';
import * as z from 'zod';
import type { ProjectView } from '../../files/project-view.ts';
import { baseName, folderFrom, folderOf } from '../../files/slash-paths.ts';

const names = z.array(z.string()).catch([]);
const configSchema = z.object({
  extends: z
    .union([z.string().transform((one) => [one]), names])
    .optional()
    .catch(undefined),
  references: z
    .array(z.object({ path: z.string() }))
    .optional()
    .catch(undefined),
  compilerOptions: z
    .object({
      baseUrl: z.string().optional().catch(undefined),
      paths: z.record(z.string(), names).optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
});

/** What a folder's tsconfig.json or jsconfig.json says of imports. */
export interface PathSettings {
  /** Absolute imports are looked up from here; null for nowhere. */
  readonly baseUrl: string | null;
  /** Patterns and the paths that they stand for, from the project's root. */
  readonly paths: Readonly<Record<string, readonly string[]>>;
}

const deepest = 10;

/** By the folder of the config. @param packageFolder where the package of a name stands, for `extends` */
export async function pathSettings(
  view: ProjectView,
  packageFolder: (name: string) => string | null,
): Promise<Map<string, PathSettings>> {
  const configs = [...view.files]
    .filter((path) => /^(?:ts|js)config\.json$/.test(baseName(path)))
    // A tsconfig.json counts before a jsconfig.json of the same folder.
    .sort()
    .map((path) => ({ path, folder: folderOf(path) }));
  const found = new Map<string, PathSettings>();
  if (configs.length === 0) return found;
  const { parse } = await import('jsonc-parser');
  const read = async (path: string, leaf: string, depth: number): Promise<PathSettings | null> => {
    if (depth > deepest || !view.files.has(path)) return null;
    const text = (await view.read(path)) ?? '';
    const config = configSchema.safeParse(parse(text.replace(/^\ufeff/, ''))).data;
    if (config === undefined) return null;
    const folder = folderOf(path);
    const from = (target: string): string =>
      target.startsWith('${configDir}')
        ? folderFrom(leaf, target.replace(/^\$\{configDir\}\/?/, ''))
        : folderFrom(folder, target);
    let settings: PathSettings = { baseUrl: null, paths: {} };
    for (const base of config.extends ?? []) {
      const inherited = await readFirst(extendedFrom(base, folder, packageFolder), leaf, depth);
      if (inherited !== null) settings = over(settings, inherited);
    }
    const { baseUrl, paths } = config.compilerOptions ?? {};
    const base = baseUrl === undefined ? settings.baseUrl : from(baseUrl);
    settings = { ...settings, baseUrl: base };
    if (paths !== undefined) {
      const at = (target: string): string =>
        target.startsWith('${configDir}') || base === null
          ? from(target)
          : folderFrom(base, target);
      const entries = Object.entries(paths).map(([key, list]) => [key, list.map(at)] as const);
      settings = { ...settings, paths: Object.fromEntries(entries) };
    }
    if (Object.keys(settings.paths).length > 0 || depth > 0) return settings;
    // A config of references alone leaves the settings to those.
    for (const { path: reference } of config.references ?? []) {
      const place = folderFrom(folder, reference);
      const other = await readFirst([place, posix.join(place, 'tsconfig.json')], leaf, depth);
      if (other !== null && Object.keys(other.paths).length > 0 && folderOf(place) === folder)
        return other;
    }
    return settings;
  };
  const readFirst = async (
    paths: readonly string[],
    leaf: string,
    depth: number,
  ): Promise<PathSettings | null> => {
    for (const path of paths) {
      const settings = await read(path, leaf, depth + 1);
      if (settings !== null) return settings;
    }
    return null;
  };
  for (const { path, folder } of configs) {
    const settings = await read(path, folder, 0);
    if (settings !== null) found.set(folder, settings);
  }
  return found;
}

function over(before: PathSettings, { baseUrl, paths }: PathSettings): PathSettings {
  return {
    baseUrl: baseUrl ?? before.baseUrl,
    paths: Object.keys(paths).length > 0 ? paths : before.paths,
  };
}

function extendedFrom(
  base: string,
  folder: string,
  packageFolder: (name: string) => string | null,
): string[] {
  if (base.startsWith('.')) {
    const path = folderFrom(folder, base);
    return [path, `${path}.json`];
  }
  const [, name = '', rest = ''] = /^(@[^/]+\/[^/]+|[^/]+)\/?(.*)$/.exec(base) ?? [];
  const place = packageFolder(name);
  if (place === null) return [];
  const path = folderFrom(place, rest === '' ? 'tsconfig.json' : rest);
  return [path, `${path}.json`];
}
