import { BlueprintError } from '../../domain/errors.ts';
import type { RunEventBody } from '../../domain/event.ts';
import { ModelError } from '../../domain/model-error.ts';
import { formatModelRef } from '../../domain/model-role.ts';
import {
  costOf,
  isFree,
  outputTokensFor,
  worstCostOf,
  type Price,
  type PriceOf,
} from '../../domain/price.ts';
import type { LanguageModel, ModelRequest } from '../language-model.ts';
import { requestHash } from '../request-hash.ts';
import type { TokenCounter } from '../tokens.ts';
import { createLedger, type Caps, type Claim, type Reservation } from './ledger.ts';

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
  /**
   * Must see every event of the calls, when it happens: what tries cost, failed ones too, is learnt from
   * them.
   */
  follow(event: RunEventBody): void;
}

/** A call under way. */
interface Underway {
  readonly reservation: Reservation;
  readonly claim: Claim;
  readonly stop: AbortController;
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
  /** By the hash of the request as it is sent. */
  const underway = new Map<string, Set<Underway>>();

  return {
    follow(event) {
      if (event.type === 'call-finish' || event.type === 'call-fail') {
        const price = priceOf(event.model);
        const stored = event.type === 'call-finish' && event.stored;
        if (price !== null && event.usage !== undefined && !stored)
          ledger.spend(event.role, costOf(event.usage, price));
      } else if (event.type === 'call-retry') {
        for (const call of underway.get(event.call) ?? [])
          if (!call.reservation.fits()) call.stop.abort(ledger.breach(call.claim));
      }
    },

    wrap(model) {
      const name = formatModelRef(model.identity.ref);
      const price = priceOf(name);
      if (price !== null && isFree(price)) return model;
      if (price === null) return options.allowUnpriced ? model : refusing(model, name);
      return {
        identity: model.identity,
        async generate(request) {
          const input = await options.countTokens(request, model.identity.family);
          const claim = claimOf(request, name, input, price);
          if (options.caps.feature !== null) ledger.elsewhere(await options.spentElsewhere());
          const reservation = await ledger.reserve(claim, request.signal);
          const asked = fitted(request, reservation, claim, input, price);
          const shortened = asked.maxOutputTokens < request.maxOutputTokens;
          const stop = new AbortController();
          const leave = enter(underway, requestHash(model.identity.ref, asked), {
            reservation,
            claim,
            stop,
          });
          try {
            const signal = AbortSignal.any([request.signal, stop.signal]);
            return await model.generate({ ...asked, signal });
          } catch (error) {
            if (stop.signal.aborted && !request.signal.aborted) throw stop.signal.reason;
            // Not the work is too long, but the money too short: the task is to be done with more of it.
            if (shortened && error instanceof ModelError && error.kind === 'truncated')
              throw ledger.breach(claim);
            throw error;
          } finally {
            leave();
            reservation.release();
          }
        },
      };
    },
  };
}

function enter(underway: Map<string, Set<Underway>>, hash: string, call: Underway): () => void {
  const same = underway.get(hash) ?? new Set();
  underway.set(hash, same.add(call));
  return () => {
    same.delete(call);
    if (same.size === 0 && underway.get(hash) === same) underway.delete(hash);
  };
}

function claimOf(request: ModelRequest, model: string, input: number, price: Price): Claim {
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
  { full }: Claim,
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
