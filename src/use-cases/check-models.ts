import { providerKinds } from '../compose/provider-kinds.ts';
import type { ResolvedConfig, ResolvedProvider } from '../config/resolved-config.ts';
import { formatModelRef, modelRoles, type ModelRef, type ModelRole } from '../domain/model-role.ts';
import type { Price, PriceOf } from '../domain/price.ts';
import { findListed, nearestListed, type Listing } from '../models/list-models.ts';
import { createPrices } from '../models/prices.ts';
import type { routes } from '../compose/models.ts';

type Routes = Awaited<ReturnType<typeof routes>>;

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
  config: ResolvedConfig,
  known: Routes,
  options: { live: boolean; signal: AbortSignal },
): Promise<ModelChecks> {
  const providers = await askProviders(config, known, options);
  const named = rolesByModel(config);
  const priceOf = createPrices(config);
  const models = await Promise.all(
    [...named.values()].map(({ ref, roles }) =>
      checkModel(config, known, providers, { ref, roles, priceOf }, options.signal),
    ),
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

function works({ reachable, listed }: ModelCheck): boolean {
  return reachable && listed !== false;
}

function askProviders(
  config: ResolvedConfig,
  known: Routes,
  { live, signal }: { live: boolean; signal: AbortSignal },
): Promise<ProviderCheck[]> {
  const asked = [...config.providers.values()].map(async (provider): Promise<ProviderCheck> => {
    const { name } = provider;
    const usable = known.providers.some((each) => each.name === name && each.reachable);
    const isLocal = providerKinds.isLocal(provider) && !live;
    const listing =
      usable && (live || isLocal)
        ? await providerKinds.listOf(provider, {
            signal,
            deadlineMs: isLocal ? localDeadlineMs : listDeadlineMs,
          })
        : null;
    return { name, listing, configured: true };
  });
  const found = providerKinds.unconfigured(config).map((provider) => detect(provider, signal));
  return Promise.all([...asked, ...found]).then((checks) =>
    checks.filter((check) => check !== null),
  );
}

/** A server that nobody configured, when it answers where it usually is. */
async function detect(
  provider: ResolvedProvider,
  signal: AbortSignal,
): Promise<ProviderCheck | null> {
  const listing = await providerKinds.listOf(provider, { signal, deadlineMs: localDeadlineMs });
  return listing?.outcome === 'listed' ? { name: provider.name, listing, configured: false } : null;
}

async function checkModel(
  config: ResolvedConfig,
  known: Routes,
  providers: readonly ProviderCheck[],
  { ref, roles, priceOf }: { ref: ModelRef; roles: readonly ModelRole[]; priceOf: PriceOf },
  signal: AbortSignal,
): Promise<ModelCheck> {
  const model = formatModelRef(ref);
  const provider = known.providers.find(({ name }) => name === ref.provider);
  const listing = providers.find(({ name }) => name === ref.provider)?.listing ?? null;
  const failed = listing?.outcome === 'failed' ? listing.reason : null;
  // A list without a single model says nothing of what can be asked.
  const listed = listing?.outcome === 'listed' ? listing.models : [];
  const found = findListed(listed, ref.model);
  return {
    model,
    provider: ref.provider,
    roles,
    reachable: provider?.reachable === true && failed === null,
    reason: failed ?? provider?.reason ?? null,
    contextTokens:
      config.models.get(model)?.contextTokens ??
      found?.contextTokens ??
      (found === null
        ? null
        : await contextOf(config.providers.get(ref.provider), found.id, signal)),
    price: priceOf(model),
    listed: listed.length === 0 ? null : found !== null,
    nearest: found === null ? nearestListed(listed, ref.model) : [],
    unasked: listed.length > 0 ? null : whyUnasked(config.providers.get(ref.provider), listing),
  };
}

function whyUnasked(provider: ResolvedProvider | undefined, listing: Listing | null): string {
  const noList = provider === undefined ? null : providerKinds.noList(provider);
  if (noList !== null) return noList;
  if (listing === null || listing.outcome === 'failed') return 'not asked';
  return listing.outcome === 'listed' ? 'its provider lists nothing' : 'its provider has no list';
}

async function contextOf(
  provider: ResolvedProvider | undefined,
  model: string,
  signal: AbortSignal,
): Promise<number | null> {
  if (provider === undefined) return null;
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(localDeadlineMs)]);
  return providerKinds.contextOf(provider, model, bounded);
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
