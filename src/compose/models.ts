import type { ResolvedConfig, ResolvedProvider } from '../config/resolved-config.ts';
import { BlueprintError } from '../domain/errors.ts';
import { formatModelRef, modelRoles, type ModelRole } from '../domain/model-role.ts';
import { providers } from '../extensions.ts';
import { knownContextTokens } from '../models/context-size.ts';
import { createCooldown } from '../models/cooldown.ts';
import type { ModelProvider, ModelRouter, RouteNeed } from '../models/language-model.ts';
import { findProgram } from '../models/providers/cli/find-program.ts';
import { createRouter, type RouterOptions } from '../models/router.ts';
import type { RoleRoute, Route, Routes } from '../use-cases/ports.ts';

/** The roles' lists over the providers. */
export function routerOf(
  config: ResolvedConfig,
  around: Pick<RouterOptions, 'wrap' | 'emit' | 'kept'> & { now: () => Date },
  byName: ReadonlyMap<string, ModelProvider>,
): ModelRouter {
  return createRouter({
    roles: config.roles,
    routing: config.routing,
    providers: byName,
    ...around,
    cooldown: createCooldown({ longestAskedMs: config.calls.maxRetryAfterMs, ...around }),
    contextTokens: (ref) =>
      config.models.get(formatModelRef(ref))?.contextTokens ?? knownContextTokens(ref),
  });
}

/**
 * The configured providers by name, or those given in their place.
 * @param absent providers that were found not to answer, with the reason.
 */
export async function providersOf(
  config: ResolvedConfig,
  given?: ReadonlyMap<string, ModelProvider>,
  absent: ReadonlyMap<string, string> = new Map(),
): Promise<ReadonlyMap<string, ModelProvider>> {
  const made = given ?? (await madeFrom(config));
  return new Map([...made].map(([name, provider]) => [name, orAbsent(provider, absent)]));
}

/** Whether calls to the provider that begin alike are cheaper one after the other. */
export function cachesPrefixes(provider: ResolvedProvider | undefined): boolean {
  return provider !== undefined && providers[provider.kind].cachesPrefixes === true;
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

async function madeFrom(config: ResolvedConfig): Promise<ReadonlyMap<string, ModelProvider>> {
  const made = [...config.providers].map(async ([name, provider]) => {
    const create = await providers[provider.kind].load?.();
    return create === undefined ? [] : [[name, create(provider, config.calls)] as const];
  });
  return new Map((await Promise.all(made)).flat());
}

/**
 * What each role would use now, and which providers can be asked. Makes no call.
 * @param absent as for `providersOf`.
 */
export async function routes(
  config: ResolvedConfig,
  absent: ReadonlyMap<string, string> = new Map(),
): Promise<Routes> {
  const byName = await providersOf(config, undefined, absent);
  const router = routerOf(
    config,
    {
      wrap: (model) => model,
      emit: () => undefined,
      now: () => new Date(),
      kept: async () => false,
    },
    byName,
  );
  const route = (role: ModelRole, need?: RouteNeed): Route => {
    try {
      return { decision: router.decide(role, need), problem: null, fix: null };
    } catch (error) {
      if (!(error instanceof BlueprintError)) throw error;
      return { decision: null, problem: error.message, fix: error.fix ?? null };
    }
  };
  const thresholds: Partial<Record<ModelRole, number>> = {
    parser: config.routing.parserLargeTokens,
    coder: config.routing.coderLargeTokens,
  };
  const roles = modelRoles.map((role): RoleRoute => {
    const threshold = thresholds[role];
    const large = threshold === undefined ? null : route(role, { contentTokens: threshold + 1 });
    return { role, ...route(role), large };
  });
  const known = [...config.providers].map(([name, provider]) => {
    const missing = byName.get(name)?.unavailable() ?? null;
    return {
      name,
      reachable: missing === null,
      reason: missing?.reason ?? null,
      variables: missing?.variables ?? [],
      program: programOf(provider),
    };
  });
  return { roles, providers: known };
}

function programOf({ cli }: ResolvedProvider): string | null {
  if (cli === undefined) return null;
  const found = findProgram(cli.command, cli.environment);
  return 'path' in found ? found.path : null;
}
