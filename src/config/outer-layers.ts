import { dirname, isAbsolute, relative, resolve } from 'node:path';
import type { Diagnostic } from '../domain/errors.ts';
import type { CheckedLayer } from './layers.ts';
import type { WrittenConfig } from './schema.ts';
import { trustedLayer, type TrustedLayer } from './trust/trusted-layer.ts';

/** What a config file says that stands above the project's own. */
export type OuterLayer = (CheckedLayer | { readonly layer: null }) & {
  /** Absolute: its folder. */
  readonly folder: string;
};

/**
 * The config files above the project's own, the nearest first, each as far as its person trusted it.
 * @throws BlueprintError `config-…`
 */
export async function outerLayers(
  files: readonly string[],
  input: Parameters<typeof trustedLayer>[1],
): Promise<{
  readonly layers: readonly OuterLayer[];
  /** Why something of one was left out. */
  readonly untrusted: Diagnostic | null;
  readonly leftOut: readonly string[];
}> {
  const read: (TrustedLayer & { readonly folder: string })[] = [];
  for (const file of files) {
    const folder = dirname(file);
    read.push({ ...(await trustedLayer(file, input, `blueprint trust -C ${folder}`)), folder });
  }
  return {
    layers: read,
    untrusted: read.find(({ untrusted }) => untrusted !== null)?.untrusted ?? null,
    leftOut: read.flatMap(({ leftOut }) => leftOut),
  };
}

/**
 * What an outer file says of a project below it: its paths lead where they did, and where features stand each
 * project says for itself.
 */
export function ofOuter<T extends OuterLayer>(outer: T, root: string): T {
  if (!('layer' in outer) || outer.layer === null) return outer;
  const config: WrittenConfig = { ...outer.layer.config };
  delete config.featuresDir;
  if (config.providers !== undefined)
    config.providers = Object.fromEntries(
      Object.entries(config.providers).map(([name, provider]) => [
        name,
        withScript(provider, outer.folder, root),
      ]),
    );
  return { ...outer, layer: { ...outer.layer, config } };
}

type Provider = NonNullable<WrittenConfig['providers']>[string];

function withScript(provider: Provider, folder: string, root: string): Provider {
  const { script } = provider;
  if (script === undefined || isAbsolute(script)) return provider;
  return { ...provider, script: relative(root, resolve(folder, script)) };
}
