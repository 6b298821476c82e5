import type { ResolvedConfig } from '../config/resolved-config.ts';
import type { RouteTask } from '../executor/task-dependencies.ts';
import { createPrices } from '../models/prices.ts';
import type { ModelPool } from '../strategies/strategy.ts';
import { route } from '../workflows/route/route.ts';
import { givenWorkflow, wordsOfTask } from '../workflows/workflow-of.ts';

/** Routes a task as the config says; a model is asked only where the task leaves the workflow open. */
export function routeTaskOf(
  config: Pick<ResolvedConfig, 'routing' | 'prices' | 'providers'>,
  pool: ModelPool,
): RouteTask {
  const { policy, router } = config.routing;
  const priceOf = createPrices(config);
  return (task, asking) => {
    const workflow = givenWorkflow(task) ?? undefined;
    const isOpen = workflow === undefined;
    const text = wordsOfTask(task);
    return route({
      text,
      workflow,
      pool,
      priceOf,
      policy,
      asking: isOpen && router === 'model' ? asking : null,
    });
  };
}
