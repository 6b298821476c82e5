import { providersOf } from '../config/resolve-roles.ts';
import type { ResolvedConfig, ResolvedProvider } from '../config/resolved-config.ts';
import { allEnded } from '../domain/all-ended.ts';
import { ownChoice } from '../domain/model-role.ts';
import { knownProviders, providers } from '../extensions.ts';
import type { ModelProvider } from '../models/language-model.ts';
import { chosenFrom, withOwnChoice } from '../models/own-choice.ts';
import { listModels } from '../models/list-models.ts';
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
  const choosing = new Set(
    Object.values(config.roles)
      .flatMap(({ models, large }) => [...models, ...large])
      .flatMap(({ provider, model }) => (model === ownChoice ? provider : [])),
  );
  const silent = [...providersOf(config.roles)].map(async (name) => {
    const provider = config.providers.get(name);
    const local = provider === undefined ? undefined : providers[provider.kind].local;
    if (provider?.baseUrl === undefined || local === undefined) return [];
    const silence = await local.silence();
    const reason =
      (await silence(provider.baseUrl, { signal, deadlineMs })) ??
      (choosing.has(name) ? await emptiness(provider, signal) : null);
    return reason === null ? [] : [[name, reason] as const];
  });
  return new Map((await allEnded(silent)).flat());
}

/** A server that runs and has no model yet can choose none. */
async function emptiness(provider: ResolvedProvider, signal: AbortSignal): Promise<string | null> {
  const listing = await listModels(provider, providers[provider.kind].list, {
    signal,
    deadlineMs,
  });
  if (chosenFrom(listing, undefined) !== null) return null;
  const { local } = providers[provider.kind];
  return `${provider.name} runs and has no model that writes text; ${local?.whenEmpty ?? ''}`;
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
    const { load, list } = providers[provider.kind];
    const create = await load?.();
    if (create === undefined) return [];
    const { usualModel } = knownProviders.get(name) ?? {};
    const own = withOwnChoice(create(provider, config.calls), provider, { list, usualModel });
    return [[name, own] as const];
  });
  return new Map((await Promise.all(loaded)).flat());
}
