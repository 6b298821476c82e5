import type { ResolvedConfig } from '../config/resolved-config.ts';
import type { Emit } from '../domain/event.ts';
import type { FeaturePlace } from '../state/feature-folder.ts';
import { createArtefactStore } from '../state/artefacts.ts';
import { createLeaseKeeper } from '../state/leases.ts';
import type { Redactor } from '../text/redact.ts';
import type { WorkParts } from '../use-cases/program.ts';
import { withoutSecretsInFiles } from './hide-secrets.ts';
import { once } from './once.ts';
import type { Tape } from './tape.ts';

/** What all work of the program is put together from. */
export interface Base {
  readonly config: ResolvedConfig;
  readonly env: NodeJS.ProcessEnv;
  readonly now: () => Date;
  readonly redactor: Redactor;
  readonly tape: Pick<Tape, 'recording' | 'replay'>;
}

/** The folder that the work is done in, and where its events go. */
export interface At {
  /** Of the folder: a feature's slug, or as long-lived a name. */
  readonly name: string;
  readonly place: FeaturePlace & { readonly now: () => Date };
  readonly run: string;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

export type Parts = ReturnType<typeof partsOf>;

/** The adapters that work in one folder needs, none of them built or loaded before it is asked for. */
export function partsOf({ config, env, now, redactor, tape }: Base, at: At) {
  const { name, place, run, emit, signal } = at;
  const artefacts = withoutSecretsInFiles(createArtefactStore(place), redactor);
  const { attempts, contextTokens, maxOutputTokens, codec } = config.executor;
  const { maxIterations } = config.supervisor;
  const options = { attempts, contextTokens, maxOutputTokens, maxIterations, codec };

  const providers = once(async () => {
    const { absentProviders } = await import('./absent-providers.ts');
    const { providersOf } = await import('./models.ts');
    return providersOf(config, tape.replay?.providers, await absentProviders(config, signal));
  });
  const router = once(async () => {
    const { openRouter } = await import('./router.ts');
    const { createCallStore } = await import('../state/call-store.ts');
    const { openSpending } = await import('./spending.ts');
    return openRouter({
      config,
      providers: await providers(),
      calls: createCallStore(place, name),
      spending: openSpending(config, artefacts.path(name, 'journal.jsonl'), run),
      tape,
      redactor,
      emit,
      now,
    });
  });
  const pool = async (named?: readonly string[]) => {
    const { modelPool } = await import('./model-pool.ts');
    return modelPool(config, await providers(), named);
  };
  const workspace = once(async () => {
    const { workspaceOf } = await import('./workspace.ts');
    const { withoutSecretsInWorkspace } = await import('./hide-secrets.ts');
    const opened = await workspaceOf(name, config, place, { env, now, emit });
    return withoutSecretsInWorkspace(opened, redactor);
  });
  const gates = once(async () => {
    const { gatesOf } = await import('./gates.ts');
    return gatesOf(config, await workspace(), { redactor, now, env });
  });
  const rules = once(async () => {
    const { rulesOf } = await import('./rules.ts');
    return rulesOf(tape.recording, now);
  });
  const engine = once(async () => {
    const { createLocalEngine } = await import('../executor/local-engine.ts');
    const { strategiesOf } = await import('./strategies.ts');
    return createLocalEngine({
      artefacts,
      workspace: await workspace(),
      router: await router(),
      strategy: strategiesOf(config, await pool(), now),
      scaffold: (await rules()).scaffold,
      ...(await gates()),
      emit,
      now,
      options,
    });
  });
  return {
    artefacts,
    leases: createLeaseKeeper(place),
    options,
    run,
    emit,
    signal,
    providers,
    pool,
    workspace,
    gates,
    router,
    rules,
    engine,
  } satisfies WorkParts & Record<string, unknown>;
}
