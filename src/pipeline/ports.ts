import type { DebateVerdict } from '../domain/debate.ts';
import type { Emit } from '../domain/event.ts';
import type { PlanReply } from '../domain/plan.ts';
import type { SpecDocument } from '../domain/spec.ts';
import type { FeatureDocument } from '../domain/task.ts';
import type { ModelRouter } from '../models/language-model.ts';
import type { Project } from '../repository/project.ts';

/** A file of the project that models see beside the brief. */
export interface ContextFile {
  /** Relative to the project, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

export interface Question {
  readonly question: string;
  readonly why: string;
  /** What is assumed when no answer is given. */
  readonly suggestion: string;
}

export interface ClarifiedAnswer {
  readonly question: string;
  readonly answer: string;
  /** Nobody answered: the suggestion stands. */
  readonly assumed: boolean;
}

/** Puts questions to a person. One reply a question, in order; null or empty takes the suggestion. */
export type Ask = (questions: readonly Question[]) => Promise<readonly (string | null)[]>;

/** What one feature's planning has on disk, and where it puts what it makes. Each write is whole or not at all. */
export interface PlanArtefacts {
  /** Null when there is none; so for all reads. */
  readBrief(): Promise<string | null>;
  saveBrief(text: string): Promise<void>;
  readAnswers(): Promise<readonly ClarifiedAnswer[] | null>;
  saveAnswers(answers: readonly ClarifiedAnswer[]): Promise<void>;
  /** Paths of the project that the architect asked to read; what they hold is not kept. */
  readLooked(): Promise<readonly string[]>;
  saveLooked(paths: readonly string[]): Promise<void>;
  readSpec(): Promise<string | null>;
  saveSpec(markdown: string): Promise<void>;
  /** @throws BlueprintError when there is one that cannot be read. */
  readTaskList(): Promise<FeatureDocument | null>;
  /** @throws BlueprintError `feature-exists` when another process made one meanwhile. */
  saveTaskList(document: FeatureDocument): Promise<void>;
  /** Changes the list that is there, as `FeatureStore.update`. */
  changeTaskList<T>(change: (document: FeatureDocument) => T): Promise<T>;
  /** Keeps a model's raw reply for people to read. `name` is a plain file name. */
  saveDraft(name: string, text: string): Promise<void>;
}

/** What can be planned without a model, from the words of a brief and a spec alone. */
export interface RulesPlanner {
  specOf(brief: string, answers: readonly ClarifiedAnswer[]): Promise<SpecDocument>;
  planOf(spec: string): Promise<PlanReply>;
}

/** What a debate of a spec came to. */
export interface DebatedSpec {
  readonly id: string;
  readonly verdict: DebateVerdict;
  /** What is for a person to decide, a line each. */
  readonly decisions: readonly string[];
  /** For the planner: actions, decisions and dissent, in words. */
  readonly words: string;
}

/** The project that a plan is for, and how much of it planning may look at. */
export interface PlannedProject {
  readonly known: Project;
  /** Tokens of the map in one prompt. */
  readonly mapTokens: number;
  /** Files that the architect may ask to read. */
  readonly lookFiles: number;
}

/** Who plans: the model of a stage's role or, where the role's decision is for rules, those. */
export interface PlanPorts {
  readonly artefacts: PlanArtefacts;
  readonly router: ModelRouter;
  readonly rules: RulesPlanner;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  readonly now: () => Date;
  /** What is known of the project that the work is for; null where it is not looked at. */
  readonly project?: PlannedProject | null;
  /** Has a spec debated before it is cut into tasks; null where nobody can. Absent: it is not debated. */
  readonly debate?: (spec: string) => Promise<DebatedSpec | null>;
  /** Called with the spec's text as it arrives. */
  readonly onText?: (delta: string) => void;
}
