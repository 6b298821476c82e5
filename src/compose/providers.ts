import type { ResolvedConfig } from '../config/resolved-config.ts';
import { providers } from '../extensions.ts';
import type { ModelProvider } from '../models/language-model.ts';
import type { RecordReplay } from './record-replay.ts';

/** A server on this machine or beside it answers at once or not at all, ms. */
const deadlineMs = 1_000;

/** The providers as they can be asked now, by name: those of a replay in place of the configured ones. */
export async function openProviders(
  config: ResolvedConfig,
  replay: RecordReplay['replay'],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, ModelProvider>> {
  const absent = await absentProviders(config, signal);
  const present = replay?.providers ?? (await configuredProviders(config));
  return new Map([...present].map(([name, provider]) => [name, orAbsent(provider, absent)]));
}

/**
 * The providers that a role may choose and that do not answer now; by name, with the reason. Only those are
 * asked that are there or not as their user starts them.
 */
export async function absentProviders(
  config: Pick<ResolvedConfig, 'roles' | 'providers'>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const named = new Set(
    Object.values(config.roles).flatMap(({ models, large }) =>
      [...models, ...large].map(({ provider }) => provider),
    ),
  );
  const silent = [...named].map(async (name) => {
    const { kind, baseUrl } = config.providers.get(name) ?? {};
    const local = kind === undefined ? undefined : providers[kind].local;
    if (local === undefined || baseUrl === undefined) return [];
    const silence = await local.silence();
    const reason = await silence(baseUrl, { signal, deadlineMs });
    return reason === null ? [] : [[name, reason] as const];
  });
  return new Map((await Promise.all(silent)).flat());
}

function orAbsent(provider: ModelProvider, absent: ReadonlyMap<string, string>): ModelProvider {
  const reason = absent.get(provider.name);
  if (reason === undefined) return provider;
  return {
    name: provider.name,
    model: (id) => provider.model(id),
    unavailable: () => provider.unavailable() ?? { reason, variables: [] },
  };
}

async function configuredProviders(
  config: ResolvedConfig,
): Promise<ReadonlyMap<string, ModelProvider>> {
  const loaded = [...config.providers].map(async ([name, provider]) => {
    const create = await providers[provider.kind].load?.();
    return create === undefined ? [] : [[name, create(provider, config.calls)] as const];
  });
  return new Map((await Promise.all(loaded)).flat());
}
