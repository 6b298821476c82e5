import { defaults } from './defaults.ts';
import type { Layer } from './layers.ts';
import type { ResolvedConfig } from './resolved-config.ts';

/** Which gates run, and what they run, each setting from the strongest layer that has it. */
export function resolveGates(layers: readonly Layer[]): ResolvedConfig['gates'] {
  const written = layers.flatMap(({ config: { gates } }) => {
    if (gates === undefined) return [];
    return 'run' in gates || !Array.isArray(gates) ? [gates] : [{ run: gates }];
  });
  const first = <T>(read: (layer: (typeof written)[number]) => T | undefined): T | undefined => {
    for (const layer of written) {
      const value = read(layer);
      if (value !== undefined) return value;
    }
    return undefined;
  };
  return {
    run: first(({ run }) => run) ?? defaults.gates.run,
    testCommand: first(({ tests }) => tests?.command) ?? null,
    commands: first(({ commands }) => commands) ?? [],
    prepare: first(({ prepare }) => prepare) ?? null,
  };
}
