import type { ResolvedConfig, ResolvedRole } from '../config/resolved-config.ts';
import { BlueprintError, ExitCode } from '../domain/errors.ts';
import type { Emit, RoutingDecision } from '../domain/event.ts';
import {
  formatModelRef,
  isRules,
  parseModelRef,
  rulesAuthor,
  type ModelRef,
  type ModelRole,
} from '../domain/model-role.ts';
import type { Cooldown } from './cooldown.ts';
import { withFallback, type FallbackOptions } from './fallback.ts';
import type { LanguageModel, ModelProvider, ModelRouter, RouteNeed } from './language-model.ts';

export interface RouterOptions {
  readonly roles: ResolvedConfig['roles'];
  readonly routing: Omit<ResolvedConfig['routing'], 'policy' | 'router'>;
  /** By name; every provider that a role's list names is among them. */
  readonly providers: ReadonlyMap<string, ModelProvider>;
  /** Puts the middleware around a provider's model. */
  readonly wrap: (model: LanguageModel) => LanguageModel;
  readonly cooldown: Cooldown;
  readonly contextTokens: FallbackOptions['contextTokens'];
  readonly kept: FallbackOptions['kept'];
  readonly emit: Emit;
}

interface Reachable {
  readonly ref: ModelRef;
  readonly family: string;
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
    const { list, size } = listFor(role, options.roles[role], need, options.routing, (ref) => {
      return !isRules(ref) && options.providers.get(ref.provider)?.unavailable() === null;
    });
    const reachable: Reachable[] = [];
    const passedOver: { model: string; reason: string }[] = [];
    const variables = new Set<string>();
    for (const ref of list) {
      const missing = options.providers.get(ref.provider)?.unavailable() ?? null;
      if (isRules(ref)) {
        reachable.push({ ref, family: rulesAuthor.family });
      } else if (missing === null) {
        reachable.push({ ref, family: modelOf(ref).identity.family });
      } else {
        passedOver.push({ model: formatModelRef(ref), reason: missing.reason });
        missing.variables.forEach((name) => variables.add(name));
      }
    }
    // Rules stand in for models only where no model can be reached.
    const withModel = reachable.filter(({ ref }) => !isRules(ref));
    const own = withModel.length > 0 ? withModel : reachable;
    const isAuthor = ({ ref }: Reachable): boolean =>
      need.avoidModels?.includes(formatModelRef(ref)) === true;
    const usable = own.length > 0 && own.every(isAuthor) ? [...own, ...standIns(own)] : own;
    const first = usable[0];
    if (first === undefined) throw noModel(role, passedOver, [...variables]);
    const order = orderOf(usable, need, options.cooldown);
    const chosen = order[0] ?? first;
    const isOther = ({ family }: Reachable): boolean =>
      need.avoidFamilies?.includes(family) !== true;
    const before = usable.slice(0, usable.indexOf(chosen));
    for (const candidate of before)
      passedOver.push({
        model: formatModelRef(candidate.ref),
        reason:
          restOf(candidate, options.cooldown) ??
          (isAuthor(candidate) ? 'its own work' : 'same family as the author'),
      });
    const isFirst = list[0] === chosen.ref;
    const place = own.includes(chosen)
      ? isFirst
        ? 'first'
        : 'first reachable'
      : 'stands in as one';
    return {
      role,
      chosen: formatModelRef(chosen.ref),
      reason: [
        `${place} of ${role}${size}`,
        ...(isOther(chosen) && !before.every(isOther)
          ? ['of another family than the author’s']
          : []),
        ...(isOther(chosen) ? [] : ['no other family than the author’s is reachable']),
        ...(isAuthor(chosen) ? ['no other model than its authors is reachable'] : []),
        ...(restOf(chosen, options.cooldown) === null
          ? []
          : ['every model that can be reached keeps failing']),
        ...(isRules(chosen.ref) ? ['no model is reachable: rules stand in'] : []),
      ].join('; '),
      passedOver,
      fallbacks: order
        .filter((candidate) => candidate !== chosen)
        .map(({ ref }) => formatModelRef(ref)),
    };
  };

  /** Models of other roles that can judge, where those of the role would judge their own work. */
  const standIns = (known: readonly Reachable[]): Reachable[] => {
    const names = new Set(known.map(({ ref }) => formatModelRef(ref)));
    return judgingRoles
      .flatMap((role) => options.roles[role].models)
      .filter((ref) => {
        const name = formatModelRef(ref);
        if (names.has(name) || isRules(ref)) return false;
        names.add(name);
        return options.providers.get(ref.provider)?.unavailable() === null;
      })
      .map((ref) => ({ ref, family: modelOf(ref).identity.family }));
  };

  /** Models for larger content that can be reached. */
  const largeOf = (role: ModelRole): LanguageModel[] =>
    options.roles[role].large
      .filter((ref) => !isRules(ref))
      .filter(({ provider }) => options.providers.get(provider)?.unavailable() === null)
      .map(modelOf);

  return {
    decide,
    model(decision) {
      // Work may be older than the config: its author's provider need not be there any more.
      const refs = [decision.chosen, ...decision.fallbacks].flatMap((name) => {
        const ref = parseModelRef(name);
        return ref !== null && !isRules(ref) && options.providers.has(ref.provider) ? [ref] : [];
      });
      const [first, ...rest] = refs.map(modelOf);
      if (first === undefined) throw noModel(decision.role, [], []);
      return withFallback([first, ...rest], {
        ...options,
        role: decision.role,
        larger: decision.exact === true ? [] : largeOf(decision.role),
        fallbackOnRefusal: options.routing.fallbackOnRefusal,
      });
    },
  };
}

/** Roles whose models may judge in a reviewer's place, the most fitting first; small ones are not asked. */
const judgingRoles = [
  'reviewer',
  'critic',
  'judge',
  'verifier',
  'architect',
  'coder',
  'corrector',
] as const satisfies readonly ModelRole[];

/**
 * Models that keep failing come last, before them those whose own work it is, and before these those of a
 * family to avoid: all still serve when no other can answer.
 */
function orderOf(
  usable: readonly Reachable[],
  { avoidFamilies = [], avoidModels = [] }: RouteNeed,
  cooldown: Cooldown,
): Reachable[] {
  const ranks = new Map(
    usable.map((each) => [
      each,
      [
        restOf(each, cooldown) === null ? 0 : 1,
        nearness(formatModelRef(each.ref), avoidModels),
        nearness(each.family, avoidFamilies),
      ],
    ]),
  );
  const rank = (each: Reachable, at: number): number => ranks.get(each)?.[at] ?? 0;
  return usable.toSorted(
    (a, b) => rank(a, 0) - rank(b, 0) || rank(a, 1) - rank(b, 1) || rank(a, 2) - rank(b, 2),
  );
}

/** 0 for what is not to be avoided; the earlier it is named, the worse. */
function nearness(name: string, avoid: readonly string[]): number {
  const at = avoid.indexOf(name);
  return at === -1 ? 0 : avoid.length - at;
}

function restOf({ ref }: Reachable, cooldown: Cooldown): string | null {
  return cooldown.of(formatModelRef(ref))?.reason ?? null;
}

function listFor(
  role: ModelRole,
  resolved: ResolvedRole,
  need: RouteNeed,
  routing: RouterOptions['routing'],
  hasModel: (ref: ModelRef) => boolean,
): { list: readonly ModelRef[]; size: string } {
  const limits: Partial<Record<ModelRole, number>> = {
    parser: routing.parserLargeTokens,
    coder: routing.coderLargeTokens,
  };
  const limit = limits[role];
  const tokens = need.contentTokens;
  if (limit === undefined || tokens === undefined) return { list: resolved.models, size: '' };
  if (tokens <= limit)
    return { list: resolved.models, size: `, small (about ${tokens} tokens ≤ ${limit})` };
  const size = `, large (about ${tokens} tokens > ${limit})`;
  // A model that may find the content too long is better than none.
  if (!resolved.large.some(hasModel) && resolved.models.some(hasModel))
    return { list: [...resolved.large, ...resolved.models], size };
  return { list: resolved.large, size };
}

function noModel(
  role: ModelRole,
  list: RoutingDecision['passedOver'],
  variables: readonly string[],
): BlueprintError {
  // Reasons that a variable would mend are in the fix.
  const names = list.map(({ model, reason }) =>
    variables.some((name) => reason.includes(name)) ? model : `${model} (${reason})`,
  );
  return new BlueprintError({
    code: 'no-model',
    message: [`No model of the role «${role}» can be reached`, names.join(', ')]
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
