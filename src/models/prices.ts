import type { ResolvedConfig } from '../config/resolved-config.ts';
import { parseModelRef } from '../domain/model-role.ts';
import type { PriceOf } from '../domain/price.ts';
import { priceList } from './price-list.ts';

/**
 * What models cost: the config's `prices` (of the model, else of `provider/*`), then the list that comes with
 * the program, then null: unknown.
 */
export function createPrices({ prices }: Pick<ResolvedConfig, 'prices'>): PriceOf {
  const listed = new Map(
    priceList.flatMap(({ models, price }) => models.map((model) => [model, price] as const)),
  );
  return (model) =>
    prices.get(model) ??
    prices.get(`${parseModelRef(model)?.provider ?? ''}/*`) ??
    listed.get(model) ??
    null;
}
