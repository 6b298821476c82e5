import type { ResolvedConfig } from '../config/resolved-config.ts';
import { allEnded } from '../domain/all-ended.ts';
import {
  formatModelRef,
  modelRoles,
  ownChoice,
  type ModelRef,
  type ModelRole,
} from '../domain/model-role.ts';
import type { Price, PriceOf } from '../domain/price.ts';
import { findListed, nearestListed, type Listing } from '../models/list-models.ts';
import type { Caller, Program } from './program.ts';
import type { ProviderKinds, Routes } from './ports.ts';

/** How long a provider's list may take, ms; a server on this machine answers at once or not at all. */
const listDeadlineMs = 15_000;
const localDeadlineMs = 1_000;

export interface ProviderCheck {
  readonly name: string;
  /** Null when it was not asked: no key, no server, or not live. */
  readonly listing: Listing | null;
  /** Configured or named by a role; otherwise it was found on this machine. */
  readonly configured: boolean;
}

export interface ModelCheck {
  readonly model: string;
  readonly provider: string;
  readonly roles: readonly ModelRole[];
  /** Whether its provider has what it needs and, as far as it was asked, answers. */
  readonly reachable: boolean;
  readonly reason: string | null;
  /** Null when not known. */
  readonly contextTokens: number | null;
  /** Null when not known. */
  readonly price: Price | null;
  /** Whether its provider lists it; null when that is not known. */
  readonly listed: boolean | null;
  /** Listed ids that look most like it, when it is not. */
  readonly nearest: readonly string[];
  /** Why it is not known whether it is listed; null when it is. */
  readonly unasked: string | null;
}

export interface ModelChecks {
  readonly models: readonly ModelCheck[];
  readonly providers: readonly ProviderCheck[];
  /** Roles of which no list, or not each list, leads to a model that works as far as is known. */
  readonly rolesWithoutModel: readonly ModelRole[];
}

/**
 * The models that roles name, and what is known of each. Without `live` no provider is asked but
 * servers on this machine.
 * @throws InterruptedError
 */
export async function checkModels(
  /** The routes are found out where they are not given. */
  { live, routed }: { live: boolean; routed?: Routes },
  program: Program,
  { signal }: Caller,
): Promise<ModelChecks> {
  const known = routed ?? (await program.routes(signal));
  const kinds = await program.providerKinds();
  const priceOf = (await program.prices()).of;
  const asked = { config: program.config, known, kinds, priceOf, signal };
  const providers = await askProviders(asked, live);
  const models = await allEnded(
    [...rolesByModel(program.config).values()].map((named) => checkModel(named, providers, asked)),
  );
  const working = new Set(models.flatMap((each) => (works(each) ? each.model : [])));
  const leads = (route: Routes['roles'][number]['large']): boolean =>
    route === null ||
    (route.decision !== null &&
      [route.decision.chosen, ...route.decision.fallbacks].some((model) => working.has(model)));
  return {
    models,
    providers,
    rolesWithoutModel: known.roles
      .filter((route) => !leads(route) || !leads(route.large))
      .map(({ role }) => role),
  };
}

interface Asked {
  readonly config: ResolvedConfig;
  readonly known: Routes;
  readonly kinds: ProviderKinds;
  readonly priceOf: PriceOf;
  readonly signal: AbortSignal;
}

function works({ reachable, listed }: ModelCheck): boolean {
  return reachable && listed !== false;
}

async function askProviders(
  { config, known, kinds, signal }: Asked,
  live: boolean,
): Promise<ProviderCheck[]> {
  const asked = [...config.providers.values()].map(async (provider): Promise<ProviderCheck> => {
    const { name } = provider;
    const usable = known.providers.some((each) => each.name === name && each.reachable);
    const isLocal = kinds.isLocal(provider) && !live;
    const listing =
      usable && (live || isLocal)
        ? await kinds.listOf(provider, {
            signal,
            deadlineMs: isLocal ? localDeadlineMs : listDeadlineMs,
          })
        : null;
    return { name, listing, configured: true };
  });
  // A server that nobody configured counts when it answers where it usually is.
  const found = kinds.unconfigured(config).map(async (provider): Promise<ProviderCheck[]> => {
    const listing = await kinds.listOf(provider, { signal, deadlineMs: localDeadlineMs });
    return listing?.outcome === 'listed'
      ? [{ name: provider.name, listing, configured: false }]
      : [];
  });
  return (await allEnded<ProviderCheck | ProviderCheck[]>([...asked, ...found])).flat();
}

async function checkModel(
  { ref, roles }: { ref: ModelRef; roles: readonly ModelRole[] },
  providers: readonly ProviderCheck[],
  asked: Asked,
): Promise<ModelCheck> {
  const { config, known, kinds, priceOf } = asked;
  const model = formatModelRef(ref);
  const provider = known.providers.find(({ name }) => name === ref.provider);
  const listing = providers.find(({ name }) => name === ref.provider)?.listing ?? null;
  const failed = listing?.outcome === 'failed' ? listing.reason : null;
  // A list without a single model says nothing of what can be asked.
  const listed = listing?.outcome === 'listed' ? listing.models : [];
  const found = ref.model === ownChoice ? (listed[0] ?? null) : findListed(listed, ref.model);
  const configured = config.providers.get(ref.provider);
  const bounded = AbortSignal.any([asked.signal, AbortSignal.timeout(localDeadlineMs)]);
  return {
    model,
    provider: ref.provider,
    roles,
    reachable: provider?.reachable === true && failed === null,
    reason: failed ?? provider?.reason ?? null,
    contextTokens:
      config.models.get(model)?.contextTokens ??
      found?.contextTokens ??
      (found === null || configured === undefined
        ? null
        : await kinds.contextOf(configured, found.id, bounded)),
    price: priceOf(model),
    listed: listed.length === 0 ? null : found !== null,
    nearest: found === null ? nearestListed(listed, ref.model) : [],
    unasked:
      listed.length > 0 ? null : ((configured && kinds.noList(configured)) ?? whyUnasked(listing)),
  };
}

function whyUnasked(listing: Listing | null): string {
  if (listing === null || listing.outcome === 'failed') return 'not asked';
  return listing.outcome === 'listed' ? 'its provider lists nothing' : 'its provider has no list';
}

function rolesByModel(config: ResolvedConfig): Map<string, { ref: ModelRef; roles: ModelRole[] }> {
  const named = new Map<string, { ref: ModelRef; roles: ModelRole[] }>();
  for (const role of modelRoles) {
    const { models, large } = config.roles[role];
    for (const ref of [...models, ...large]) {
      const name = formatModelRef(ref);
      const entry = named.get(name) ?? { ref, roles: [] };
      if (!entry.roles.includes(role)) entry.roles.push(role);
      named.set(name, entry);
    }
  }
  return named;
}
