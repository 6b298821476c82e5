import type { AcceptanceSettings } from '../domain/acceptance.ts';
import type { Sources } from '../workflows/rag/sources.ts';
import type { WorkflowParts } from '../workflows/workflow.ts';
import type { Workflows } from '../workflows/workflow-of.ts';
import type { ResolvedConfig } from '../config/resolved-config.ts';
import type { FindAutoruns } from '../domain/autorun.ts';
import type { Emit, GateRunning, RunEvent, SkippedLines } from '../domain/event.ts';
import type { PriceOf } from '../domain/price.ts';
import type { Task } from '../domain/task.ts';
import type { Engine } from '../executor/engine.ts';
import type { RouteTask, TaskOptions } from '../executor/task-dependencies.ts';
import type { GateOutlook, Gates } from '../supervisor/checks.ts';
import type { Project } from '../repository/project.ts';
import type { ModelRouter } from '../models/language-model.ts';
import type { RulesPlanner } from '../pipeline/ports.ts';
import type { ArtefactStore, FeatureArchive, FeatureStore, LeaseKeeper } from '../state/ports.ts';
import type { ExpectedCalls, ModelPool } from '../strategies/strategy.ts';
import type { Redactor } from '../text/redact.ts';
import type { Applier } from '../workspace/applier.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type {
  Notifier,
  OutFolder,
  ProviderKinds,
  Routes,
  SandboxCandidates,
  SpanSink,
} from './ports.ts';

/**
 * What a use case is given. `compose/` puts it together; each part is built when it is first asked for, so
 * that no use case pays for what another one needs.
 */
export interface Program {
  /** With a replay: its models in place of the configured ones. */
  readonly config: ResolvedConfig;
  /** Absolute: where the caller stands; paths that are shown are relative to it. */
  readonly cwd: string;
  readonly now: () => Date;
  readonly redactor: Redactor;
  /** The task lists of all features. */
  readonly store: FeatureStore;
  /** Names of all features, sorted; their task lists are not read. */
  features(): Promise<readonly string[]>;
  /** Features that were put aside. */
  readonly archive: FeatureArchive;
  /** The other files of features. */
  readonly artefacts: ArtefactStore;
  providerKinds(): Promise<ProviderKinds>;
  prices(): Promise<{ readonly of: PriceOf; readonly asOf: string }>;
  /** Which model each role would use now, and which providers can be asked. Makes no call. */
  routes(signal: AbortSignal): Promise<Routes>;
  pool(named: readonly string[], signal: AbortSignal): Promise<ModelPool>;
  /** What is known of the project, whatever the config says of showing it to models. */
  project(signal: AbortSignal, progress: (done: number, all: number) => void): Promise<Project>;
  /** Tries the sandboxes that the config allows. */
  sandbox(signal: AbortSignal): Promise<SandboxCandidates>;
  /** As `Gates.outlooks`, for the project as it stands; nothing is run where nothing isolates it. */
  outlooks(
    signal: AbortSignal,
    progress: (running: GateRunning) => void,
  ): Promise<readonly GateOutlook[]>;
  /** As git says it, as `2.43.0`; null where there is no git. */
  gitVersion(): Promise<string | null>;
  /** Why git refuses the repository of the project, with its remedy; null where it does not. */
  refusedRepository(): Promise<{ readonly problem: string; readonly remedy: string } | null>;
  /** Who is told when long work has ended. */
  notifiers(): Promise<readonly Notifier[]>;
  /** Where the usual variables of OpenTelemetry say. @throws BlueprintError `otlp-…` where they do not */
  spans(): Promise<SpanSink>;
  /** Does work in a work folder, with its journal, from the first event to the last. */
  inFolder<T>(
    folder: WorkFolder,
    caller: Caller,
    work: (session: Session) => Promise<T>,
  ): Promise<T>;
  /** Work that belongs to no feature, by the path of its folder from the project's root. */
  adHocWork(): Promise<readonly AdHocWork[]>;
  /** To look at the work of a feature: makes no call, and its events go nowhere. */
  look(feature: string, signal: AbortSignal): WorkParts;
}

export type Listener = (event: RunEvent) => void;

/** Who calls a use case: may hear what happens, and may end it. */
export interface Caller {
  readonly listen?: Listener | undefined;
  readonly signal: AbortSignal;
}

/** A folder that holds journal, calls, leases and artefacts of one piece of work. */
export type WorkFolder = FeatureFolder | AdHocFolder;

export interface AdHocWork {
  /** Of the folder, from the project's root, as `.blueprint/asks/name-1a2b3c4d5e6f`. */
  readonly path: string;
  /** As in `WorkParts`. */
  readEvents(follow: (event: RunEvent) => void): Promise<SkippedLines>;
  /** A file of the folder, by its path there; null where there is none. */
  read(file: string): Promise<string | null>;
}

export interface FeatureFolder {
  readonly feature: string;
  /** It may be there or not; otherwise it has to be. */
  readonly isNew?: boolean;
}

/**
 * For work that belongs to no feature: it looks at the project's files as they are and approves none. One
 * process at a time works in such a folder.
 */
export interface AdHocFolder {
  readonly kind: 'asks' | 'tournaments' | 'debates' | 'solves' | 'routes';
  /** Begins the folder's name; of the form of a feature's name, at most 40 characters of it are used. */
  readonly name: string;
  /** All that decides the outcome, as plain data: the same again is the same work, and goes on. */
  readonly inputs: unknown;
  /** The settings for this work. */
  readonly config: ResolvedConfig;
  /**
   * What may not change unnoticed while the work goes on, by what it is called; the work is refused where it
   * did, but for `force`.
   */
  readonly facts?: Readonly<Record<string, string>>;
  readonly force?: boolean;
}

/** The parts that work in one folder is done with, each built once and on first use. */
export interface WorkParts {
  /** Of the folder: a feature's slug, or what leads there again. */
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
  readonly artefacts: ArtefactStore;
  readonly leases: LeaseKeeper;
  readonly options: TaskOptions;
  /** How code tasks are held to their criteria. */
  readonly acceptance: AcceptanceSettings;
  readonly workflows: Workflows;
  readonly signal: AbortSignal;
  /** Reads the folder's journal, oldest event first. @returns the lines that were passed over. */
  readEvents(follow: (event: RunEvent) => void): Promise<SkippedLines>;
  workspace(): Promise<Workspace>;
  applier(): Promise<Applier>;
  gates(): Promise<Gates>;
  /** Names what in work runs by itself; the config says what of it is allowed. */
  autoruns(): Promise<FindAutoruns>;
  router(): Promise<ModelRouter>;
  /** What is known of the project; null where the config leaves it out. */
  project(): Promise<Project | null>;
  /** @param named further models, as `provider/model`. */
  pool(named: readonly string[]): Promise<ModelPool>;
  /** @param path absolute. */
  outFolder(path: string): Promise<OutFolder>;
  /** Plans where no model can be asked. */
  rulesPlanner(): Promise<RulesPlanner>;
  engine(): Promise<Engine>;
  /** What workflows use. */
  workflowParts(): Promise<Omit<WorkflowParts, 'maxIterations'>>;
  /** Files of folders, absolute, to answer from. @throws BlueprintError `sources-not-found` */
  sources(folders: readonly string[]): Promise<Sources>;
  /** How the config has tasks routed. */
  routeTask(): Promise<RouteTask>;
  /** The calls that a task's strategy makes. */
  expectedCalls(): Promise<(task: Task) => ExpectedCalls>;
}

/** A work folder that is open for one command. */
export interface Session extends WorkParts {
  /** Groups the events of this command. */
  readonly run: string;
  /** Writes down, once, what the work of a feature was begun with: a hash over this and the settings. */
  keepManifest(inputs: unknown): Promise<void>;
  readonly emit: Emit;
}
