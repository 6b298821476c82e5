import type { EnsembleMember, EnsemblePlan, PoolModel } from '../../domain/ensemble.ts';

/** What a product is called, where its models' family is called otherwise. */
const productFamilies: Readonly<Record<string, string>> = { codex: 'gpt', openai: 'gpt' };

type PassedOver = EnsemblePlan['passedOver'][number];

/** How near a model is to a name, lower is nearer; null when it is not meant. */
function nearness(name: string, { model, provider, family }: PoolModel): number | null {
  if (name.includes('/')) return model === name ? 0 : null;
  const wanted = name.toLowerCase();
  // The product itself, as `codex-cli`, before other models of its family.
  if (provider === wanted || provider === `${wanted}-cli`) return 0;
  if (family === wanted || family === productFamilies[wanted]) return 1;
  return null;
}

/** Models that a name means, the nearest first, else in the pool's order. */
export function meantBy(name: string, pool: readonly PoolModel[]): PoolModel[] {
  return pool
    .flatMap((model) => {
      const rank = nearness(name, model);
      return rank === null ? [] : [{ model, rank }];
    })
    .sort((a, b) => a.rank - b.rank)
    .map(({ model }) => model);
}

/** Picks models one by one, and remembers who was taken and who was passed over. */
export function createPicker(as: PassedOver['as']) {
  const taken: EnsembleMember[] = [];
  const passedOver: PassedOver[] = [];
  const isTaken = ({ model }: PoolModel): boolean => taken.some((other) => other.model === model);
  const take = ({ model, family }: PoolModel, reason: string): void => {
    taken.push({ model, family, reason });
  };
  return {
    taken,
    passedOver,

    /** The nearest reachable model of a name; `keepOut` gives the reason why one is not wanted. */
    named(
      name: string,
      pool: readonly PoolModel[],
      reason: string,
      keepOut: (model: PoolModel) => string | null = () => null,
    ): void {
      const meant = meantBy(name, pool);
      const reasons = meant.map((model) =>
        model.missing !== null
          ? model.missing.reason
          : isTaken(model)
            ? `${model.model} takes part already`
            : keepOut(model),
      );
      const index = reasons.indexOf(null);
      const found = meant[index];
      if (found === undefined)
        passedOver.push({ name, as, reason: reasons[0] ?? 'no model of it is configured' });
      else take(found, reason);
    },

    /** Reachable models that pass, in the pool's order, until there are `count`. */
    fill(
      count: number,
      pool: readonly PoolModel[],
      reason: string,
      passes: (model: PoolModel) => boolean,
    ): void {
      for (const model of pool) {
        if (taken.length >= count) return;
        if (model.missing === null && !isTaken(model) && passes(model)) take(model, reason);
      }
    },
  };
}
