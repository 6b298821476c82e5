import type { Diagnostic } from '../domain/errors.ts';
import type { ConfigSource } from './config-file.ts';
import type { ConfigFlags } from './config-flags.ts';
import { keysWith, valueOf } from './keys.ts';
import { merged, placed } from './merge.ts';
import type { ResolvedRole } from './resolved-config.ts';
import { configSchema, type WrittenConfig } from './schema.ts';
import { flagSettings, type Setting } from './flag-settings.ts';

type Path = readonly PropertyKey[];

/** One place that settings come from, checked by itself. */
export interface Layer {
  readonly source: Exclude<ResolvedRole['source'], 'default'>;
  /** As it was written: without defaults. */
  readonly config: WrittenConfig;
  /** What a user would look at for a setting, as `file:line`, a variable or an option. */
  readonly place: (path: Path) => string;
}

export type CheckedLayer = { readonly layer: Layer } | { readonly problems: readonly Diagnostic[] };

export async function fileLayer(source: ConfigSource, shown: string): Promise<CheckedLayer> {
  const place = (path: Path): string => {
    const line = source.lineOf(path);
    return line === null ? shown : `${shown}:${line}`;
  };
  return checked('config', source.value, place, dotted);
}

/** Empty variables count as not set. */
export async function environmentLayer(env: NodeJS.ProcessEnv): Promise<CheckedLayer> {
  const settings = keysWith('variable').flatMap(({ path, facts }): Setting[] => {
    const place = `BLUEPRINT_${facts.variable ?? ''}`;
    const text = env[place]?.trim() ?? '';
    return text === '' ? [] : [{ path, place, value: valueOf(text, path) }];
  });
  return layerOf('environment', settings);
}

export async function flagsLayer(flags: ConfigFlags): Promise<CheckedLayer> {
  const { settings, problems } = await flagSettings(flags);
  const result = await layerOf('flag', settings);
  if (problems.length === 0) return result;
  return { problems: [...problems, ...('problems' in result ? result.problems : [])] };
}

/** @param settings the later ones above the earlier ones. */
async function layerOf(
  source: Layer['source'],
  settings: readonly Setting[],
): Promise<CheckedLayer> {
  const value = settings.reduce<unknown>(
    (below, { path, value }) => merged(below, placed(path, value)),
    {},
  );
  const place = (path: Path): string => {
    const found = settings.findLast((setting) =>
      setting.path.every((step, at) => at >= path.length || step === path[at]),
    );
    if (found !== undefined) return found.place;
    // What is missing beside a setting is reported at that setting's place.
    return path.length === 0 ? source : place(path.slice(0, -1));
  };
  const named = (path: Path): string => {
    const found = place(path);
    return found.startsWith('--set') ? dotted(path) : found;
  };
  if (settings.length === 0) return { layer: { source, config: {}, place } };
  return checked(source, value, place, named);
}

async function checked(
  source: Layer['source'],
  value: unknown,
  place: (path: Path) => string,
  name: (path: Path) => string,
): Promise<CheckedLayer> {
  // Compiling a parser for it takes longer than one reading without.
  const parsed = configSchema.safeParse(value, { jitless: true });
  // What was checked is kept as it was written: what is not in it may still come from elsewhere.
  if (parsed.success) return { layer: { source, config: value as WrittenConfig, place } };
  const { schemaProblems } = await import('../text/schema-problems.ts');
  const problems = schemaProblems(parsed.error, value, configSchema);
  return {
    problems: problems.map(({ kind, path, message, fix }) => ({
      code: `config-${kind}`,
      message: `${path.length === 0 ? 'The config' : name(path)} ${message}`,
      target: place(path),
      fix,
    })),
  };
}

/** `roles.coder[0]` */
export function dotted(path: Path): string {
  return path
    .map((step, at) => {
      if (typeof step === 'number') return `[${step}]`;
      return `${at === 0 ? '' : '.'}${String(step)
        .replace(/[\p{Cc}\p{Cf}]/gu, '')
        .slice(0, 60)}`;
    })
    .join('');
}
