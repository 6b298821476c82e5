import { homedir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { BlueprintError, throwAll, type Diagnostic } from '../domain/errors.ts';
import { modelRoles, parseModelRef, type ModelRef, type ModelRole } from '../domain/model-role.ts';
import { knownProviders } from '../extensions.ts';
import { rulesRef } from './default-models.ts';
import type { ConfigFlags } from './config-flags.ts';
import { resolveFeaturesDir } from './features-dir.ts';
import { findConfig } from './find-config.ts';
import { keysWith } from './keys.ts';
import { providersInRoles, providersInSettings, unknownProviders } from './known-names.ts';
import { environmentLayer, flagsLayer, type Layer } from './layers.ts';
import { holds, merged } from './merge.ts';
import { othersOf } from './own-choices.ts';
import { freePrices, resolveProviders } from './resolve-providers.ts';
import { providersOf, resolveRoles } from './resolve-roles.ts';
import { resolveTournament } from './resolve-tournament.ts';
import type { ResolvedConfig, ResolvedRole } from './resolved-config.ts';
import { configSchema, type Settings, type WrittenConfig } from './schema.ts';
import { ofOuter, outerLayers } from './outer-layers.ts';
import { trustedLayer } from './trust/trusted-layer.ts';

export type { ConfigFlags } from './config-flags.ts';

export interface ConfigInput {
  /** Absolute. */
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly flags: ConfigFlags;
  /** Where the search for a config file ends; by default the user's home folder. */
  readonly home?: string;
  /** What becomes of a config file that its person has not trusted; by default nothing is done with it. */
  readonly untrusted?: 'refuse' | 'leave-out';
}

/**
 * The config: flags above environment above file above defaults.
 * @throws BlueprintError `config-…` with everything that is wrong, each with its place and fix;
 * `config-untrusted` and `config-foreign` where what is not trusted is refused.
 */
export async function loadConfig(input: ConfigInput): Promise<ResolvedConfig> {
  const { cwd, env, flags, home = homedir(), untrusted: unless = 'refuse' } = input;
  const asked = textOf(flags.config) ?? textOf(env['BLUEPRINT_CONFIG']);
  const found =
    asked === undefined
      ? await findConfig(cwd, home)
      : { file: resolve(cwd, asked), outer: [], gitRoot: null };
  const read = found.file === null ? null : await trustedLayer(found.file, { ...input, home });
  const above = await outerLayers(found.outer, { ...input, home });
  const untrusted = read?.untrusted ?? above.untrusted;
  if (untrusted !== null && unless === 'refuse') throw new BlueprintError(untrusted);
  // A file of somebody else's says nothing, not even where the project is.
  const file = read?.untrusted?.code === 'config-foreign' ? null : found.file;
  const root = file === null ? (found.gitRoot ?? cwd) : dirname(file);

  const checked = [
    await flagsLayer(flags),
    await environmentLayer(env),
    ...(read === null ? [] : [read]),
    ...above.layers.map((layer) => ofOuter(layer, root)),
  ];
  const problems = checked.flatMap((result) => ('problems' in result ? result.problems : []));
  const layers = checked.flatMap((result) => ('layer' in result ? (result.layer ?? []) : []));
  const written = layers.reduceRight<unknown>(
    (weak, { config }) => merged(weak, config),
    {},
  ) as WrittenConfig;
  const settings = configSchema.parse(written, { jitless: true });
  const layerOf = (path: readonly PropertyKey[]): Layer | undefined =>
    layers.find(({ config }) => holds(config, path));
  const place = (path: readonly PropertyKey[]): string => layerOf(path)?.place(path) ?? root;

  const scriptFlag = textOf(flags.script);
  const script = scriptFlag ?? textOf(env['BLUEPRINT_SCRIPT']);
  const named = providersInRoles(written);
  const resolved = resolveProviders({
    written: settings.providers,
    env,
    root,
    script: script === undefined ? undefined : resolve(cwd, script),
    named: new Set(named.map(({ provider }) => provider)),
    place,
  });
  const { featuresDir, problem } = await resolveFeaturesDir(
    root,
    settings.featuresDir,
    place(['featuresDir']),
  );
  const tournament = resolveTournament(settings, place);
  problems.push(
    ...resolved.problems,
    ...(problem === null ? [] : [problem]),
    ...tournament.problems,
  );
  const known = [
    ...resolved.providers.keys(),
    ...Object.keys(settings.providers),
    ...(read?.leftOut ?? []),
    ...above.leftOut,
  ];
  // Of a file that is wrong it is not known which providers it describes.
  if (read === null || layers.some(({ source }) => source === 'config'))
    problems.push(
      ...(await unknownProviders(named, known, (shown, { path }) => ({
        code: 'config-provider-unknown',
        message: `The provider «${shown}» is not known`,
        target: place(path),
      }))),
    );
  throwAll(problems);

  const { mode } = layers.find(({ source }) => source === 'flag')?.config.ensemble ?? {};
  const sources = new Map(
    modelRoles.flatMap((role) => {
      const source = layerOf(['roles', role])?.source;
      return source === undefined ? [] : [[role, source] as const];
    }),
  );
  const scriptSource = scriptFlag !== undefined ? 'flag' : 'environment';
  const others = othersOf(resolved.providers, settings.providers);
  const roles = resolveRoles({
    written: settings,
    sources: { roles: sources, model: layerOf(['model'])?.source },
    script: script === undefined ? null : scriptSource,
    others: others.models,
  });
  if (untrusted !== null) leaveOutUnknown(roles, resolved.providers);
  const listed = providersOf(roles);
  const providers = new Map([
    ...resolved.providers,
    ...others.local.flatMap((local) =>
      listed.has(local.name) ? ([[local.name, local]] as const) : [],
    ),
  ]);
  return {
    ...settings,
    root,
    file,
    untrusted,
    featuresDir,
    roles,
    providers,
    ensemble: mode === undefined ? settings.ensemble : forEveryTask(settings.ensemble),
    tournament: tournament.resolved,
    sandbox: { ...settings.sandbox, ...(flags.unsafeNoSandbox === true && { kind: 'none' }) },
    models: new Map(Object.entries(settings.models)),
    limits: new Map(Object.entries(settings.limits)),
    prices: new Map([
      ...freePrices(resolved.providers.values()),
      ...Object.entries(settings.prices),
    ]),
    warnings: [
      ...resolved.warnings,
      ...(await unknownProviders(
        providersInSettings(written),
        [...knownProviders.keys(), ...Object.keys(settings.providers)],
        (shown, { path }) => ({
          code: 'config-setting-unused',
          message: `${String(path[0])} has settings for the provider «${shown}», which is not known`,
          target: place(path),
        }),
      )),
      ...(await variableWarnings(env)),
    ],
  };
}

/** Models of providers that are left out are left out too; rules stand where none is left. */
function leaveOutUnknown(
  roles: Record<ModelRole, ResolvedRole>,
  providers: ReadonlyMap<string, unknown>,
): void {
  const rules = parseModelRef(rulesRef);
  const there = (list: readonly ModelRef[]): ModelRef[] => {
    const left = list.filter(({ provider }) => providers.has(provider));
    return left.length > 0 || rules === null ? left : [rules];
  };
  for (const role of modelRoles) {
    const { models, large, source } = roles[role];
    roles[role] = { models: there(models), large: there(large), source };
  }
}

/** A mode of the command line is for every task, whatever is set for its type or category. */
function forEveryTask(ensemble: Settings['ensemble']): Settings['ensemble'] {
  const categories = objectMap(ensemble.categories, (members) => ({ ...members, mode: null }));
  return { ...ensemble, types: {}, categories };
}

function objectMap<Key extends string, Value>(
  record: Readonly<Record<Key, Value>>,
  change: (value: Value) => Value,
): Record<Key, Value> {
  const entries = Object.entries<Value>(record).map(([key, value]) => [key, change(value)]);
  return Object.fromEntries(entries) as Record<Key, Value>;
}

/** Variables that are read elsewhere, or that a notifier is given, which may start the program again. */
const otherVariables = [
  'BLUEPRINT_CONFIG',
  'BLUEPRINT_MESSAGE',
  'BLUEPRINT_SCRIPT',
  'BLUEPRINT_SKIP_BUILD',
  'BLUEPRINT_TRUST',
];

/** Names that look like ours but are none. */
async function variableWarnings(env: NodeJS.ProcessEnv): Promise<Diagnostic[]> {
  const ours = Object.keys(env).filter((name) => name.startsWith('BLUEPRINT_'));
  if (ours.length === 0) return [];
  const known = [
    ...otherVariables,
    ...keysWith('variable').map(({ facts }) => `BLUEPRINT_${facts.variable ?? ''}`),
  ];
  const unknown = ours.filter((name) => !known.includes(name));
  if (unknown.length === 0) return [];
  const { nearest } = await import('../text/nearest.ts');
  const { shown } = await import('../text/schema-problems.ts');
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

const textOf = (text: string | undefined): string | undefined =>
  text === undefined || text.trim() === '' ? undefined : text.trim();
