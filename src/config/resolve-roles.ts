import type { Diagnostic } from '../domain/errors.ts';
import {
  modelRoles,
  parseModelRef,
  roleDefaults,
  type ModelRef,
  type ModelRole,
} from '../domain/model-role.ts';
import { defaultRoles } from './defaults.ts';
import type { Layer } from './layers.ts';
import type { ResolvedRole } from './resolved-config.ts';

type Roles = Record<ModelRole, ResolvedRole>;

/**
 * Each role's lists: the strongest layer that names the role, else the role it stands in for, else the
 * default. With a script every role talks to a model of its own, so that author and reviewer are of
 * different families; only `--role` goes above it.
 * @param layers the strongest first.
 * @param script who asked for the scripted conversation.
 */
export function resolveRoles(
  layers: readonly Layer[],
  script: 'flag' | 'environment' | null,
): Roles {
  const roles = {} as Roles;
  const resolve = (role: ModelRole): ResolvedRole => {
    const own = ownRole(role, script === null ? layers : layers.filter(isFlag));
    if (own !== null) return own;
    if (script !== null) return sameFor([{ provider: 'scripted', model: role }], script);
    const other = roleDefaults[role];
    return other === undefined ? byDefault(role) : resolve(other);
  };
  for (const role of modelRoles) roles[role] = resolve(role);
  return roles;
}

const isFlag = (layer: Layer): boolean => layer.source === 'flag';

function ownRole(role: ModelRole, layers: readonly Layer[]): ResolvedRole | null {
  for (const { config, source } of layers) {
    const written = config.roles?.[role];
    if (written === undefined) continue;
    if (Array.isArray(written)) return sameFor(refsOf(written), source);
    const models = refsOf(written.models);
    return { models, large: written.large === undefined ? models : refsOf(written.large), source };
  }
  return null;
}

function byDefault(role: ModelRole): ResolvedRole {
  const { models = [], large = models } = defaultRoles[role] ?? {};
  return { models: refsOf(models), large: refsOf(large), source: 'default' };
}

const sameFor = (models: readonly ModelRef[], source: ResolvedRole['source']): ResolvedRole => ({
  models,
  large: models,
  source,
});

// The schema has let through nothing that is no reference.
const refsOf = (texts: readonly string[]): ModelRef[] =>
  texts.flatMap((text) => parseModelRef(text) ?? []);

/** Names of providers that the layers' role lists use, each with the places. */
export function namedProviders(
  layers: readonly Layer[],
): { provider: string; path: readonly PropertyKey[]; layer: Layer }[] {
  return layers.flatMap((layer) =>
    Object.entries(layer.config.roles ?? {}).flatMap(([role, written]) => {
      const lists = Array.isArray(written)
        ? [{ path: ['roles', role], models: written }]
        : [
            { path: ['roles', role, 'models'], models: written.models },
            { path: ['roles', role, 'large'], models: written.large ?? [] },
          ];
      return lists.flatMap(({ path, models }) =>
        models.map((text, index) => ({
          provider: text.slice(0, text.indexOf('/')),
          path: [...path, index],
          layer,
        })),
      );
    }),
  );
}

/** Role lists that name a provider nobody knows. */
export async function unknownProviders(
  layers: readonly Layer[],
  known: readonly string[],
): Promise<Diagnostic[]> {
  const unknown = namedProviders(layers).filter(({ provider }) => !known.includes(provider));
  if (unknown.length === 0) return [];
  const { nearest } = await import('../text/nearest.ts');
  const { shown } = await import('../text/schema-problems.ts');
  return unknown.map(({ provider, path, layer }) => {
    const near = nearest(provider, known);
    return {
      code: 'config-provider-unknown',
      message: `The provider «${shown(provider)}» is not known`,
      target: layer.place(path),
      fix:
        near === null
          ? `Known are ${known.join(', ')}; describe others under "providers".`
          : `Did you mean «${near}»?`,
    };
  });
}
