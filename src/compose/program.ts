import { stat } from 'node:fs/promises';
import type { ConfigFlags } from '../config/config-flags.ts';
import { loadConfig } from '../config/load-config.ts';
import { createArtefactStore } from '../state/artefacts.ts';
import { featureNotFound } from '../state/list-features.ts';
import { createFeatureStore } from '../state/lowdb-feature-store.ts';
import { createRedactor, secretsOf } from '../text/redact.ts';
import type { Program } from '../use-cases/program.ts';
import { withoutSecretsInFiles } from './hide-secrets.ts';
import { once } from './once.ts';
import { partsOf } from './parts.ts';
import { openSession } from './session.ts';
import { openTape } from './tape.ts';

/** What the program is put together from: all that it takes from outside. */
export interface ProgramOptions {
  /** Absolute. */
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly flags: ConfigFlags;
  readonly now: () => Date;
  /** Told of what is odd but no error, one line each. */
  readonly warn: (message: string) => void;
}

/** Reads the config and puts the program together. Heavy parts are loaded when a use case asks for them. */
export async function createProgram(options: ProgramOptions): Promise<Program> {
  return (await composeProgram(options)).program;
}

export async function composeProgram(options: ProgramOptions) {
  const { cwd, env, flags, now, warn } = options;
  const loaded = await loadConfig({ cwd, env, flags });
  for (const { message, fix } of loaded.warnings)
    warn(`warning: ${message}${fix === undefined ? '' : ` (${fix})`}`);
  const keyVariables = [...loaded.providers.values()].flatMap((provider) => provider.keyVariables);
  const redactor = createRedactor(secretsOf(env, keyVariables));
  const tape = await openTape(loaded, redactor, options);
  const { config } = tape;
  const place = { featuresDir: config.featuresDir, displayRoot: cwd, now };
  const artefacts = withoutSecretsInFiles(createArtefactStore(place), redactor);
  const base = { config, env, now, redactor, tape };

  const program: Program = {
    config,
    now,
    redactor,
    artefacts,
    store: createFeatureStore(place),
    prices: once(async () => {
      const { createPrices } = await import('../models/prices.ts');
      return createPrices(config);
    }),

    async inFolder({ feature, isNew = false }, caller, work) {
      const isThere = await stat(artefacts.path(feature, '')).catch(() => null);
      if (isThere === null && !isNew) throw await featureNotFound(place, feature);
      const session = await openSession(place, feature, { redactor, now, warn, ...caller });
      const { run, emit } = session;
      const parts = partsOf(base, { name: feature, place, run, emit, signal: caller.signal });
      try {
        return await work(parts);
      } finally {
        await session.close();
      }
    },

    look(feature, signal) {
      const emit = (): void => undefined;
      return partsOf(base, { name: feature, place, run: '', emit, signal });
    },
  };
  return { program, place, tape };
}
