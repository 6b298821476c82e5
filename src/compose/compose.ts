import type { ResolvedConfig } from '../config/resolved-config.ts';
import type { Emit } from '../domain/event.ts';
import type { Redactor } from '../text/redact.ts';
import { createLocalEngine } from '../executor/local-engine.ts';
import type { TaskDependencies } from '../executor/task-dependencies.ts';
import { withRecording } from '../models/middleware/record.ts';
import { createReplayStack, createStack, type StackOptions } from '../models/middleware/stack.ts';
import { withoutSecrets } from '../models/middleware/without-secrets.ts';
import { requestHash } from '../models/request-hash.ts';
import { createCallStore } from '../state/call-store.ts';
import type { FeaturePlace } from '../state/feature-folder.ts';
import type { ArtefactStore, FeatureStore } from '../state/ports.ts';
import { gatesOf } from './gates.ts';
import { withoutSecretsInWorkspace } from './hide-secrets.ts';
import { modelPool } from './model-pool.ts';
import { cachesPrefixes, providersOf, routerOf } from './models.ts';
import type { AppOptions } from './options.ts';
import { planArtefacts } from './plan-artefacts.ts';
import { rulesOf } from './rules.ts';
import { expectedCallsOf, strategiesOf } from './strategies.ts';
import type { Tape } from './tape.ts';
import { workspaceOf } from './workspace.ts';

type Place = FeaturePlace & { now: () => Date };

/** The adapters that work with models needs, for one feature. */
export async function compose(wanted: {
  slug: string;
  config: ResolvedConfig;
  artefacts: ArtefactStore;
  emit: Emit;
  account: StackOptions['account'];
  withBudget?: StackOptions['withBudget'] | undefined;
  options: AppOptions;
  place: Place;
  redactor: Redactor;
  tape?: Pick<Tape, 'recording' | 'replay'>;
  /** Providers that were found not to answer, with the reason. */
  absent?: ReadonlyMap<string, string>;
}) {
  const { slug, config, artefacts, emit, account, withBudget, options, place, redactor, tape } =
    wanted;
  const { now } = options;
  const calls = createCallStore(place, slug);
  const { recording = null, replay = null } = tape ?? {};
  const around = { store: calls, emit, now, account, asSent: redactor.values };
  const stack =
    replay === null
      ? createStack({
          ...config,
          ...around,
          cachesPrefixes: (name) => cachesPrefixes(config.providers.get(name)),
          ...(withBudget !== undefined && { withBudget }),
        })
      : createReplayStack(around);
  const providers = await providersOf(config, replay?.providers, wanted.absent);
  const router = routerOf(
    config,
    {
      wrap(model) {
        const whole = stack(withoutSecrets(model, { redactor, emit }));
        return recording === null ? whole : withRecording(whole, { recording, redactor, now });
      },
      emit,
      now,
      kept: async (ref, request) =>
        (await calls.read(requestHash(ref, request))) !== null ||
        replay?.holds(ref, request) === true,
    },
    providers,
  );
  const workspace = withoutSecretsInWorkspace(
    await workspaceOf(slug, config, place, { ...options, emit }),
    redactor,
  );
  const pool = modelPool(config, providers);
  const rules = rulesOf(recording, now);
  const task: TaskDependencies = {
    artefacts,
    workspace,
    router,
    strategy: strategiesOf(config, pool, now),
    scaffold: rules.scaffold,
    ...(await gatesOf(config, workspace, { redactor, now, env: options.env })),
    emit,
    now,
    options: {
      attempts: config.executor.attempts,
      contextTokens: config.executor.contextTokens,
      maxOutputTokens: config.executor.maxOutputTokens,
      maxIterations: config.supervisor.maxIterations,
      codec: config.executor.codec,
    },
  };
  return {
    router,
    pool: (named?: readonly string[]) => modelPool(config, providers, named),
    workspace,
    rulesPlanner: rules.planner,
    task,
    expectedCallsOf: () => expectedCallsOf(config, pool, now),
    engine: createLocalEngine(task),
    planArtefacts: (store: FeatureStore) => planArtefacts(slug, artefacts, store),
  };
}
