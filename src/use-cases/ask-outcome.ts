import type { Candidate } from '../domain/candidate.ts';
import type {
  ConsensusKind,
  EnsembleFault,
  EnsembleMerge,
  EnsemblePlan,
  Validation,
} from '../domain/ensemble.ts';
import type { GateResult } from '../domain/gate-result.ts';
import type { NeedsReviewReason } from '../domain/needs-review.ts';
import type { CostReport } from '../report/cost.ts';
import type { ShownProject } from './project-parts.ts';

/**
 * A file of an answer; null content: it is to be deleted. Of one that is no text and gets another name the
 * content says whose bytes it has.
 */
export interface AnswerFile {
  readonly path: string;
  readonly content: string | null;
}

/** An answer in plain data. */
export interface AnswerData {
  /** The whole answer where it has no files, else what was said beside them. */
  readonly text: string;
  readonly files: readonly AnswerFile[];
  /** Paths among the files that hold tests, and how to run them. */
  readonly tests: readonly string[];
  readonly commands: readonly string[];
}

/** What `blueprint ask --json` prints, and `ask` of the library gives. */
export interface AskOutcome {
  /** Names its folder below `.blueprint/asks/`; the same question again has the same. */
  readonly id: string;
  /** Absolute. */
  readonly folder: string;
  readonly exitCode: 0 | 3 | 4;
  readonly plan: EnsemblePlan;
  readonly consensus: AnswerData & { readonly how: ConsensusKind };
  /** How the consensus came about. */
  readonly explanation: string;
  /** Null: nothing had to be merged, or it could not be. */
  readonly merge: EnsembleMerge | null;
  readonly outputs: readonly {
    readonly model: string;
    /** Wall time, ms. */
    readonly ms: number;
    /** Null: it gave none, see `failure`. */
    readonly answer: AnswerData | null;
    readonly failure: EnsembleFault | null;
  }[];
  readonly gates: readonly GateResult[];
  readonly validation: readonly Validation[];
  /** Why a person must look at it; empty when nobody must. */
  readonly needsReview: readonly NeedsReviewReason[];
  /** The files against the project, as a patch that `git apply` takes. */
  readonly diff: string;
  /** Wall time of the whole, ms. */
  readonly ms: number;
  /** What of the project the models saw beside `context`; null where that is nothing. */
  readonly project: ShownProject | null;
  /** Null: `out` was not asked for, the answer has no files, or one runs by itself that nobody asked for. */
  readonly out: { readonly folder: string; readonly files: readonly string[] } | null;
  /** What this command has cost. */
  readonly cost: Pick<CostReport, 'total' | 'byModel' | 'avoided'>;
}

/** A candidate in plain data. */
export function answerData({ changes, bundle }: Candidate): AnswerData {
  return {
    text: bundle.notes,
    files: [...changes].map(([path, content]) => ({ path, content })),
    tests: bundle.tests,
    commands: bundle.commands,
  };
}
