import { workflows } from '../../src/extensions.ts';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { FileChanges } from '../../src/domain/bundle.ts';
import type { ModelRole } from '../../src/domain/model-role.ts';
import type { Finding, Review } from '../../src/domain/review.ts';
import type { FeatureDocument, Task } from '../../src/domain/task.ts';
import type { DecisionDependencies } from '../../src/executor/decide.ts';
import type { Engine } from '../../src/executor/engine.ts';
import { createLocalEngine } from '../../src/executor/local-engine.ts';
import type { RunInput } from '../../src/executor/feature-run.ts';
import { runFeature, type RunReport } from '../../src/executor/run-feature.ts';
import type { TaskDependencies, TaskOptions } from '../../src/executor/task-dependencies.ts';
import type { LanguageModel } from '../../src/models/language-model.ts';
import { withCallStore } from '../../src/models/middleware/call-store.ts';
import type { CallStore } from '../../src/domain/stored-call.ts';
import type { Gate } from '../../src/gates/gate.ts';
import { findAutoruns } from '../../src/gates/autorun/find-autoruns.ts';
import { pathsGate } from '../../src/gates/paths.ts';
import { runGates } from '../../src/gates/run-gates.ts';
import { syntaxGate } from '../../src/gates/syntax.ts';
import { scaffoldOf } from '../../src/rules/scaffold.ts';
import { createArtefactStore } from '../../src/state/artefacts.ts';
import { createCallStore } from '../../src/state/call-store.ts';
import { withFeatureLock } from '../../src/state/feature-lock.ts';
import { createLeaseKeeper } from '../../src/state/leases.ts';
import { createFeatureStore } from '../../src/state/lowdb-feature-store.ts';
import type { ArtefactStore, FeatureStore, Lease, LeaseKeeper } from '../../src/state/ports.ts';
import { single } from '../../src/strategies/single.ts';
import type { Strategy } from '../../src/strategies/strategy.ts';
import type { Workspace } from '../../src/workspace/workspace.ts';
import { fakeModel, type FakeReply } from '../helpers/fake-model.ts';
import { noTrials } from '../helpers/no-trials.ts';
import { recordEvents } from '../helpers/record-events.ts';
import { routerOver } from '../models/fake-providers.ts';
import { folderOver } from '../workspace/workspaces.ts';
import { documentOf, now, task, temporaryFolder } from '../state/fixtures.ts';

export const slug = 'f';

export const spec = `# A feature

## Overview

All of it.

## Data and interfaces

Shapes.

### Names

Names of things.

## Requirements

### R1: It must work

- It is seen to work

### R2: The API shall answer

- It answers
`;

/** The real state, workspace, gates and router, over the folder of a project. Only the models are fakes. */
export interface Adapters {
  readonly store: FeatureStore;
  readonly artefacts: ArtefactStore;
  readonly leases: LeaseKeeper;
  readonly calls: CallStore;
  readonly workspace: Workspace;
}

export function adaptersOver(root: string): Adapters {
  const featuresDir = join(root, 'features');
  const place = { featuresDir, displayRoot: root, now };
  return {
    store: createFeatureStore(place),
    artefacts: createArtefactStore(place),
    leases: createLeaseKeeper(place),
    calls: createCallStore(place, slug),
    workspace: folderOver(root, (name, work) => withFeatureLock(place, name, 'workspace', work)),
  };
}

/** A lease that nobody takes over. */
export const freeLease: Lease = {
  fence: 1,
  isHeld: async () => true,
  release: async () => undefined,
};

export interface ProjectOptions {
  readonly tasks: Task[];
  /** Replies of the model that writes, by stage or `stage:task`. */
  readonly author?: Record<string, readonly FakeReply[]>;
  /** Replies of the model that reviews; by default it finds nothing, ever. */
  readonly reviewer?: Record<string, readonly FakeReply[]>;
  readonly rules?: boolean;
  readonly options?: Partial<TaskOptions>;
  /** The project's own files. */
  readonly files?: Record<string, string>;
  readonly document?: Partial<FeatureDocument>;
  readonly missing?: 'reviewer';
}

/** What a test puts in place of the project's own. */
export interface Over extends Partial<Adapters> {
  /** Put around each model, below the call store. */
  readonly wrap?: (model: LanguageModel) => LanguageModel;
  readonly lists?: Partial<Record<ModelRole, readonly LanguageModel[]>>;
  readonly extra?: readonly LanguageModel[];
  readonly options?: Partial<TaskOptions>;
  readonly strategy?: Strategy;
  readonly gates?: readonly Gate[];
}

export type Project = Awaited<ReturnType<typeof createProject>>;

export async function createProject(given: ProjectOptions) {
  const root = await temporaryFolder();
  for (const [path, content] of Object.entries(given.files ?? {})) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  await mkdir(join(root, 'features'), { recursive: true });
  const adapters = adaptersOver(root);
  await adapters.store.create(slug, documentOf(0, { tasks: given.tasks, ...given.document }));
  await adapters.artefacts.write(slug, 'spec.md', spec);
  const author = fakeModel(given.author ?? {}, {
    ref: given.rules === true ? 'offline/planner' : 'one/author',
    family: given.rules === true ? 'rules' : 'one',
  });
  const reviewer = fakeModel(
    given.reviewer ?? { review: accepted(50), 'review-task': accepted(50) },
    { ref: 'two/reviewer', family: 'two' },
  );
  const { events, emit } = recordEvents();

  const project = {
    root,
    adapters,
    author,
    reviewer,
    events,

    dependencies(over: Over = {}): TaskDependencies {
      const { artefacts, workspace, calls } = { ...adapters, ...over };
      const wrap = over.wrap ?? ((model: LanguageModel) => model);
      const router = routerOver(
        [author, reviewer, ...(over.extra ?? [])],
        given.rules === true
          ? { coder: [author], ...over.lists }
          : { coder: [author], reviewer: [reviewer], ...over.lists },
        {
          emit,
          wrap: (model) =>
            withCallStore(wrap(model), { store: calls, emit, now, asSent: (text) => text }),
          missing: given.missing === 'reviewer' ? [reviewer] : [],
        },
      );
      const gates = [pathsGate({ forbidden: ['features'] }), syntaxGate()];
      return {
        workflows,
        artefacts,
        workspace,
        router,
        strategy: over.strategy ?? single,
        scaffold: async (about, existing) => scaffoldOf(about, existing),
        checkGates: ({ task: about, candidate, base, keep }, signal) => {
          const input = {
            task: about,
            bundle: candidate.bundle,
            changes: candidate.changes,
            base: (path: string) => base.read(path),
            project: (until: AbortSignal) => base.look(until),
            baseKey: base,
            copyTo: (folder: string, until: AbortSignal) => base.copyTo(folder, until),
            checkedOut: (files: FileChanges) => base.checkedOut(files),
            frozen: new Map<string, string>(),
            keep,
          };
          return runGates(over.gates ?? gates, input, signal, () => 0);
        },
        outlooks: async () => [],
        ...noTrials,
        blockingGates: new Set((over.gates ?? gates).map(({ name }) => name)),
        emit,
        now,
        options: {
          attempts: 2,
          contextTokens: 20_000,
          relatedTokens: 10_000,
          maxOutputTokens: 4_000,
          maxIterations: 3,
          // As most tests are about something else; those about what counts say so.
          findings: 'any',
          codec: 'fenced',
          ...given.options,
          ...over.options,
        },
      };
    },

    decisions(over: Partial<Adapters> = {}): DecisionDependencies {
      return {
        ...project.dependencies(over),
        store: over.store ?? adapters.store,
        leases: over.leases ?? adapters.leases,
        run: 'by-hand',
        signal: new AbortController().signal,
        findAutoruns: (work) => findAutoruns(work, []),
      };
    },

    async run(
      more: Partial<RunInput> & { over?: Over; engine?: Engine; signal?: AbortSignal } = {},
    ): Promise<RunReport> {
      const { over = {}, engine, signal, ...input } = more;
      const dependencies = project.dependencies(over);
      return runFeature(
        {
          slug,
          run: 'run-1',
          selection: { tasks: [], types: [] },
          concurrency: 1,
          failFast: false,
          ...input,
        },
        {
          store: over.store ?? adapters.store,
          leases: over.leases ?? adapters.leases,
          artefacts: dependencies.artefacts,
          engine: engine ?? createLocalEngine(dependencies),
          router: dependencies.router,
          workflows,
          emit: dependencies.emit,
          signal: signal ?? new AbortController().signal,
          pollMs: 20,
        },
      );
    },

    async document(): Promise<FeatureDocument> {
      const document = await adapters.store.read(slug);
      if (document === null) throw new Error('The feature has a task list');
      return document;
    },

    async task(id: string): Promise<Task> {
      const found = (await project.document()).tasks.find((other) => other.id === id);
      if (found === undefined) throw new Error(`There is no task ${id}`);
      return found;
    },

    async statuses(): Promise<Record<string, string>> {
      const { tasks } = await project.document();
      return Object.fromEntries(tasks.map(({ id, status }) => [id, status]));
    },

    approved: async (): Promise<Record<string, string | null>> =>
      Object.fromEntries(await adapters.workspace.files()),

    read: (path: string): Promise<string> => readFile(join(root, 'features', slug, path), 'utf8'),
    write: (path: string, content: string): Promise<void> =>
      writeFile(join(root, 'features', slug, path), content),

    /** Files below a folder of the feature, sorted. */
    async files(folder: string): Promise<string[]> {
      const entries = await readdir(join(root, 'features', slug, folder), {
        recursive: true,
        withFileTypes: true,
      }).catch(() => []);
      const prefix = join(root, 'features', slug, folder).length + 1;
      return entries
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(prefix))
        .sort();
    },
  };
  return project;
}

export function review(findings: Finding[] = []): Review {
  return {
    verdict: findings.length === 0 ? 'accept' : 'revise',
    summary: findings.length === 0 ? 'Sound.' : 'Not yet.',
    scores: { correctness: 1, consistency: 1, safety: 1, efficiency: 1, clarity: 1 },
    findings,
  };
}

export function finding(evidence = 'It is wrong.'): Finding {
  return {
    category: 'correctness',
    severity: 'major',
    evidence,
    location: null,
    fixHint: 'Make it right.',
  };
}

export function accepted(count: number): Review[] {
  return Array.from({ length: count }, () => review());
}

/** A file in the fenced form. */
export function file(path: string, content: string): string {
  return `FILE: ${path}\n\`\`\`\`\n${content}\n\`\`\`\`\n`;
}

/** For each task its file, once. */
export function writes(...ids: string[]): Record<string, FakeReply[]> {
  return Object.fromEntries(
    ids.map((id) => [
      `execute:${id}`,
      [file(`src/${id.toLowerCase()}.js`, `export const ${id} = 1;`)],
    ]),
  );
}

export { task };
