import { formatModelRef } from '../../domain/model-role.ts';
import { costOf, type PriceOf } from '../../domain/price.ts';
import type { LanguageModel, ModelRouter } from '../../models/language-model.ts';

/** What the replies cost that a part of a tournament was made of, whenever they were paid for. */
export interface PartCost {
  readonly calls: number;
  readonly tokensIn: number;
  readonly tokensOut: number;
  /** Null when the price of one of its models is not known. */
  readonly usd: number | null;
}

export interface Meter {
  /** The router, with the replies of its models counted for the candidates that they are about. */
  around(router: ModelRouter): ModelRouter;
  cost(candidate: string): PartCost;
  total(): PartCost;
}

const nothing: PartCost = { calls: 0, tokensIn: 0, tokensOut: 0, usd: 0 };

export function createMeter(priceOf: PriceOf): Meter {
  const costs = new Map<string, PartCost>();
  const add = (a: PartCost, b: PartCost): PartCost => ({
    calls: a.calls + b.calls,
    tokensIn: a.tokensIn + b.tokensIn,
    tokensOut: a.tokensOut + b.tokensOut,
    usd: a.usd === null || b.usd === null ? null : a.usd + b.usd,
  });
  const metered = (model: LanguageModel): LanguageModel => ({
    identity: model.identity,
    async generate(request) {
      const result = await model.generate(request);
      const { candidate } = request.purpose;
      if (candidate === undefined) return result;
      const { usage, identity } = result;
      const price = priceOf(formatModelRef(identity.ref));
      costs.set(
        candidate,
        add(costs.get(candidate) ?? nothing, {
          calls: 1,
          tokensIn: usage.input,
          tokensOut: usage.output,
          usd: price === null ? null : costOf(usage, price),
        }),
      );
      return result;
    },
  });
  return {
    around: (router) => ({
      decide: (role, need) => router.decide(role, need),
      model: (decision) => metered(router.model(decision)),
    }),
    cost: (candidate) => costs.get(candidate) ?? nothing,
    total: () => [...costs.values()].reduce(add, nothing),
  };
}
