/*
 * The types of the package's entry. The build publishes this file as it is, so it imports nothing;
 * `src/library.ts` is checked against it.
 */

/** Thrown for what you can mend: a stable `code`, and where there is one the place and the fix. */
export declare class BlueprintError extends Error {
  readonly code: string;
  readonly target: string | undefined;
  readonly fix: string | undefined;
  /** What the command would end with: 2 input, 4 budget, 5 no model or provider, 130 aborted. */
  readonly exitCode: number;
}

/** Something that happened, as it stands in the journal; see `type`. */
export interface BlueprintEvent {
  readonly type: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly run: string;
}

export interface BlueprintOptions {
  /** The project's folder: where the command would be started. */
  readonly cwd: string;
  /** Keys and settings; the environment of the process by default. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** A config file, absolute or relative to `cwd`; the one that is found by default. */
  readonly config?: string;
  /** Ends what is under way; what was finished is kept. */
  readonly signal?: AbortSignal;
  /** Told of everything that happens, as it happens. Must not throw. */
  readonly onEvent?: (event: BlueprintEvent) => void;
  /** Told of what is odd but no error. */
  readonly onWarning?: (message: string) => void;
}

export type Mode = 'simple' | 'medium' | 'complex' | 'architectural' | 'auto';

export type NeedsReviewReason =
  | 'validators_disagree'
  | 'quorum_lost'
  | 'tests_failed'
  | 'judge_order_flip'
  | 'low_margin'
  | 'budget_hit'
  | 'refusal'
  | 'truncated'
  | 'single_model';

export interface RouteOptions {
  readonly mode?: Mode;
  /** Who answers: families, providers or `provider/model`; by the task's category when left out. */
  readonly models?: readonly string[];
}

export interface AskOptions extends RouteOptions {
  /** Files to show the models: names and globs relative to `cwd`. */
  readonly context?: readonly string[];
  /** For the whole answer of one model, ms. */
  readonly timeoutMs?: number;
  /** Of one call, where a retry can help. */
  readonly retries?: number;
  /** USD that the calls may cost at most. */
  readonly budget?: number;
  /** A new folder for the files of the answer, absolute or relative to `cwd`. */
  readonly out?: string;
}

export interface Member {
  /** `provider/model`. */
  readonly model: string;
  readonly family: string;
  readonly reason: string;
}

/** Who is asked about a task, and why. */
export interface Plan {
  readonly category: {
    readonly category: string;
    readonly scores: readonly {
      readonly category: string;
      readonly score: number;
      readonly matched: readonly string[];
    }[];
    readonly reason: string;
  };
  readonly mode: Exclude<Mode, 'auto'>;
  readonly modeReason: string;
  readonly primaries: readonly Member[];
  readonly validators: readonly Member[];
  readonly substitutes: readonly string[];
  readonly passedOver: readonly {
    readonly name: string;
    readonly as: 'primary' | 'validator';
    readonly reason: string;
  }[];
}

export interface Answer {
  /** The whole answer where it has no files, else what was said beside them. */
  readonly text: string;
  /** Null content: to be deleted. */
  readonly files: readonly { readonly path: string; readonly content: string | null }[];
  readonly tests: readonly string[];
  readonly commands: readonly string[];
}

export interface Fault {
  readonly kind: string;
  readonly message: string;
}

export interface Finding {
  readonly category: string;
  readonly severity: 'blocker' | 'major' | 'minor' | 'nit';
  readonly evidence: string;
  readonly location: string | null;
  readonly fixHint: string;
}

export interface Review {
  readonly verdict: 'accept' | 'revise';
  readonly summary: string;
  readonly findings: readonly Finding[];
}

/** USD of the calls whose price is known; `unpriced` counts the others. */
export interface Spend {
  readonly calls: number;
  readonly usd: number;
  readonly unpriced: number;
}

export interface AskResult {
  readonly id: string;
  /** Absolute: where every answer and the journal are kept. */
  readonly folder: string;
  /** 0: nobody has to look; 3: a person must; 4: the budget was reached. */
  readonly exitCode: 0 | 3 | 4;
  readonly plan: Plan;
  readonly consensus: Answer & { readonly how: 'agreed' | 'alone' | 'merged' | 'chosen' };
  readonly explanation: string;
  readonly merge: {
    readonly by: string;
    readonly origins: readonly {
      readonly part: string;
      readonly from: readonly string[];
      readonly by: 'same content' | 'merged content' | 'synthesizer';
    }[];
    readonly minority: readonly { readonly point: string; readonly from: readonly string[] }[];
  } | null;
  readonly outputs: readonly {
    readonly model: string;
    readonly ms: number;
    readonly answer: Answer | null;
    readonly failure: Fault | null;
  }[];
  readonly gates: readonly {
    readonly gate: string;
    readonly status: 'passed' | 'failed' | 'errored' | 'skipped';
    readonly summary: string;
    readonly findings: readonly Finding[];
  }[];
  readonly validation: readonly {
    readonly model: string;
    readonly sameFamily: boolean;
    readonly review: Review | null;
    readonly failure: Fault | null;
  }[];
  readonly needsReview: readonly NeedsReviewReason[];
  readonly diff: string;
  readonly ms: number;
  readonly out: { readonly folder: string; readonly files: readonly string[] } | null;
  readonly cost: { readonly total: Spend };
}

export interface RunOptions {
  /** Ids of the only tasks to run. */
  readonly tasks?: readonly string[];
  /** Tasks at the same time. */
  readonly concurrency?: number;
  readonly failFast?: boolean;
  /** Several models for each task. */
  readonly mode?: Mode;
  readonly strategy?: 'single' | 'ensemble' | 'tournament';
  /** USD that the calls may cost at most. */
  readonly budget?: number;
}

/** A fault that left a task undone. */
export interface Diagnostic {
  readonly code: string;
  readonly message: string;
  readonly target?: string;
  readonly fix?: string;
}

export interface RunResult {
  /** 0 all done, 1 failed tasks, 3 a person must review, 4 budget, 5 provider unavailable. */
  readonly exitCode: number;
  readonly settled: readonly { readonly task: string; readonly status: string }[];
  readonly unavailable: readonly { readonly task: string; readonly error: Diagnostic }[];
  readonly tasks: readonly {
    readonly id: string;
    readonly title: string;
    readonly status: string;
    readonly result: { readonly outcome: string; readonly reason: string } | null;
  }[];
  readonly cost: { readonly total: Spend };
}

export interface TournamentOptions {
  /** The spec, as text. */
  readonly spec: string;
  /** Files to show the models: names and globs relative to `cwd`. */
  readonly context?: readonly string[];
  /** Candidates. */
  readonly k?: number;
  /** Rounds of synthesis at most. */
  readonly loops?: number;
  /** By name; those of the config when left out. */
  readonly critics?: readonly string[];
  readonly earlyStop?: boolean;
  /** A folder of tests that must pass, absolute or relative to `cwd`. */
  readonly tests?: string;
  /** How the tests are run; they must pass. */
  readonly testCommand?: string;
  /** A folder for the approved winner's files, absolute or relative to `cwd`. */
  readonly out?: string;
  /** USD that the calls may cost at most. */
  readonly budget?: number;
}

export interface TournamentReport {
  readonly id: string;
  /** Absolute: where all of it is kept. */
  readonly folder: string;
  /** 0 approved; 3: a person must review; 4: the budget was reached. */
  readonly exitCode: number;
  readonly table: {
    readonly winner: string;
    readonly runnerUp: string | null;
    readonly approved: boolean;
    readonly needsReview: readonly {
      readonly reason: NeedsReviewReason;
      readonly detail: string;
    }[];
    readonly candidates: readonly {
      readonly candidate: string;
      readonly model: string | null;
      readonly state: 'winner' | 'runner-up' | 'duplicate' | 'blocked' | 'judged' | 'dropped';
      readonly score: number | null;
      readonly files: readonly string[];
    }[];
    readonly rounds: readonly {
      readonly round: number;
      readonly accepted: boolean;
      readonly reason: string;
    }[];
  };
  /** Of the winner; null content: to be deleted. */
  readonly files: readonly { readonly path: string; readonly content: string | null }[];
  /** What was written into `out`; null when nothing was. */
  readonly written: readonly string[] | null;
  readonly cost: { readonly total: Spend };
}

export interface Blueprint {
  /**
   * One answer of several models. The same question again repeats no finished call.
   * @throws BlueprintError when nobody answered (exitCode 5), or the input is wrong (2).
   */
  ask(task: string, options?: AskOptions): Promise<AskResult>;
  /** Runs the tasks of a feature that `blueprint new` has planned. @throws BlueprintError */
  run(feature: string, options?: RunOptions): Promise<RunResult>;
  /** Several candidates for a spec, checked and judged; the best one wins. @throws BlueprintError */
  tournament(options: TournamentOptions): Promise<TournamentReport>;
  /** Who would be asked about a task, by rules; makes no call. @throws BlueprintError */
  route(task: string, options?: RouteOptions): Promise<Plan>;
}

/** Reads nothing and starts nothing until one of its functions is called. */
export declare function createBlueprint(options: BlueprintOptions): Blueprint;
