import { BlueprintError } from '../../domain/errors.ts';
import { ModelError } from '../../domain/model-error.ts';
import { formatModelRef, type ModelRole } from '../../domain/model-role.ts';
import {
  isFree,
  outputTokensFor,
  worstCostOf,
  type Price,
  type PriceOf,
} from '../../domain/price.ts';
import type { LanguageModel, ModelRequest } from '../language-model.ts';
import type { TokenCounter } from '../tokens.ts';
import { createLedger, type CallCost, type Caps, type Reservation } from './ledger.ts';

export interface BudgetOptions {
  readonly caps: Caps;
  /** What other commands, earlier or beside this one, have spent on the feature by now, USD. */
  readonly spentElsewhere: () => Promise<number>;
  /** Models of unknown price may be asked; nothing limits them. */
  readonly allowUnpriced: boolean;
  readonly priceOf: PriceOf;
  readonly countTokens: TokenCounter;
}

/** The caps of one command, and what its calls have cost. */
export interface Budget {
  /** Puts the budget around a model: between the call store and the retries. */
  wrap(model: LanguageModel): LanguageModel;
  /** Enters what a try of a call has cost, USD. */
  spend(role: ModelRole, usd: number): void;
}

/** A reply of a quarter of the wanted length is as a rule long enough; a shorter one would be cut. */
const leastShare = 4;
const leastTokens = 4_000;

/**
 * Reserves what a call may cost at most before it is sent, and settles with what it did cost. What would
 * not fit is sent with a lower limit on its output while that still makes sense; then the budget is
 * reached.
 */
export function createBudget(options: BudgetOptions): Budget {
  const { priceOf } = options;
  const ledger = createLedger(options.caps);

  return {
    spend: (role, usd) => ledger.spend(role, usd),

    wrap(model) {
      const name = formatModelRef(model.identity.ref);
      const price = priceOf(name);
      if (price !== null && isFree(price)) return model;
      if (price === null) return options.allowUnpriced ? model : refusing(model, name);
      return {
        identity: model.identity,
        async generate(request) {
          const input = await options.countTokens(request, model.identity.family);
          const cost = costOfCall(request, name, input, price);
          if (options.caps.feature !== null) ledger.elsewhere(await options.spentElsewhere());
          request.onWait?.();
          const reserved = ledger.reserve(cost, request.signal);
          const reservation = await reserved.finally(() => request.onWaitEnd?.());
          const asked = fitted(request, reservation, cost, input, price);
          const shortened = asked.maxOutputTokens < request.maxOutputTokens;
          const onRetry = (): void => {
            // What the failed tries have cost may leave too little for another.
            if (!reservation.fits()) throw ledger.breach(cost);
            request.onRetry?.();
          };
          try {
            return await model.generate({ ...asked, onRetry });
          } catch (error) {
            // Not the work is too long, but the money too short: the task is to be done with more of it.
            if (shortened && error instanceof ModelError && error.kind === 'truncated')
              throw ledger.breach(cost);
            throw error;
          } finally {
            reservation.release();
          }
        },
      };
    },
  };
}

function costOfCall(request: ModelRequest, model: string, input: number, price: Price): CallCost {
  const wanted = request.maxOutputTokens;
  const least = Math.min(wanted, Math.max(leastTokens, Math.ceil(wanted / leastShare)));
  return {
    role: request.role,
    model,
    full: worstCostOf(input, wanted, price),
    least: worstCostOf(input, least, price),
  };
}

/** The request with as much output as the money set aside pays for. */
function fitted(
  request: ModelRequest,
  { amount }: Reservation,
  { full }: CallCost,
  input: number,
  price: Price,
): ModelRequest {
  if (amount >= full) return request;
  const maxOutputTokens = Math.min(request.maxOutputTokens, outputTokensFor(amount, input, price));
  return { ...request, maxOutputTokens };
}

function refusing({ identity }: LanguageModel, name: string): LanguageModel {
  return {
    identity,
    generate: () =>
      Promise.reject(
        new BlueprintError({
          code: 'price-unknown',
          message: `There is a budget, but what ${name} costs is not known, so it was not asked`,
          target: name,
          fix: `Give its price in the config: "prices": {"${name}": {"input": …, "output": …}} in USD per million tokens; or let it be asked without a limit: "budget": {"allowUnpriced": true}.`,
        }),
      ),
  };
}
