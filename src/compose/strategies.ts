import type { ResolvedConfig } from '../config/resolved-config.ts';
import type { Task } from '../domain/task.ts';
import { roleOfType } from '../domain/model-role.ts';
import { strategies, strategyNames, type StrategyName } from '../extensions.ts';
import { createPrices } from '../models/prices.ts';
import type { ExpectedCalls, ModelPool, Strategy, StrategyParts } from '../strategies/strategy.ts';

/** Each task by the strategy that the config names for it. */
export function strategiesOf(config: ResolvedConfig, pool: ModelPool, now: () => Date): Strategy {
  const parts = partsOf(config, pool, now);
  const loaded = new Map<StrategyName, Promise<Strategy>>();
  return async (input) => {
    const name = strategyFor(config.strategy, input.work.task);
    const strategy =
      loaded.get(name) ?? strategies[name].load().then((definition) => definition.create(parts));
    loaded.set(name, strategy);
    return (await strategy)(input);
  };
}

/** The calls that the strategy of a task makes. */
export async function expectedCallsOf(
  config: ResolvedConfig,
  pool: ModelPool,
  now: () => Date,
): Promise<(task: Task) => ExpectedCalls> {
  const parts = partsOf(config, pool, now);
  const definitions = new Map(
    await Promise.all(
      strategyNames.map(async (name) => [name, await strategies[name].load()] as const),
    ),
  );
  return (task) => {
    const definition = definitions.get(strategyFor(config.strategy, task));
    if (definition === undefined) throw new Error(`No strategy for ${task.id}`);
    return definition.expectedCalls(parts, task, roleOfType[task.type]);
  };
}

function partsOf(config: ResolvedConfig, pool: ModelPool, now: () => Date): StrategyParts {
  const { ensemble } = config;
  // All checks that block count, and none must have passed.
  const tournament = { ...config.tournament, mustPass: [] };
  return { ensemble, tournament, pool, priceOf: createPrices(config), now };
}

/** A task's category decides before its type. */
export function strategyFor(
  { default: other, types, categories }: ResolvedConfig['strategy'],
  { type, category }: Pick<Task, 'type' | 'category'>,
): StrategyName {
  return categories[category] ?? types[type] ?? other;
}
