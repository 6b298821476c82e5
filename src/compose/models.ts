import type { ResolvedConfig, ResolvedProvider } from '../config/resolved-config.ts';
import { BlueprintError } from '../domain/errors.ts';
import {
  formatModelRef,
  modelRoles,
  type ModelRole,
  type RoutingDecision,
} from '../domain/model-role.ts';
import { knownContextTokens } from '../models/context-size.ts';
import { createCooldown } from '../models/cooldown.ts';
import type { ModelProvider, ModelRouter, RouteNeed } from '../models/language-model.ts';
import { anthropicProvider } from '../models/providers/anthropic.ts';
import { claudeCliProvider } from '../models/providers/cli/claude.ts';
import { codexCliProvider } from '../models/providers/cli/codex.ts';
import { commandProvider } from '../models/providers/cli/command.ts';
import { findProgram } from '../models/providers/cli/find-program.ts';
import { geminiCliProvider } from '../models/providers/cli/gemini.ts';
import { googleProvider } from '../models/providers/google.ts';
import { ollamaProvider } from '../models/providers/ollama.ts';
import { openaiCompatibleProvider } from '../models/providers/openai-compatible.ts';
import { openaiProvider } from '../models/providers/openai.ts';
import type { ReplyLimits } from '../models/providers/reply-limits.ts';
import { scriptedProvider } from '../models/providers/scripted.ts';
import { createRouter, type RouterOptions } from '../models/router.ts';

const providers: Record<
  // Rules are an entry of role lists, but no model.
  Exclude<ResolvedProvider['kind'], 'offline'>,
  (config: ResolvedProvider, limits: ReplyLimits) => ModelProvider
> = {
  anthropic: anthropicProvider,
  openai: openaiProvider,
  google: googleProvider,
  'openai-compatible': (config, limits) =>
    (config.name === 'ollama' ? ollamaProvider : openaiCompatibleProvider)(config, limits),
  'claude-cli': claudeCliProvider,
  'codex-cli': codexCliProvider,
  'gemini-cli': geminiCliProvider,
  command: commandProvider,
  scripted: (config) => scriptedProvider(config),
};

/**
 * The roles' lists over the configured providers, or over `made` in their place.
 * @param absent providers that were found not to answer, with the reason.
 */
export function routerOf(
  config: ResolvedConfig,
  around: Pick<RouterOptions, 'wrap' | 'emit' | 'kept'> & { now: () => Date },
  made?: ReadonlyMap<string, ModelProvider>,
  absent?: ReadonlyMap<string, string>,
): ModelRouter {
  return createRouter({
    roles: config.roles,
    routing: config.routing,
    providers: providersOf(config, made, absent),
    ...around,
    cooldown: createCooldown({ longestAskedMs: config.calls.maxRetryAfterMs, ...around }),
    contextTokens: (ref) =>
      config.models.get(formatModelRef(ref))?.contextTokens ?? knownContextTokens(ref),
  });
}

/** The providers as `routerOf` takes them, by name. */
export function providersOf(
  config: ResolvedConfig,
  made: ReadonlyMap<string, ModelProvider> = madeFrom(config),
  absent: ReadonlyMap<string, string> = new Map(),
): ReadonlyMap<string, ModelProvider> {
  return new Map([...made].map(([name, provider]) => [name, orAbsent(provider, absent)]));
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

function madeFrom(config: ResolvedConfig): ReadonlyMap<string, ModelProvider> {
  return new Map(
    [...config.providers].flatMap(([name, provider]) =>
      provider.kind === 'offline'
        ? []
        : [[name, providers[provider.kind](provider, config.calls)] as const],
    ),
  );
}

/** The model that one list of a role leads to; `problem` and `fix` where it leads to none. */
export interface Route {
  readonly decision: RoutingDecision | null;
  readonly problem: string | null;
  readonly fix: string | null;
}

export interface RoleRoute extends Route {
  readonly role: ModelRole;
  /** For content above the role's threshold; null where size makes no difference to the role. */
  readonly large: Route | null;
}

/**
 * What each role would use now, and which providers can be asked. Makes no call.
 * @param absent as for `routerOf`.
 */
export function routes(
  config: ResolvedConfig,
  absent: ReadonlyMap<string, string> = new Map(),
): {
  roles: RoleRoute[];
  providers: {
    name: string;
    reachable: boolean;
    reason: string | null;
    variables: readonly string[];
    /** Absolute: of a provider that is a program, and was found. */
    program: string | null;
  }[];
} {
  const made = madeFrom(config);
  const router = routerOf(
    config,
    {
      wrap: (model) => model,
      emit: () => undefined,
      now: () => new Date(),
      kept: async () => false,
    },
    made,
    absent,
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
    const adapter = made.get(name);
    const missing = adapter === undefined ? null : orAbsent(adapter, absent).unavailable();
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
