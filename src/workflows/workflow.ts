import type { AcceptanceSettings } from '../domain/acceptance.ts';
import type { Candidate } from '../domain/candidate.ts';
import type { Deliverable } from '../domain/deliverable.ts';
import type { ModelIdentity } from '../domain/model-role.ts';
import type { RunProgram } from '../domain/program.ts';
import type { FindingsMode } from '../domain/review.ts';
import type { Route } from '../domain/route.ts';
import type { FeatureDocument, Task, TaskResult } from '../domain/task.ts';
import type { BundleCodec } from '../models/generate-bundle.ts';
import type { MessagePart } from '../models/language-model.ts';
import type { Strategy } from '../strategies/strategy.ts';
import type { SignedReview } from '../supervisor/ask-review.ts';
import type { CheckedWork, Gates } from '../supervisor/checks.ts';
import type { StepFiles } from '../supervisor/steps.ts';
import type { RoundRecord } from '../supervisor/supervision.ts';
import type { Work } from '../supervisor/work.ts';
import type { WorkspaceBase } from '../workspace/workspace.ts';
import type { ContextPack, PromptSources } from './context-pack.ts';
import type { Sources } from './rag/sources.ts';
import type { WriteScaffold } from './scaffold.ts';

export interface PromptOptions {
  readonly contextTokens: number;
  readonly codec: BundleCodec;
  readonly findings: FindingsMode;
}

export interface TaskPrompt {
  readonly parts: readonly MessagePart[];
  readonly pack: ContextPack;
}

/** Debates work; null where nothing serious was left open. */
export type DebateOf = (
  work: Work,
  candidate: Candidate,
  files: StepFiles,
) => Promise<SignedReview | null>;

/** What workflows use, alike for all tasks. */
export interface WorkflowParts extends Gates {
  readonly strategy: Strategy;
  /** In place of the strategy where the author's role decides for rules. */
  readonly scaffold: WriteScaffold;
  /** Review rounds at most. */
  readonly maxIterations: number;
  /** What a debate of new work gives in place of a first review; null for none. Absent: none is debated. */
  readonly debate?: DebateOf;
  /** The same for work whose route asks for it. Absent: none can be held. */
  readonly debateRouted?: DebateOf;
  /** How a code task is held to its criteria. Absent: by no test of its own. */
  readonly acceptance?: AcceptanceSettings;
  /** Runs what solutions compute with. Absent: nothing is run. */
  readonly compute?: RunProgram;
  /** Where answers are looked for. Absent or null: nowhere. */
  readonly sources?: Sources | null;
  /** Room for what an answer is given to read. Absent: nothing is searched for but the question's words. */
  readonly contextTokens?: number;
}

/** Work that a person sent back, with their edits. */
export interface RejectedWork {
  readonly candidate: Candidate;
  /** Their words, by which it is corrected; null: it is to be reviewed again as it is. */
  readonly feedback: string | null;
}

/** One attempt at a task, as its workflow sees it. */
export interface WorkflowInput {
  /** All but the context, which the prompt decides. */
  readonly work: Omit<Work, 'context'>;
  readonly document: FeatureDocument;
  readonly view: Pick<WorkspaceBase, 'checkedOut' | 'copyTo' | 'look' | 'read'>;
  readonly files: StepFiles;
  /** What all attempts at the task share; absent: there is one attempt alone. */
  readonly kept?: StepFiles;
  readonly parts: WorkflowParts;
  /** Who works at an answer, and for how many rounds; files are written by the models of their roles. */
  readonly route: Pick<Route, 'workers' | 'controls'>;
  /** What gates know besides the task. */
  readonly checked?: Pick<CheckedWork, 'frozen' | 'words' | 'forPerson'>;
  /**
   * The prompt that the attempt sends: as it was first written where the attempt is resumed. `moved` says
   * why what was written then no longer holds.
   */
  readonly begin: () => Promise<
    | {
        readonly prompt: readonly MessagePart[];
        /** Paths of the files that it shows. */
        readonly shown: readonly string[];
      }
    | { readonly moved: string }
  >;
  readonly keepRound: (round: number, record: RoundRecord) => Promise<void>;
  readonly rejected: () => Promise<RejectedWork | null>;
  /** The models that wrote the files of these tasks, those of most tasks first. */
  readonly authorsOf: (tasks: readonly string[]) => Promise<readonly ModelIdentity[]>;
}

/** Why a task has its status, with the evidence; what is not given is empty. */
export type ResultParts = Pick<TaskResult, 'outcome' | 'by' | 'reason'> & Partial<TaskResult>;

/** How an attempt ended. */
export type WorkflowEnd =
  | {
      readonly status: 'done' | 'needs_review' | 'skipped';
      readonly result: ResultParts;
      readonly author: ModelIdentity | null;
      /** As in a candidate. */
      readonly earlier?: readonly ModelIdentity[];
      readonly deliverable: Deliverable;
    }
  | { readonly moved: string };

/** Calls of an answer: solutions by their solvers, and judgements of them. */
export interface AnswerCalls {
  readonly drafts: number;
  readonly judgements: number;
}

/** What a task goes through to its deliverable. */
export interface Workflow {
  /** Of one that ends in an answer; of others the strategy tells. */
  expectedCalls?(route: Pick<Route, 'workers' | 'controls'>): {
    readonly least: AnswerCalls;
    readonly most: AnswerCalls;
  };
  /** The prompt of a task's next attempt. */
  prompt(task: Task, sources: PromptSources, options: PromptOptions): Promise<TaskPrompt>;
  /** @throws ModelError when there is no usable reply. @throws InterruptedError */
  run(input: WorkflowInput): Promise<WorkflowEnd>;
}
