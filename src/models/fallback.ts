import type { Emit } from '../domain/event.ts';
import { ModelError } from '../domain/model-error.ts';
import { formatModelRef, type ModelRef, type ModelRole } from '../domain/model-role.ts';
import type { Cooldown } from './cooldown.ts';
import type { LanguageModel, ModelRequest } from './language-model.ts';

export interface FallbackOptions {
  readonly role: ModelRole;
  /** Further models of the role, for prompts that are too long for the first ones. */
  readonly larger: readonly LanguageModel[];
  readonly cooldown: Cooldown;
  /** Tokens that a model takes; null where that is not known. */
  readonly contextTokens: (ref: ModelRef) => number | null;
  /** Whether the model has answered this request before, so that its answer costs nothing. */
  readonly kept: (ref: ModelRef, request: ModelRequest) => Promise<boolean>;
  readonly fallbackOnRefusal: boolean;
  readonly emit: Emit;
}

type Chain = readonly [LanguageModel, ...LanguageModel[]];

/**
 * One model that stands for a list: the next answers where the one before cannot, and models that keep
 * failing come last. Whoever was paid for this very request before is asked first.
 */
export function withFallback(chain: Chain, options: FallbackOptions): LanguageModel {
  const { role, cooldown, emit } = options;
  const helps = (error: ModelError): boolean =>
    error.fallbackHelps || (error.kind === 'refused' && options.fallbackOnRefusal);

  return {
    identity: chain[0].identity,
    async generate(request) {
      let [model, ...rest] = await inOrder(chain, request, options);
      const tried = new Set<string>();
      for (;;) {
        const name = nameOf(model);
        tried.add(name);
        try {
          const result = await model.generate(request);
          cooldown.answered(name);
          return result;
        } catch (error) {
          if (!(error instanceof ModelError)) throw error;
          cooldown.failed(name, error);
          if (!helps(error)) throw error;
          const left =
            error.kind === 'context_too_long' ? longerFirst(model, rest, tried, options) : rest;
          const awake = awakeFirst(left, cooldown);
          const next = (await keptOf(awake, request, options)) ?? awake[0];
          if (next === undefined) throw error;
          emit({ type: 'route-fallback', role, from: name, to: nameOf(next), kind: error.kind });
          [model, rest] = [next, awake.filter((other) => other !== next)];
        }
      }
    },
  };
}

async function inOrder(
  chain: Chain,
  request: ModelRequest,
  options: FallbackOptions,
): Promise<Chain> {
  const { role, cooldown, emit } = options;
  const known = await keptOf(chain, request, options);
  if (known !== null) return [known, ...chain.filter((other) => other !== known)];
  const [first = chain[0], ...rest] = awakeFirst(chain, cooldown);
  const resting = cooldown.of(nameOf(chain[0]));
  if (first !== chain[0] && resting !== null)
    emit({
      type: 'route-fallback',
      role,
      from: nameOf(chain[0]),
      to: nameOf(first),
      kind: resting.kind,
    });
  return [first, ...rest];
}

/** Of several models the one that has answered this request before; null when none has. */
async function keptOf(
  models: readonly LanguageModel[],
  request: ModelRequest,
  { kept }: FallbackOptions,
): Promise<LanguageModel | null> {
  if (models.length < 2) return null;
  for (const model of models) if (await kept(model.identity.ref, request)) return model;
  return null;
}

function awakeFirst(models: readonly LanguageModel[], cooldown: Cooldown): LanguageModel[] {
  const resting = models.filter((model) => cooldown.of(nameOf(model)) !== null);
  return [...models.filter((model) => !resting.includes(model)), ...resting];
}

/** Those that are known to take more, then those of which nothing is known; others would fail as well. */
function longerFirst(
  failed: LanguageModel,
  rest: readonly LanguageModel[],
  tried: ReadonlySet<string>,
  { larger, contextTokens }: FallbackOptions,
): LanguageModel[] {
  const seen = new Set([...tried, ...rest.map(nameOf)]);
  const all = [...rest, ...larger.filter((model) => !seen.has(nameOf(model)))];
  const limit = contextTokens(failed.identity.ref);
  if (limit === null) return all;
  const longer: LanguageModel[] = [];
  const unknown: LanguageModel[] = [];
  for (const model of all) {
    const size = contextTokens(model.identity.ref);
    if (size === null) unknown.push(model);
    else if (size > limit) longer.push(model);
  }
  const left = [...longer, ...unknown];
  return left.length > 0 ? left : all;
}

function nameOf({ identity }: LanguageModel): string {
  return formatModelRef(identity.ref);
}
