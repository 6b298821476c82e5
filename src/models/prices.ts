import type { ResolvedConfig } from '../config/resolved-config.ts';
import { parseModelRef } from '../domain/model-role.ts';
import type { Price, PriceOf } from '../domain/price.ts';
import { priceList } from './price-list.ts';

const free: Price = { input: 0, output: 0 };

/**
 * What models cost: the config's `prices` (of the model, else of `provider/*`), then nothing for what
 * makes no call, then the list that comes with the program, then null: unknown.
 */
export function createPrices({
  prices,
  providers,
}: Pick<ResolvedConfig, 'prices' | 'providers'>): PriceOf {
  const listed = new Map(
    priceList.flatMap(({ models, price }) => models.map((model) => [model, price] as const)),
  );
  return (model) => {
    const provider = parseModelRef(model)?.provider ?? '';
    const written = prices.get(model) ?? prices.get(`${provider}/*`);
    if (written !== undefined) return written;
    const kind = providers.get(provider)?.kind ?? provider;
    if (kind === 'offline' || kind === 'scripted') return free;
    return listed.get(model) ?? null;
  };
}
