import type { ResolvedConfig, ResolvedRole } from '../config/resolved-config.ts';
import { BlueprintError, ExitCode } from '../domain/errors.ts';
import type { Emit } from '../domain/event.ts';
import { ModelError } from '../domain/model-error.ts';
import {
  formatModelRef,
  parseModelRef,
  type ModelRef,
  type ModelRole,
  type RoutingDecision,
} from '../domain/model-role.ts';
import type { LanguageModel, ModelProvider, ModelRouter, RouteNeed } from './language-model.ts';

export interface RouterOptions {
  readonly roles: ResolvedConfig['roles'];
  readonly routing: ResolvedConfig['routing'];
  /** By name; every provider that a role's list names is among them. */
  readonly providers: ReadonlyMap<string, ModelProvider>;
  /** Puts the middleware around a provider's model. */
  readonly wrap: (model: LanguageModel) => LanguageModel;
  readonly emit: Emit;
}

interface Candidate {
  readonly ref: ModelRef;
  readonly model: LanguageModel;
}

export function createRouter(options: RouterOptions): ModelRouter {
  const models = new Map<string, LanguageModel>();
  const modelOf = (ref: ModelRef): LanguageModel => {
    const name = formatModelRef(ref);
    const known = models.get(name);
    if (known !== undefined) return known;
    const provider = options.providers.get(ref.provider);
    if (provider === undefined) throw new Error(`No provider «${ref.provider}»`);
    const model = options.wrap(provider.model(ref.model));
    models.set(name, model);
    return model;
  };

  const decide = (role: ModelRole, need: RouteNeed = {}): RoutingDecision => {
    const { list, size } = listFor(role, options.roles[role], need, options.routing);
    const reachable: Candidate[] = [];
    const passedOver: { model: string; reason: string }[] = [];
    const variables = new Set<string>();
    for (const ref of list) {
      const missing = options.providers.get(ref.provider)?.unavailable() ?? null;
      if (missing === null) {
        reachable.push({ ref, model: modelOf(ref) });
      } else {
        passedOver.push({ model: formatModelRef(ref), reason: missing.reason });
        missing.variables.forEach((name) => variables.add(name));
      }
    }
    // Rules stand in for models only where no model can be reached.
    const withModel = reachable.filter(({ model }) => !model.identity.rules);
    const usable = withModel.length > 0 ? withModel : reachable;
    const first = usable[0];
    if (first === undefined) throw noModel(role, list, [...variables]);
    const isOther = ({ model }: Candidate): boolean => model.identity.family !== need.avoidFamily;
    const others = need.avoidFamily === undefined ? usable : usable.filter(isOther);
    const chosen = others[0] ?? first;
    // Models of the family to avoid still serve when no other can answer, but last.
    const order = [...others, ...usable.filter((candidate) => !others.includes(candidate))];
    for (const { ref } of usable.slice(0, usable.indexOf(chosen)))
      passedOver.push({ model: formatModelRef(ref), reason: 'same family as the author' });
    const isFirst = list[0] === chosen.ref;
    return {
      role,
      chosen: formatModelRef(chosen.ref),
      reason: [
        `${isFirst ? 'first' : 'first reachable'} of ${role}${size}`,
        ...(chosen !== first ? ['of another family than the author’s'] : []),
        ...(others.length === 0 ? ['no other family than the author’s is reachable'] : []),
        ...(chosen.model.identity.rules ? ['no model is reachable: rules stand in'] : []),
      ].join('; '),
      passedOver,
      fallbacks: order
        .filter((candidate) => candidate !== chosen)
        .map(({ ref }) => formatModelRef(ref)),
    };
  };

  return {
    decide,
    model(decision) {
      // Work may be older than the config: its author's provider need not be there any more.
      const refs = [decision.chosen, ...decision.fallbacks].flatMap((name) => {
        const ref = parseModelRef(name);
        return ref !== null && options.providers.has(ref.provider) ? [ref] : [];
      });
      const chain = refs.map(modelOf);
      return withFallback(chain, decision.role, options.emit);
    },
  };
}

function listFor(
  role: ModelRole,
  resolved: ResolvedRole,
  need: RouteNeed,
  routing: RouterOptions['routing'],
): { list: readonly ModelRef[]; size: string } {
  const limits: Partial<Record<ModelRole, number>> = {
    parser: routing.parserLargeTokens,
    coder: routing.coderLargeTokens,
  };
  const limit = limits[role];
  const tokens = need.contentTokens;
  if (limit === undefined || tokens === undefined) return { list: resolved.models, size: '' };
  return tokens > limit
    ? { list: resolved.large, size: `, large (about ${tokens} tokens > ${limit})` }
    : { list: resolved.models, size: `, small (about ${tokens} tokens ≤ ${limit})` };
}

function noModel(
  role: ModelRole,
  list: readonly ModelRef[],
  variables: readonly string[],
): BlueprintError {
  return new BlueprintError({
    code: 'no-model',
    message: [`No model of the role «${role}» can be reached`, list.map(formatModelRef).join(', ')]
      .filter((text) => text !== '')
      .join(': '),
    target: `roles.${role}`,
    fix:
      variables.length > 0
        ? `Set ${variables.join(' or ')}, or change roles.${role} in the config.`
        : `Change roles.${role} in the config.`,
    exitCode: ExitCode.unavailable,
  });
}

/** One model that stands for a list: the next answers where the one before cannot. */
function withFallback(chain: readonly LanguageModel[], role: ModelRole, emit: Emit): LanguageModel {
  const [first] = chain;
  if (first === undefined) throw noModel(role, [], []);
  return {
    identity: first.identity,
    async generate(request) {
      for (const [index, model] of chain.entries()) {
        try {
          return await model.generate(request);
        } catch (error) {
          const next = chain[index + 1];
          if (!(error instanceof ModelError) || !error.fallbackHelps || next === undefined)
            throw error;
          emit({
            type: 'route-fallback',
            role,
            from: formatModelRef(model.identity.ref),
            to: formatModelRef(next.identity.ref),
            kind: error.kind,
          });
        }
      }
      throw new Error('The last model of a chain answers or throws');
    },
  };
}
