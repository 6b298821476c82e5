import type { PoolModel } from '../../domain/ensemble.ts';
import { worstCostOf, type PriceOf } from '../../domain/price.ts';
import type { Route, RoutePolicy, RouteTool, Worker, WorkflowName } from '../../domain/route.ts';
import type { ModelPool } from '../../strategies/strategy.ts';
import { usualSolutions } from '../answers/solvers.ts';

/** What rules know when they choose who works. */
export interface Choosing {
  readonly pool: ModelPool;
  readonly priceOf: PriceOf;
  readonly policy: RoutePolicy;
}

export const toolsOf: Readonly<Record<WorkflowName, readonly RouteTool[]>> = {
  coding: ['sandbox'],
  reasoning: [],
  science: ['sandbox'],
  rag_qa: ['retrieval'],
};

/** Rounds by what is put first. */
export const controlsOf: Readonly<Record<RoutePolicy, Route['controls']>> = {
  cost: { debate: false, maxRounds: 1 },
  quality: { debate: false, maxRounds: 2 },
};

/** Models that can be asked now. */
export function reachableIn(pool: ModelPool): PoolModel[] {
  return [...pool.primaries('solver'), ...pool.validators()].filter(
    ({ model, missing }, at, all) =>
      missing === null && all.findIndex((other) => other.model === model) === at,
  );
}

/**
 * Who works where nobody says: for `cost` the cheapest, else the first of the role; where several solutions
 * are wanted for `quality`, each by another family as far as there are any. The verifier is of another family
 * than the first solver where one can be reached. Empty where no model can be.
 */
export function defaultWorkers(workflow: WorkflowName, choosing: Choosing): Worker[] {
  const { policy } = choosing;
  const models = ordered(reachableIn(choosing.pool), choosing);
  const [first] = models;
  if (first === undefined) return [];
  const isVoted = workflow === 'reasoning' || workflow === 'science';
  const solvers = isVoted && policy === 'quality' ? differing(models, usualSolutions) : [first];
  const verifier = verifierFor(solvers, ordered(choosing.pool.validators(), choosing)) ?? first;
  if (workflow === 'rag_qa' && policy === 'cost')
    return solvers.map((model) => workerOf(model, 'solver'));
  const judging = workflow === 'coding' ? 'critic' : 'verifier';
  return [...solvers.map((model) => workerOf(model, 'solver')), workerOf(verifier, judging)];
}

function workerOf({ model, provider }: PoolModel, role: Worker['role']): Worker {
  return { provider, model: model.slice(provider.length + 1), role };
}

/** For `cost` by what a usual call costs, models of unknown price last. */
function ordered(
  models: readonly PoolModel[],
  { policy, priceOf }: Pick<Choosing, 'policy' | 'priceOf'>,
): PoolModel[] {
  if (policy === 'quality') return [...models];
  const cost = ({ model }: PoolModel): number => {
    const price = priceOf(model);
    return price === null ? Number.POSITIVE_INFINITY : worstCostOf(8_000, 2_000, price);
  };
  const costs = new Map(models.map((model) => [model, cost(model)]));
  return models.toSorted((a, b) => {
    const [one = 0, other = 0] = [costs.get(a), costs.get(b)];
    return one === other ? 0 : one - other;
  });
}

/** So many at most: first one of each family, then others. */
function differing(models: readonly PoolModel[], count: number): PoolModel[] {
  const families = models.filter(
    ({ family }, at) => models.findIndex((other) => other.family === family) === at,
  );
  return [...new Set([...families, ...models])].slice(0, count);
}

/** Of a family that none of the solvers has, else of another than the first's, else another model. */
function verifierFor(
  solvers: readonly PoolModel[],
  models: readonly PoolModel[],
): PoolModel | undefined {
  const reachable = models.filter(({ missing }) => missing === null);
  const [first] = solvers;
  return (
    reachable.find(({ family }) => solvers.every((solver) => solver.family !== family)) ??
    reachable.find(({ family }) => first?.family !== family) ??
    reachable.find(({ model }) => first?.model !== model)
  );
}
