import {
  modelRoles,
  parseModelRef,
  roleDefaults,
  type ModelRef,
  type ModelRole,
} from '../domain/model-role.ts';
import { defaultRoles, rulesRef } from './default-models.ts';
import type { Layer } from './layers.ts';
import type { ResolvedRole } from './resolved-config.ts';
import type { Settings } from './schema.ts';

type Source = ResolvedRole['source'];

/** The stronger ones first. */
const strength: readonly Source[] = ['flag', 'environment', 'config', 'default'];

export interface RolesInput {
  readonly written: Pick<Settings, 'roles' | 'model'>;
  /** Of what something is written for. */
  readonly sources: {
    readonly roles: ReadonlyMap<ModelRole, Layer['source']>;
    readonly model: Layer['source'] | undefined;
  };
  /** Who asked for the scripted conversation. */
  readonly script: 'flag' | 'environment' | null;
  /** Models that serve every role where nothing is written, after those that are usual for it. */
  readonly others: readonly string[];
}

/**
 * Each role's lists: what is written for the role, else for the one that it stands in for, else the one
 * model for all, else the default. With a script every role talks to a model of its own, so that author and
 * reviewer are of different families; only options go above it.
 */
export function resolveRoles(input: RolesInput): Record<ModelRole, ResolvedRole> {
  const { written, sources, script, others } = input;
  const roles = {} as Record<ModelRole, ResolvedRole>;
  const counts = (source: Source | undefined): source is Source =>
    source !== undefined && (script === null || source === 'flag');
  const forAll = counts(sources.model) && written.model !== undefined ? written.model : null;
  const modelSource = forAll === null ? 'default' : (sources.model ?? 'default');
  const resolve = (role: ModelRole): ResolvedRole => {
    const own = written.roles[role];
    const source = sources.roles.get(role);
    if (own === undefined || !counts(source)) return standIn(role);
    // One model for all that was said in a stronger place.
    if (strength.indexOf(modelSource) < strength.indexOf(source)) return standIn(role);
    const models = own.models === undefined ? standIn(role).models : refsOf(own.models);
    return { models, large: own.large === undefined ? models : refsOf(own.large), source };
  };
  const standIn = (role: ModelRole): ResolvedRole => {
    const other = roleDefaults[role];
    if (script !== null && forAll === null)
      return listsOf({ models: [`scripted/${role}`] }, script);
    if (other !== undefined) return resolve(other);
    if (forAll !== null) return listsOf({ models: forAll }, modelSource);
    const { models = [], large } = defaultRoles[role] ?? {};
    const withOthers = (list: readonly string[]): string[] => [...list, ...others, rulesRef];
    return listsOf(
      { models: withOthers(models), large: large === undefined ? undefined : withOthers(large) },
      'default',
    );
  };
  for (const role of modelRoles) roles[role] = resolve(role);
  return roles;
}

/** The names of those that some role's list holds. */
export function providersOf(roles: Readonly<Record<ModelRole, ResolvedRole>>): ReadonlySet<string> {
  const refs = Object.values(roles).flatMap(({ models, large }) => [...models, ...large]);
  return new Set(refs.map(({ provider }) => provider));
}

function listsOf(
  { models, large = models }: { models: readonly string[]; large?: readonly string[] | undefined },
  source: Source,
): ResolvedRole {
  return { models: refsOf(models), large: refsOf(large), source };
}

// The schema has let through nothing that is no reference.
const refsOf = (texts: readonly string[]): ModelRef[] =>
  texts.flatMap((text) => parseModelRef(text) ?? []);
