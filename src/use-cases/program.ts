import type { ResolvedConfig } from '../config/resolved-config.ts';
import type { Emit, RunEvent } from '../domain/event.ts';
import type { PriceOf } from '../domain/price.ts';
import type { Engine } from '../executor/engine.ts';
import type { TaskOptions } from '../executor/task-dependencies.ts';
import type { Gates } from '../supervisor/checks.ts';
import type { ModelRouter } from '../models/language-model.ts';
import type { ArtefactStore, FeatureStore, LeaseKeeper } from '../state/ports.ts';
import type { Redactor } from '../text/redact.ts';
import type { Workspace } from '../workspace/workspace.ts';

/**
 * What a use case is given. `compose/` puts it together; each part is built when it is first asked for, so
 * that no use case pays for what another one needs.
 */
export interface Program {
  /** With a replay: its models in place of the configured ones. */
  readonly config: ResolvedConfig;
  readonly now: () => Date;
  readonly redactor: Redactor;
  /** The task lists of all features. */
  readonly store: FeatureStore;
  /** The other files of features. */
  readonly artefacts: ArtefactStore;
  prices(): Promise<PriceOf>;
  /** Does work in a work folder, with its journal, from the first event to the last. */
  inFolder<T>(
    folder: WorkFolder,
    caller: Caller,
    work: (session: Session) => Promise<T>,
  ): Promise<T>;
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
export interface WorkFolder {
  readonly feature: string;
  /** It may be there or not; otherwise it has to be. */
  readonly isNew?: boolean;
}

/** The parts that work in one folder is done with, each built once and on first use. */
export interface WorkParts {
  readonly artefacts: ArtefactStore;
  readonly leases: LeaseKeeper;
  readonly options: TaskOptions;
  readonly signal: AbortSignal;
  workspace(): Promise<Workspace>;
  gates(): Promise<Gates>;
  router(): Promise<ModelRouter>;
  engine(): Promise<Engine>;
}

/** A work folder that is open for one command. */
export interface Session extends WorkParts {
  /** Groups the events of this command. */
  readonly run: string;
  readonly emit: Emit;
}
