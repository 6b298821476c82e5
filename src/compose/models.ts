import type { ResolvedConfig, ResolvedProvider } from '../config/resolved-config.ts';
import { BlueprintError } from '../domain/errors.ts';
import { formatModelRef, modelRoles, type ModelRole } from '../domain/model-role.ts';
import { knownContextTokens } from '../models/context-size.ts';
import { createCooldown } from '../models/cooldown.ts';
import type { ModelProvider, ModelRouter, RouteNeed } from '../models/language-model.ts';
import { findProgram } from '../files/find-program.ts';
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

/** What each role would use now, and which providers can be asked. Makes no call. */
export function routes(config: ResolvedConfig, byName: ReadonlyMap<string, ModelProvider>): Routes {
  const noCalls = { emit: () => undefined, now: () => new Date(), kept: async () => false };
  const router = routerOf(config, { wrap: (model) => model, ...noCalls }, byName);
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
