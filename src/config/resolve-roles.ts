import {
  modelRoles,
  parseModelRef,
  roleDefaults,
  type ModelRef,
  type ModelRole,
} from '../domain/model-role.ts';
import { defaultRoles } from './default-models.ts';
import type { Layer } from './layers.ts';
import type { ResolvedRole } from './resolved-config.ts';
import type { Settings } from './schema.ts';

type Source = ResolvedRole['source'];

/**
 * Each role's lists: what is written for the role, else for the one that it stands in for, else the default.
 * With a script every role talks to a model of its own, so that author and reviewer are of different
 * families; only options go above it.
 * @param sources of the roles that something is written for.
 * @param script who asked for the scripted conversation.
 */
export function resolveRoles(
  written: Settings['roles'],
  sources: ReadonlyMap<ModelRole, Layer['source']>,
  script: 'flag' | 'environment' | null,
): Record<ModelRole, ResolvedRole> {
  const roles = {} as Record<ModelRole, ResolvedRole>;
  const resolve = (role: ModelRole): ResolvedRole => {
    const own = written[role];
    const source = sources.get(role);
    if (own === undefined || source === undefined || (script !== null && source !== 'flag'))
      return standIn(role);
    const models = own.models === undefined ? standIn(role).models : refsOf(own.models);
    return { models, large: own.large === undefined ? models : refsOf(own.large), source };
  };
  const standIn = (role: ModelRole): ResolvedRole => {
    if (script !== null) return listsOf({ models: [`scripted/${role}`] }, script);
    const other = roleDefaults[role];
    return other === undefined
      ? listsOf(defaultRoles[role] ?? { models: [] }, 'default')
      : resolve(other);
  };
  for (const role of modelRoles) roles[role] = resolve(role);
  return roles;
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
