import type { Diagnostic } from '../domain/errors.ts';
import { parseModelRef } from '../domain/model-role.ts';
import type { WrittenConfig } from './schema.ts';

type Path = readonly PropertyKey[];

/** A provider that the config names, and where. */
export interface NamedProvider {
  readonly provider: string;
  readonly path: Path;
}

/** The providers that role lists name. @param config of all places together, as written. */
export function providersInRoles({ roles = {}, model = [] }: WrittenConfig): NamedProvider[] {
  const forAll = { path: ['model'], models: typeof model === 'string' ? [model] : model };
  const ofRoles = Object.entries(roles).flatMap(([role, written = []]) => {
    const lists = Array.isArray(written)
      ? [{ path: ['roles', role], models: written }]
      : [
          { path: ['roles', role, 'models'], models: written.models ?? [] },
          { path: ['roles', role, 'large'], models: written.large ?? [] },
        ];
    return lists;
  });
  return [forAll, ...ofRoles].flatMap(({ path, models }) =>
    models.map((text, index) => ({
      provider: text.slice(0, text.indexOf('/')),
      path: [...path, index],
    })),
  );
}

/** The providers that settings are written for. */
export function providersInSettings({ limits = {}, models = {} }: WrittenConfig): NamedProvider[] {
  return [
    ...Object.keys(limits).map((provider) => ({ provider, path: ['limits', provider] })),
    ...Object.keys(models).flatMap((ref) => {
      const provider = parseModelRef(ref)?.provider;
      return provider === undefined ? [] : [{ provider, path: ['models', ref] }];
    }),
  ];
}

/** What is said of those that nobody describes. */
export async function unknownProviders(
  named: readonly NamedProvider[],
  known: readonly string[],
  say: (shown: string, named: NamedProvider) => Pick<Diagnostic, 'code' | 'message' | 'target'>,
): Promise<Diagnostic[]> {
  const unknown = named.filter(({ provider }) => !known.includes(provider));
  if (unknown.length === 0) return [];
  const { nearest } = await import('../text/nearest.ts');
  const { shown } = await import('../text/schema-problems.ts');
  return unknown.map((each) => {
    const near = nearest(each.provider, known);
    return {
      ...say(shown(each.provider), each),
      fix:
        near === null
          ? `Known are ${known.join(', ')}; describe others under "providers".`
          : `Did you mean «${near}»?`,
    };
  });
}
