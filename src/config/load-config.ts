import { homedir } from 'node:os';
import { dirname, relative, resolve } from 'node:path';
import { BlueprintError, type Diagnostic } from '../domain/errors.ts';
import type { ConfigFlags } from './config-flags.ts';
import { readConfigFile } from './config-file.ts';
import { defaults } from './defaults.ts';
import { settings, otherVariables, unknownVariables } from './environment.ts';
import { resolveFeaturesDir } from './features-dir.ts';
import { findConfig } from './find-config.ts';
import { environmentLayer, fileLayer, flagsLayer, type Layer } from './layers.ts';
import type { ResolvedConfig } from './resolved-config.ts';
import { resolveEnsemble } from './resolve-ensemble.ts';
import { resolveGates } from './resolve-gates.ts';
import { freePrices, resolveProviders } from './resolve-providers.ts';
import { namedProviders, resolveRoles, unknownProviders } from './resolve-roles.ts';
import { resolveTournament, strategyOf } from './resolve-tournament.ts';
import { strayProviders } from './stray-providers.ts';
import type { WrittenConfig } from './schema.ts';

export type { ConfigFlags } from './config-flags.ts';

export interface ConfigInput {
  /** Absolute. */
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly flags: ConfigFlags;
  /** Where the search for a config file ends; by default the user's home folder. */
  readonly home?: string;
}

/**
 * The config: flags above environment above file above defaults.
 * @throws BlueprintError `config-…` with everything that is wrong, each with its place and fix.
 */
export async function loadConfig(input: ConfigInput): Promise<ResolvedConfig> {
  const { cwd, env, flags, home = homedir() } = input;
  const asked = flags.config ?? valueOf(env['BLUEPRINT_CONFIG']);
  const found =
    asked === undefined
      ? await findConfig(cwd, home)
      : { file: resolve(cwd, asked), gitRoot: null };
  const { file } = found;
  const root = file === null ? (found.gitRoot ?? cwd) : dirname(file);

  const checked = [
    await flagsLayer(flags),
    await environmentLayer(env),
    ...(file === null ? [] : [await readLayer(file, cwd)]),
  ];
  const problems = checked.flatMap((result) => ('problems' in result ? result.problems : []));
  const layers = checked.flatMap((result) => ('layer' in result ? result.layer : []));

  const scriptFlag = valueOf(flags.script);
  const scriptVariable = valueOf(env['BLUEPRINT_SCRIPT']);
  const script = scriptFlag ?? scriptVariable;
  const fileConfig = layers.find((layer) => layer.source === 'config');
  const resolved = resolveProviders({
    written: fileConfig?.config.providers,
    env,
    root,
    script: script === undefined ? undefined : resolve(cwd, script),
    named: new Set(namedProviders(layers).map(({ provider }) => provider)),
    place: fileConfig?.place ?? (() => 'config'),
  });
  const featuresDir = await featuresDirOf(layers, root);
  problems.push(
    ...resolved.problems,
    ...(featuresDir.problem === null ? [] : [featuresDir.problem]),
  );
  // Of a file that is wrong it is not known which providers it describes.
  if (file === null || fileConfig !== undefined) {
    const written = Object.keys(fileConfig?.config.providers ?? {});
    problems.push(...(await unknownProviders(layers, [...resolved.providers.keys(), ...written])));
  }
  const tournament = resolveTournament(fileConfig);
  problems.push(...tournament.problems);
  throwAll(problems);

  const scriptSource = scriptFlag !== undefined ? 'flag' : 'environment';
  return {
    root,
    file,
    featuresDir: featuresDir.featuresDir,
    roles: resolveRoles(layers, script === undefined ? null : scriptSource),
    providers: resolved.providers,
    routing: merged('routing', layers),
    pipeline: merged('pipeline', layers),
    executor: merged('executor', layers),
    ensemble: resolveEnsemble(layers),
    supervisor: merged('supervisor', layers),
    strategy: strategyOf(strongest(layers, 'strategy')?.value),
    tournament: tournament.resolved,
    sandbox: {
      ...noImage,
      ...merged('sandbox', layers),
      ...(flags.unsafeNoSandbox === true && { kind: 'none' as const }),
    },
    workspace: { ...noIdentity, ...merged('workspace', layers) },
    gates: resolveGates(layers),
    calls: merged('calls', layers),
    models: new Map(Object.entries(fileConfig?.config.models ?? {})),
    limits: new Map(Object.entries(fileConfig?.config.limits ?? {})),
    budget: { ...noCaps, ...merged('budget', layers) },
    prices: new Map([
      ...freePrices(resolved.providers.values()),
      ...Object.entries(fileConfig?.config.prices ?? {}),
    ]),
    warnings: [
      ...resolved.warnings,
      ...(fileConfig === undefined ? [] : await strayProviders(fileConfig)),
      ...(await variableWarnings(env)),
    ],
  };
}

async function readLayer(file: string, cwd: string) {
  const below = relative(cwd, file);
  const shown = below === '' ? file : below;
  return fileLayer(await readConfigFile(file, shown), shown);
}

const noIdentity = { identity: null };
const noImage = { image: null };
const noCaps = { run: null, feature: null, roles: {} };

type Section =
  'routing' | 'pipeline' | 'executor' | 'supervisor' | 'sandbox' | 'workspace' | 'calls' | 'budget';

/** A section's settings, each from the strongest layer that has it. */
function merged<S extends Section>(section: S, layers: readonly Layer[]): ResolvedConfig[S] {
  const result: Record<string, unknown> = { ...defaults[section] };
  for (const { config } of layers.toReversed()) {
    for (const [key, value] of Object.entries(config[section] ?? {}))
      if (value !== undefined) result[key] = value;
  }
  return result as unknown as ResolvedConfig[S];
}

function strongest<K extends keyof WrittenConfig>(
  layers: readonly Layer[],
  key: K,
): { value: NonNullable<WrittenConfig[K]>; layer: Layer } | null {
  for (const layer of layers) {
    const value = layer.config[key];
    if (value !== undefined && value !== null) return { value, layer };
  }
  return null;
}

async function featuresDirOf(layers: readonly Layer[], root: string) {
  const written = strongest(layers, 'featuresDir');
  const place = written?.layer.place(['featuresDir']) ?? root;
  return resolveFeaturesDir(root, written?.value ?? defaults.featuresDir, place);
}

async function variableWarnings(env: NodeJS.ProcessEnv): Promise<Diagnostic[]> {
  const unknown = unknownVariables(env);
  if (unknown.length === 0) return [];
  const { nearest } = await import('../text/nearest.ts');
  const { shown } = await import('../text/schema-problems.ts');
  const known = [...otherVariables, ...settings.map(({ variable }) => variable)];
  return unknown.map((name) => {
    const near = nearest(name, known);
    return {
      code: 'variable-unknown',
      message: `The environment variable ${shown(name)} is not known`,
      target: shown(name),
      ...(near !== null && { fix: `Did you mean ${near}?` }),
    };
  });
}

function throwAll(problems: readonly Diagnostic[]): void {
  const [first, ...others] = problems;
  if (first !== undefined) throw new BlueprintError({ ...first, others: others.slice(0, 19) });
}

const valueOf = (text: string | undefined): string | undefined =>
  text === undefined || text.trim() === '' ? undefined : text.trim();
