import type { GateStatus } from '../domain/gate-result.ts';
import type { Checking } from './checking.ts';
import type { Gate } from './gate.ts';
import type { KnownRuns } from './known-runs.ts';
import type { Reach } from './reach.ts';

/** What gates are made from: the settings that are theirs, and what they may use. */
export interface GateParts extends Checking {
  /** Folders of the project that no task may write into, relative. */
  readonly forbidden: readonly string[];
  /** The names in a folder of the project, as `pathsGate` takes them. */
  readonly entries: (folder: string) => Promise<readonly string[]>;
  /** For a shell; null: the runner is found by the project's files. */
  readonly testCommand: string | null;
  readonly testsWhenNone: 'review' | 'accept';
  /** For one run of the tests; null: learned from the project's own. */
  readonly testsTimeoutMs: number | null;
  readonly knownRuns: KnownRuns;
  /** Null: who imports whom is not known. */
  readonly reach: Reach | null;
  /** For a shell. */
  readonly commands: readonly string[];
}

/** Null: with these settings there is nothing to check. */
export type GateFactory = (parts: GateParts) => Gate | null;

/** A check that `gates` in the config can name. */
export interface GateEntry {
  /** What holds for work that passes it, in one line. */
  readonly description: string;
  readonly load: () => Promise<GateFactory>;
  /** A result that says nothing worth telling: most work gives it. */
  readonly silentWhen?: GateStatus;
}
