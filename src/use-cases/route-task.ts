import type { ResolvedConfig } from '../config/resolved-config.ts';
import type { Route, RoutePolicy } from '../domain/route.ts';
import { deriveFeatureName } from '../pipeline/feature-slug.ts';
import type { CostReport } from '../report/cost.ts';
import type { Asking } from '../supervisor/work.ts';
import { jsonText } from '../text/json-as.ts';
import { emitRoute, route } from '../workflows/route/route.ts';
import { countedCost } from './counted-cost.ts';
import type { Caller, Program, Session } from './program.ts';
import { refuseSecrets } from './refuse-secrets.ts';

export interface RouteTaskInput {
  /** The task in words. */
  readonly text: string;
  /** Null: what the config says. */
  readonly policy: RoutePolicy | null;
  /** Whether a model is asked, once, where one can be. */
  readonly byModel: boolean;
}

export interface RoutedTask {
  readonly route: Route;
  /** Absolute: where the proposal of a model is kept; null where rules decided. */
  readonly folder: string | null;
  readonly cost: Pick<CostReport, 'total' | 'byModel' | 'avoided'>;
}

/**
 * How a task would be solved, and by whom; solves nothing.
 * @throws BlueprintError `workflow-unknown` for a proposal of a model, `budget-reached`
 */
export async function routeTask(
  { text, policy: wanted, byModel }: RouteTaskInput,
  program: Program,
  caller: Caller,
): Promise<RoutedTask> {
  const { config } = program;
  const policy = wanted ?? config.routing.policy;
  refuseSecrets('The task', text, program.redactor);
  const { counted, report } = await countedCost(caller, program);
  const priceOf = (await program.prices()).of;
  const pool = await program.pool([], caller.signal);
  const about = { text, pool, priceOf, policy };
  // Nothing is written where no model can be asked.
  const canAsk = byModel && pool.primaries('parser').some(({ missing }) => missing === null);
  if (!canAsk)
    return { route: await route({ ...about, asking: null }), folder: null, cost: report() };
  const name = deriveFeatureName(text);
  const folder = { kind: 'routes', name, inputs: { text, policy }, config } as const;
  return program.inFolder(folder, counted, async (session) => {
    const asking = await askingFor(session, config);
    const found = await route({ ...about, asking });
    emitRoute(asking, found);
    await session.artefacts.write(session.name, 'route.json', jsonText(found));
    return { route: found, folder: session.folder, cost: report() };
  });
}

/** What a call for a route is asked with. */
export async function askingFor(
  { name, emit, signal, router }: Session,
  { executor }: Pick<ResolvedConfig, 'executor'>,
): Promise<Asking> {
  return {
    limits: { maxOutputTokens: executor.maxOutputTokens },
    salt: undefined,
    purpose: { stage: 'route', feature: name, task: null, attempt: 1, round: 0 },
    router: await router(),
    emit,
    signal,
  };
}
