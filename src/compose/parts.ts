import { workflows } from '../extensions.ts';
import { BlueprintError } from '../domain/errors.ts';
import type { Emit } from '../domain/event.ts';
import { createArtefactStore } from '../state/artefacts.ts';
import { assertContained } from '../state/feature-folder.ts';
import { createLeaseKeeper } from '../state/leases.ts';
import type { Redactor } from '../text/redact.ts';
import type { ResolvedConfig } from '../config/resolved-config.ts';
import type { ModelPool } from '../strategies/strategy.ts';
import type { DebateOf } from '../workflows/workflow.ts';
import type { Session } from '../use-cases/program.ts';
import { withoutSecretsInFiles } from './hide-secrets.ts';
import { once } from '../text/once.ts';
import { ownStatesOf } from './own-state.ts';
import type { RecordReplay } from './record-replay.ts';
import type { LocatedFolder } from './work-folder.ts';

/** What all work of the program is put together from. */
export interface Base {
  readonly env: NodeJS.ProcessEnv;
  readonly now: () => Date;
  readonly redactor: Redactor;
  readonly recordReplay: Pick<RecordReplay, 'recording' | 'replay'>;
}

/** The folder that the work is done in, and where its events go. */
export interface At extends LocatedFolder {
  readonly run: string;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** Called before the first call can be made. */
  readonly beforeCalls?: () => void;
  /** Takes what is to be done when the work has ended. */
  readonly atEnd?: (last: () => Promise<void>) => void;
}

/** The adapters that work in one folder needs, none of them built or loaded before it is asked for. */
export function partsOf({ env, now, redactor, recordReplay }: Base, at: At): Session {
  const { name, config, run, emit, signal } = at;
  const place = { ...at.place, now };
  const ownIn = ownStatesOf(place, env);
  const own = ownIn(name);
  const artefacts = withoutSecretsInFiles(createArtefactStore(place, ownIn), redactor);
  const { attempts, contextTokens, maxOutputTokens, codec } = config.executor;
  const { maxIterations, findings } = config.supervisor;
  const { relatedTokens } = config.repository;
  const options = {
    attempts,
    contextTokens,
    relatedTokens,
    maxOutputTokens,
    maxIterations,
    findings,
    codec,
  };
  const journal = artefacts.path(name, 'journal.jsonl');

  const providers = once(async () => {
    const { openProviders } = await import('./providers.ts');
    return openProviders(config, recordReplay.replay, signal);
  });
  const pool = async (named: readonly string[]) => {
    const { modelPool } = await import('./model-pool.ts');
    return modelPool(config, await providers(), named);
  };
  const router = once(async () => {
    // Whoever looked without all of the config does not act without it.
    if (config.untrusted !== null) throw new BlueprintError(config.untrusted);
    const { openRouter } = await import('./router.ts');
    const { createCallStore } = await import('../state/call-store.ts');
    const { holdUnkept } = await import('../state/unkept-calls.ts');
    const { openSpending } = await import('./spending.ts');
    const calls = holdUnkept(createCallStore(place, name, own), (why) => {
      const message = `a reply could not be kept (${why}); this command goes on with it, a later one would pay for it again`;
      emit({ type: 'warning', code: 'reply-not-kept', message, task: null });
    });
    at.atEnd?.(calls.flush);
    at.beforeCalls?.();
    return openRouter({
      config,
      providers: await providers(),
      calls: calls.store,
      spending: openSpending(config, journal, run),
      recordReplay,
      redactor,
      emit,
      now,
    });
  });
  const workspace = once(async () => {
    const { workspaceOf } = await import('./workspace.ts');
    const { withoutSecretsInWorkspace } = await import('./hide-secrets.ts');
    const opened = await workspaceOf(name, config, place, { env, now, emit, own });
    return withoutSecretsInWorkspace(opened, redactor);
  });
  const gates = once(async () => {
    const { gatesOf } = await import('./gates.ts');
    return gatesOf(config, await workspace(), {
      redactor,
      now,
      env,
      reach: async (changed, view) => {
        const known = await project();
        return known === null
          ? { doubt: 'the project is not looked into' }
          : known.reach(changed, view);
      },
      tell: (task, running) => emit({ type: 'gate-progress', task, ...running }),
    });
  });
  const project = once(async () => {
    if (config.repository.use === false) return null;
    const { projectOf } = await import('./project.ts');
    const { writtenFiles } = await import('./out-folder.ts');
    return projectOf(config, env, {
      // Else the same command again would be about another project, and paid for again.
      leftOut: await writtenFiles(name, artefacts),
      now,
      signal,
      progress: (done, all) => emit({ type: 'index-progress', done, all }),
      warn: (message) => emit({ type: 'warning', code: 'index-not-kept', message, task: null }),
    });
  });
  const rules = once(async () => {
    const { rulesOf } = await import('./rules.ts');
    return rulesOf(recordReplay.recording, now, config.root);
  });

  const workflowParts = once(async () => {
    const { strategiesOf } = await import('./strategies.ts');
    const { programRunnerOf } = await import('./sandbox.ts');
    const { acceptanceOf } = await import('./scripted-acceptance.ts');
    const models = await pool([]);
    const debateRouted: DebateOf = async (...work) => (await debateOf(config, models))(...work);
    return {
      strategy: strategiesOf(config, models, now),
      scaffold: (await rules()).scaffold,
      ...(config.debate.when !== 'never' && { debate: debateRouted }),
      debateRouted,
      acceptance: await acceptanceOf(config, emit),
      compute: programRunnerOf(config, env),
      contextTokens: config.executor.contextTokens,
      ...(await gates()),
    };
  });

  const folder = artefacts.path(name, '');
  return {
    name,
    folder,
    artefacts,
    leases: createLeaseKeeper(place),
    options,
    acceptance: config.acceptance,
    workflows,
    run,
    emit,
    signal,
    pool,
    router,
    workspace,
    gates,
    project,
    async autoruns() {
      const { findAutoruns } = await import('../gates/autorun/find-autoruns.ts');
      return (work) => findAutoruns(work, config.gates.allowAutorun);
    },
    async readEvents(follow) {
      const { readJournal } = await import('../state/read-journal.ts');
      await assertContained(place, journal);
      return readJournal(journal, follow);
    },
    async keepManifest(inputs) {
      const { keepManifest } = await import('./work-folder.ts');
      await keepManifest({ kind: 'features', inputs, config }, { name, folder, artefacts }, now);
    },
    rulesPlanner: async () => (await rules()).planner,
    async applier() {
      const { applierOf } = await import('./applier.ts');
      return applierOf(name, config, place, await workspace(), own);
    },
    async outFolder(path) {
      const { outFolderOf } = await import('./out-folder.ts');
      return outFolderOf(path, name, place, artefacts);
    },
    async expectedCalls() {
      const { expectedCallsOf } = await import('./strategies.ts');
      return expectedCallsOf(config, await pool([]), now);
    },
    workflowParts,
    async sources(folders) {
      const { sourcesIn } = await import('./project.ts');
      const warn = (message: string): void =>
        emit({ type: 'warning', code: 'index-not-kept', message, task: null });
      const { displayRoot } = place;
      return sourcesIn(folders, config, env, { now, signal, warn, displayRoot });
    },
    async routeTask() {
      const { routeTaskOf } = await import('./route-task.ts');
      return routeTaskOf(config, await pool([]));
    },
    async engine() {
      const { createLocalEngine } = await import('../executor/local-engine.ts');
      const { routeTaskOf } = await import('./route-task.ts');
      return createLocalEngine({
        ...(await workflowParts()),
        workflows,
        artefacts,
        workspace: await workspace(),
        router: await router(),
        project: await project(),
        route: routeTaskOf(config, await pool([])),
        emit,
        now,
        options,
      });
    },
  };
}

/** Debates work of architecture before it is reviewed, and answers where their route says so. */
async function debateOf({ debate }: ResolvedConfig, pool: ModelPool): Promise<DebateOf> {
  const { debateWork } = await import('../debate/debate-work.ts');
  return (work, candidate, files) =>
    debateWork(work, candidate, files, { pool, settings: debate, wanted: debate });
}
