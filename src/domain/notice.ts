import { ExitCode } from './errors.ts';

/** What a person who looked away is told when long work has ended. One line of text, without secrets. */
export interface Notice {
  /** As `run`. */
  readonly command: string;
  /** Null for work that belongs to no feature. */
  readonly feature: string | null;
  /** Of work that belongs to no feature, as `clamp-1a2b3c4d5e6f`; null where it is not known. */
  readonly id: string | null;
  readonly outcome: NoticeOutcome;
  readonly exitCode: ExitCode;
  readonly message: string;
  readonly cost: NoticeCost;
}

/** Of this command alone. */
export interface NoticeCost {
  /** Calls that were sent, each try counted. */
  readonly calls: number;
  /** Of the calls whose cost is known. */
  readonly usd: number;
  /** Calls to models whose price is not known. */
  readonly unpriced: number;
}

const outcomes = {
  [ExitCode.done]: 'done',
  [ExitCode.failed]: 'failed',
  // What is refused after work has begun is no slip of the command line.
  [ExitCode.usage]: 'failed',
  [ExitCode.needsReview]: 'needs-review',
  [ExitCode.budget]: 'budget',
  [ExitCode.unavailable]: 'unavailable',
  [ExitCode.interrupted]: 'interrupted',
} as const;

export type NoticeOutcome = (typeof outcomes)[ExitCode];

export const noticeOutcome = (exitCode: ExitCode): NoticeOutcome => outcomes[exitCode];
