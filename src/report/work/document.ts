import type { FinalPosition } from '../../domain/debate.ts';
import type { SkippedLines } from '../../domain/event.ts';
import type { CriterionRow } from '../criteria.ts';
import type { DerivedState } from '../../domain/graph.ts';
import type { FeatureDocument, Requirement, Task } from '../../domain/task.ts';
import type { CostReport, Spend } from '../cost.ts';
import type { Progress } from '../progress.ts';
import type { AttemptReading, StepReading } from './attempts.ts';
import type { CriticalPath } from './critical-path.ts';
import type { JournalReading } from './journal.ts';

/** All that a report says: its page is drawn from this alone. */
export interface ReportDocument {
  readonly version: 1;
  /** When it was made, ISO 8601. */
  readonly made: string;
  readonly subject: {
    readonly kind: 'feature' | 'debate';
    /** Name of the feature, or id of the debate. */
    readonly name: string;
    readonly title: string;
  };
  /** Null in the report of a debate. */
  readonly feature: FeaturePart | null;
  readonly debates: readonly DebatePart[];
  /** Of the feature, or of the debate. */
  readonly cost: CostReport;
  readonly pricesAsOf: string;
  /** Lines of the journal that were passed over. */
  readonly skipped: SkippedLines;
  /** Asks, tournaments and debates of the project that are told of nowhere else here. */
  readonly works: readonly WorkPart[];
}

/** A feature: its plan, what was done, and what it rests on. */
export interface FeaturePart extends Pick<
  JournalReading,
  'bars' | 'decisions' | 'warnings' | 'applied' | 'outlooks' | 'first' | 'last'
> {
  readonly progress: Progress;
  readonly requirements: readonly RequirementPart[];
  readonly tasks: readonly TaskPart[];
  /** What is odd about the plan. */
  readonly remarks: readonly string[];
  /** How long something was worked at, ms; what went on at the same time counts once. */
  readonly workedMs: number;
  readonly criticalPath: CriticalPath;
  /** Bars, decisions and warnings that found no room, by what they are. */
  readonly leftOut: Readonly<Record<'bars' | 'decisions' | 'warnings', number>>;
}

/** How far a requirement is met by the tasks that serve it. */
export type Coverage = 'met' | 'open' | 'waits' | 'failed' | 'skipped' | 'uncovered';

export interface RequirementPart extends Requirement {
  readonly coverage: Coverage;
  /** Ids of the tasks that serve it. */
  readonly tasks: readonly string[];
  /** Paths that they changed; before that, those that they are planned to. */
  readonly files: readonly string[];
  /** Who has seen each of its criteria hold; empty where no task has asked. */
  readonly criteria: readonly CriterionRow[];
}

export interface TaskPart extends Omit<Task, 'status'> {
  readonly state: DerivedState;
  /** It has ended by the file's word alone. */
  readonly saidByFile: boolean;
  /** The newest. */
  readonly attempts: readonly AttemptReading[];
  readonly leftOut: readonly string[];
  readonly workedMs: number;
  readonly isCritical: boolean;
  /** Null where no call was made for it. */
  readonly spend: Spend | null;
  readonly work: TaskWork | null;
}

/** What a task came to. */
export interface TaskWork {
  /** Proposed work is not approved yet. */
  readonly standing: 'approved' | 'proposed';
  /** Sorted. */
  readonly files: readonly string[];
  /** Unified; empty where nothing differs. */
  readonly diff: string;
  /** Lines of the difference that found no room. */
  readonly cutLines: number;
  /** An answer in place of files. */
  readonly answer: string | null;
}

export interface DebatePart {
  readonly id: string;
  /** What was debated, for people. */
  readonly about: string;
  /** Null: it is not finished. */
  readonly position: FinalPosition | null;
  /** What ended so far, in order. */
  readonly steps: readonly StepReading[];
  /** Null where it is in the cost of the feature. */
  readonly spend: Spend | null;
}

export interface WorkPart {
  /** From the project's root. */
  readonly path: string;
  readonly spend: Spend;
  /** Calls whose end nobody told. */
  readonly cutOff: number;
}

/** What a feature's report is made of, beside its journal. */
export interface FeatureReadings {
  readonly document: FeatureDocument;
  readonly states: ReadonlyMap<string, DerivedState>;
  readonly saidByFile: ReadonlySet<string>;
  /** By task id. */
  readonly works: ReadonlyMap<string, TaskWork>;
  readonly journal: JournalReading;
  readonly cost: CostReport;
}
