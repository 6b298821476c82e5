import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { loadConfig } from '../config/load-config.ts';
import { cacheFolder } from '../config/user-folder.ts';
import { createArtefactStore } from '../state/artefacts.ts';
import { foldersOfWork } from '../state/work-folder.ts';
import { createFeatureArchive } from '../state/archive.ts';
import { featureNotFound, folderNames } from '../state/list-features.ts';
import { createFeatureStore } from '../state/lowdb-feature-store.ts';
import type { GateRunning } from '../domain/event.ts';
import { orNull } from '../domain/errors.ts';
import { toSingleLine } from '../domain/text.ts';
import { slashPath } from '../files/contained-path.ts';
import { namesCollector } from '../telemetry/otlp-settings.ts';
import { createRedactor, secretsOf } from '../text/redact.ts';
import type { FeatureFolder, Program } from '../use-cases/program.ts';
import { withoutSecretsInFiles } from './hide-secrets.ts';
import { once } from '../text/once.ts';
import type { ProgramOptions } from './options.ts';
import { ownStatesOf } from './own-state.ts';
import { partsOf } from './parts.ts';
import { openSession } from './session.ts';
import { openRecordReplay } from './record-replay.ts';
import { sweepBesideOutFolders, sweepLeftOvers } from './sweep.ts';
import { keepManifest, locateAdHoc, withWholeFolder, type LocatedFolder } from './work-folder.ts';

/** Reads the config and puts the program together. Heavy parts are loaded when a use case asks for them. */
export async function createProgram(options: ProgramOptions): Promise<Program> {
  const { cwd, env, flags, now, warn, untrusted = 'refuse' } = options;
  const loaded = await loadConfig({ cwd, env, flags, untrusted });
  if (loaded.untrusted !== null)
    warn(
      `warning: ${toSingleLine(loaded.untrusted.message, 400)}; it is left out (see: blueprint trust)`,
    );
  for (const { message, fix } of loaded.warnings)
    warn(`warning: ${message}${fix === undefined ? '' : ` (${fix})`}`);
  const keyVariables = [...loaded.providers.values()].flatMap((provider) => provider.keyVariables);
  const redactor = createRedactor(secretsOf(env, keyVariables));
  const recordReplay = await openRecordReplay(loaded, redactor, options);
  const { config } = recordReplay;
  const place = { featuresDir: config.featuresDir, displayRoot: cwd, root: config.root };
  const ownIn = ownStatesOf(place, env);
  const artefacts = withoutSecretsInFiles(createArtefactStore(place, ownIn), redactor);
  const base = { env, now, redactor, recordReplay };

  const existing = async ({ feature, isNew = false }: FeatureFolder): Promise<LocatedFolder> => {
    const isThere = await stat(artefacts.path(feature, '')).catch(() => null);
    if (isThere === null && !isNew) throw await featureNotFound(place, feature);
    return { name: feature, place, config };
  };

  const liveSpans = once(async () => {
    if (!namesCollector(env)) return null;
    const { liveSpansOf } = await import('./live-spans.ts');
    return liveSpansOf({ env, redactor, warn });
  });

  // A command may work in many folders, as `cost` does.
  const sweepOut = once(() => sweepBesideOutFolders(config.root));

  return {
    config,
    cwd,
    now,
    redactor,
    artefacts,
    features: () => folderNames(place),
    archive: createFeatureArchive(place),
    store: createFeatureStore({ ...place, now, ownIn, marks: cacheFolder(env, 'task-lists') }),
    prices: once(async () => {
      const { createPrices, pricesAsOf } = await import('../models/prices.ts');
      return { of: createPrices(config), asOf: pricesAsOf };
    }),
    async providerKinds() {
      const { providerKinds } = await import('./provider-kinds.ts');
      return providerKinds;
    },
    async routes(signal) {
      const { routes } = await import('./models.ts');
      const { openProviders } = await import('./providers.ts');
      return routes(config, await openProviders(config, null, signal));
    },
    async pool(named, signal) {
      const { modelPool } = await import('./model-pool.ts');
      const { openProviders } = await import('./providers.ts');
      return modelPool(config, await openProviders(config, recordReplay.replay, signal), named);
    },
    async outlooks(signal, progress) {
      const tell = (_: unknown, running: GateRunning): void => progress(running);
      const { workspaceOf } = await import('./workspace.ts');
      const { gatesOf } = await import('./gates.ts');
      const asItIs = { ...config, workspace: { ...config.workspace, kind: 'folder' } } as const;
      // Of no feature: nothing is locked, and so no folder made.
      const lock = <T>(work: () => Promise<T>): Promise<T> => work();
      const parts = { env, now, lock };
      const workspace = await workspaceOf('as-it-is', asItIs, { ...place, now }, parts);
      const gates = await gatesOf(config, workspace, {
        redactor,
        now,
        env,
        tell,
        onlyIsolated: true,
      });
      return gates.outlooks(workspace.base(), { planned: [], uncommitted: [] }, signal);
    },
    async gitVersion() {
      const { gitVersion } = await import('./workspace.ts');
      return gitVersion(cwd, env);
    },
    async refusedRepository() {
      const { refusedRepository } = await import('./workspace.ts');
      return refusedRepository(config.root, env);
    },
    async notifiers() {
      if (config.notify.command === null && !config.notify.desktop) return [];
      const { notifiersOf } = await import('./notifiers.ts');
      return notifiersOf(config, env);
    },
    async project(signal, progress) {
      const { projectOf } = await import('./project.ts');
      return projectOf(config, env, { now, signal, progress, warn });
    },
    async spans() {
      const { otlpSettings } = await import('../telemetry/otlp-settings.ts');
      const settings = otlpSettings(env);
      const { createSpanSink } = await import('../telemetry/otlp.ts');
      return createSpanSink(settings);
    },
    async sandbox(signal) {
      const { openSandbox } = await import('./sandbox.ts');
      return openSandbox(config, env, signal);
    },

    async inFolder(folder, caller, work) {
      const isAdHoc = 'kind' in folder;
      const located = isAdHoc ? await locateAdHoc(folder, cwd) : await existing(folder);
      const { listen, signal } = caller;
      await sweepLeftOvers(located, now);
      await sweepOut();
      const openSpans = await liveSpans();
      const { run, emit, close } = await openSession(located.place, located.name, {
        redactor,
        now,
        warn,
        listen(event) {
          listen?.(event);
          spans?.follow(event);
        },
      });
      const last: (() => Promise<void>)[] = [];
      const atEnd = (act: () => Promise<void>): number => last.push(act);
      const beforeCalls = (): void => spans?.begin();
      const parts = partsOf(base, { ...located, run, emit, signal, atEnd, beforeCalls });
      const source = {
        path: slashPath(config.root, parts.folder),
        feature: isAdHoc ? null : located.name,
        read: (file: string) => orNull(parts.artefacts.read(located.name, file)),
      };
      const spans = openSpans?.(source, emit);
      try {
        if (!isAdHoc) return await work(parts);
        return await withWholeFolder(parts, async (session) => {
          await keepManifest(folder, session, now);
          return work(session);
        });
      } finally {
        for (const act of last) await act();
        await spans?.end();
        await close();
      }
    },

    async adHocWork() {
      const { readJournal } = await import('../state/read-journal.ts');
      return (await foldersOfWork(config.root)).map((path) => {
        const featuresDir = join(config.root, dirname(path));
        const files = createArtefactStore({ ...place, featuresDir });
        return {
          path,
          readEvents: (follow) => readJournal(join(config.root, path, 'journal.jsonl'), follow),
          read: (file) => files.read(basename(path), file),
        };
      });
    },

    look(feature, signal) {
      const emit = (): void => undefined;
      return partsOf(base, { name: feature, place, config, run: '', emit, signal });
    },
  };
}
