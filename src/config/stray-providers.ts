import type { Diagnostic } from '../domain/errors.ts';
import { parseModelRef } from '../domain/model-role.ts';
import { knownProviders } from '../extensions.ts';
import type { Layer } from './layers.ts';

/** Settings under `models` and `limits` of providers that nobody describes: they would have no effect. */
export async function strayProviders({ config, place }: Layer): Promise<Diagnostic[]> {
  const known = [...knownProviders.keys(), ...Object.keys(config.providers ?? {})];
  const named = [
    ...Object.keys(config.limits ?? {}).map((name) => ({ name, path: ['limits', name] })),
    ...Object.keys(config.models ?? {}).flatMap((ref) => {
      const name = parseModelRef(ref)?.provider;
      return name === undefined ? [] : [{ name, path: ['models', ref] }];
    }),
  ];
  const stray = named.filter(({ name }) => !known.includes(name));
  if (stray.length === 0) return [];
  const { nearest } = await import('../text/nearest.ts');
  const { shown } = await import('../text/schema-problems.ts');
  return stray.map(({ name, path }) => {
    const near = nearest(name, known);
    return {
      code: 'config-setting-unused',
      message: `${path[0]} has settings for the provider «${shown(name)}», which is not known`,
      target: place(path),
      fix: near === null ? `Known are ${known.join(', ')}.` : `Did you mean «${near}»?`,
    };
  });
}
