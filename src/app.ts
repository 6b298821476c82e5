import { applyUseCases } from './use-cases/apply.ts';
import { composeProgram } from './compose/program.ts';
import { refuseSecrets } from './use-cases/refuse-secrets.ts';
import type { AppOptions } from './compose/options.ts';
import { sessionsIn, type Listener, type Session } from './compose/session.ts';
import { withoutFeature } from './use-cases/without-feature.ts';
import { BlueprintError } from './domain/errors.ts';
import type { FeatureDocument } from './domain/task.ts';
import type { PendingWork } from './executor/decide.ts';
import type { RunPreview } from './executor/preview.ts';
import type { RunReport } from './executor/run-feature.ts';
import type { Selection } from './executor/selection.ts';
import type { MessagePart } from './models/language-model.ts';
import type { PlanInput, PlanOutcome } from './pipeline/plan-feature.ts';
import type { CostReport } from './report/cost.ts';
import type { FeatureListing } from './state/ports.ts';

/** For a command that makes no call. */
const silent = { run: '', emit: (): void => undefined };

export type { AskOutcome } from './use-cases/ask.ts';
export type { Listener } from './compose/session.ts';
export type App = Awaited<ReturnType<typeof createApp>>;

/** Reads the config and puts the program together. Heavy parts are loaded by the use case that needs them. */
export async function createApp(options: AppOptions) {
  const { env, now, signal, warn } = options;
  const { program, place, tape } = await composeProgram(options);
  const { config, store, artefacts, redactor } = program;

  const openSession = sessionsIn(place, { redactor, now, warn });

  const withSession = async <T>(
    slug: string,
    listen: Listener | undefined,
    work: (session: Session) => Promise<T>,
  ): Promise<T> => {
    const session = await openSession(slug, listen);
    try {
      return await work(session);
    } finally {
      await session.close();
    }
  };

  /** Asked for by what makes calls, and by what shows where they would go. */
  const absent = async (): Promise<ReadonlyMap<string, string>> => {
    const { absentProviders } = await import('./compose/absent-providers.ts');
    return absentProviders(config, signal);
  };

  const composed = async (
    slug: string,
    session: Pick<Session, 'run' | 'emit'>,
    notThere?: ReadonlyMap<string, string>,
  ) => {
    const { compose } = await import('./compose/compose.ts');
    const { openSpending } = await import('./compose/spending.ts');
    const journal = artefacts.path(slug, 'journal.jsonl');
    const spending = openSpending(config, journal, session.run);
    return compose({
      slug,
      config,
      artefacts,
      emit: session.emit,
      ...spending,
      options,
      place,
      redactor,
      tape,
      ...(notThere !== undefined && { absent: notThere }),
    });
  };

  const read = (slug: string): Promise<FeatureDocument> => store.get(slug);

  /** One task. @throws BlueprintError `task-not-found`, with the nearest id. */
  const readTask = async (slug: string, id: string) => {
    const document = await read(slug);
    const { findTask } = await import('./executor/find-task.ts');
    return { document, task: findTask(document, id) };
  };

  /** The files to show beside a task, and what was left out. */
  const contextFiles = async ({ globs, from }: { globs: readonly string[]; from: string }) => {
    const { readContextFiles } = await import('./pipeline/context-files.ts');
    const { files, leftOut } = await readContextFiles({
      root: config.root,
      from,
      globs,
      maxTokens: config.pipeline.contextTokens,
      signal,
    });
    return { files, leftOut };
  };

  return {
    program,
    config,
    read,
    readTask,
    list: (): Promise<FeatureListing[]> => store.list(),
    path: (slug: string, path: string): string => artefacts.path(slug, path),
    readText: (slug: string, path: string): Promise<string | null> => artefacts.read(slug, path),

    /** The text of a brief. @throws BlueprintError when it is empty, binary, too large or not UTF-8. */
    async briefText(bytes: Uint8Array, source: string): Promise<string> {
      const { readBriefBytes } = await import('./pipeline/read-brief.ts');
      return readBriefBytes(bytes, source, config.pipeline.maxBriefBytes);
    },

    /** The feature's name, and the files to show beside the brief. */
    async planInput(wanted: {
      brief: string;
      name: string | undefined;
      globs: string[];
      from: string;
    }) {
      const { checkFeatureName, deriveFeatureName } = await import('./pipeline/feature-slug.ts');
      const slug =
        wanted.name === undefined ? deriveFeatureName(wanted.brief) : checkFeatureName(wanted.name);
      return { slug, ...(await contextFiles(wanted)) };
    },

    contextFiles,

    /** Brief → spec → task list, saved step by step. `stop` ends this and leaves the program. */
    async plan(
      input: PlanInput,
      onText?: (delta: string) => void,
      listen?: Listener,
      stop?: AbortSignal,
    ): Promise<PlanOutcome> {
      refuseSecrets('The brief', input.brief, redactor);
      return withSession(input.slug, listen, async (session) => {
        const { planFeature } = await import('./pipeline/plan-feature.ts');
        const composition = await composed(input.slug, session, await absent());
        const { planArtefacts, router, rulesPlanner } = composition;
        return planFeature(input, {
          artefacts: planArtefacts(store),
          router,
          rules: rulesPlanner,
          emit: session.emit,
          signal: stop === undefined ? signal : AbortSignal.any([signal, stop]),
          now,
          ...(onText !== undefined && { onText }),
        });
      });
    },

    /** Runs the graph, or the selected part of it. `stop` ends this run and leaves the program. */
    async run(
      slug: string,
      wanted: { selection: Selection; concurrency: number; failFast: boolean; stop?: AbortSignal },
      listen?: Listener,
    ): Promise<RunReport & { cost: CostReport }> {
      for (const id of wanted.selection.tasks) await readTask(slug, id);
      await read(slug);
      const { openCost } = await import('./compose/spending.ts');
      const cost = openCost(config);
      const follow: Listener = (event) => {
        cost.follow(event);
        listen?.(event);
      };
      return withSession(slug, follow, async (session) => {
        const { run, emit } = session;
        const { runFeature } = await import('./executor/run-feature.ts');
        const { engine, router, workspace } = await composed(slug, session, await absent());
        const { warnOfUnseen } = await import('./compose/workspace.ts');
        await warnOfUnseen(workspace, emit);
        const ends = wanted.stop === undefined ? signal : AbortSignal.any([signal, wanted.stop]);
        const report = await runFeature(
          { slug, run, ...wanted },
          { store, leases: program.look(slug, signal).leases, engine, router, emit, signal: ends },
        );
        return { ...report, cost: cost.report() };
      });
    },

    ...withoutFeature(async () => ({
      ...{ config, options, redactor, tape },
      absent: await absent(),
    })),

    /** What the calls of a feature have cost, by its journal. */
    async cost(slug: string) {
      if ((await artefacts.list(slug, '')).length === 0) await read(slug);
      const { costOfJournal } = await import('./compose/spending.ts');
      return costOfJournal(config, artefacts.path(slug, 'journal.jsonl'));
    },

    /** What a run would do; no call is made. */
    async preview(slug: string, selection: Selection): Promise<RunPreview> {
      for (const id of selection.tasks) await readTask(slug, id);
      const document = await read(slug);
      const { previewRun } = await import('./executor/preview.ts');
      const composition = await composed(slug, silent, await absent());
      const { createPrices } = await import('./models/prices.ts');
      return previewRun(slug, document, selection, {
        ...composition.task,
        expectedCallsOf: await composition.expectedCallsOf(),
        priceOf: createPrices(config),
      });
    },

    /** The words that a task's next attempt begins with. */
    async prompt(
      slug: string,
      id: string,
    ): Promise<{ parts: MessagePart[]; leftOut: readonly string[] }> {
      const { document, task } = await readTask(slug, id);
      const { promptOf } = await import('./executor/preview.ts');
      return promptOf(slug, document, task, (await composed(slug, silent)).task);
    },

    /** What a task's last attempt proposes; null when there is none. */
    async proposed(slug: string, id: string): Promise<PendingWork | null> {
      const { task } = await readTask(slug, id);
      const { proposedWork } = await import('./executor/decide.ts');
      return proposedWork(slug, task, { artefacts });
    },

    /** The project's files before and after the feature's approved work, or one task's proposal. */
    async changes(slug: string, id?: string) {
      const { workspaceChanges, workspaceOf } = await import('./compose/workspace.ts');
      const work = id === undefined ? undefined : await this.proposed(slug, id);
      if (id !== undefined && work === null)
        throw new BlueprintError({
          code: 'no-work',
          message: `Task ${id} has no work to show`,
          target: `${slug}/${id}`,
          fix: `Run it: blueprint run ${slug} --task ${id}`,
        });
      await read(slug);
      const workspace = await workspaceOf(slug, config, place, options);
      return workspaceChanges(workspace, work?.changes);
    },

    /** The sandbox that checks would run code in, and why others do not serve. */
    async sandbox() {
      const { openSandbox } = await import('./compose/sandbox.ts');
      return openSandbox(config, env, signal);
    },

    ...applyUseCases({ config, options, place, read, withSession }),

    /** Where the approved files of a feature are, in words. */
    async approvedPlace(slug: string): Promise<string> {
      const { workspaceOf } = await import('./compose/workspace.ts');
      return (await workspaceOf(slug, config, place, options)).place();
    },

    /** Which model each role would use now, and which providers can be reached. */
    async routes() {
      const { routes } = await import('./compose/models.ts');
      return routes(config, await absent());
    },

    /** The models that roles name, and what is known of them; with `live` their providers are asked. */
    async models(live: boolean) {
      const { checkModels } = await import('./use-cases/check-models.ts');
      return checkModels(config, await this.routes(), { live, signal });
    },
  };
}
