import type { RunEvent } from '../domain/event.ts';
import type { PriceOf } from '../domain/price.ts';
import {
  findingStandings,
  isBlocking,
  severities,
  type Finding,
  type FindingStanding,
} from '../domain/review.ts';
import { findingKey } from '../text/finding-key.ts';
import { usdOf } from './cost.ts';

type Severity = Finding['severity'];

/** How one model fared as a reviewer, by what came after its reviews. */
export interface ReviewerRecord {
  /** `provider/model`. */
  readonly model: string;
  readonly reviews: number;
  /** Reviews in which nothing blocked. */
  readonly accepted: number;
  /** Of all its findings. */
  readonly findings: Readonly<Record<Severity, number>>;
  /** Those that would block by how the tool settled them; none of before it did. */
  readonly standings: Readonly<Record<FindingStanding, number>>;
  /** Blocking findings by what became of them. */
  readonly blocking: {
    /** Gone after the next correction, by the word of the review that followed. */
    readonly mended: number;
    /** Found again, by its id or in the same words. */
    readonly repeated: number;
    /** A person approved the work as it was, over them. */
    readonly overruled: number;
    /** A person sent the work back, or changed it. */
    readonly confirmed: number;
    /** Nothing in the journal says. */
    readonly open: number;
  };
  /** Work that it accepted and a person sent back. */
  readonly missed: number;
  /** Work that it accepted and a check refused afterwards. */
  readonly refutedByChecks: number;
  /** Tasks that ended approved after its last review. */
  readonly approvedTasks: number;
  /** USD of its reviews as far as prices are known. */
  readonly usd: number;
}

/** How one model fared as a judge of two. */
export interface JudgeRecord {
  readonly model: string;
  readonly judged: number;
  /** Took the other one when the order was turned round. */
  readonly flipped: number;
  readonly ties: number;
  /** At least one order without a reply that could be used. */
  readonly unusable: number;
}

export interface ReviewersReport {
  /** Those of most reviews first. */
  readonly reviewers: readonly ReviewerRecord[];
  readonly judges: readonly JudgeRecord[];
}

export interface ReviewersFold {
  follow(event: RunEvent): void;
  report(): ReviewersReport;
}

type Fate = keyof ReviewerRecord['blocking'];

type Counts<T> = { -readonly [Key in keyof T]: T[Key] extends number ? number : Counts<T[Key]> };
type Counted = Counts<Omit<ReviewerRecord, 'model'>>;

/** A review whose findings are not settled yet. */
interface OpenReview {
  readonly reviewer: string;
  /** The task and its attempt. */
  readonly place: string;
  readonly blocking: readonly string[];
}

type Of<Type extends RunEvent['type']> = Extract<RunEvent, { readonly type: Type }>;

/** @param priceOf for calls whose cost the journal does not state. */
export function createReviewersFold(priceOf: PriceOf): ReviewersFold {
  const reviewers = new Map<string, Counted>();
  const judges = new Map<string, { -readonly [Key in keyof JudgeRecord]: JudgeRecord[Key] }>();
  const open = new Map<string, OpenReview>();
  const lastOf = new Map<string, OpenReview>();
  const of = (model: string): Counted => {
    const known = reviewers.get(model) ?? nothing();
    reviewers.set(model, known);
    return known;
  };
  const settle = (place: string, fateOf: (key: string) => Fate): void => {
    const review = open.get(place);
    if (review === undefined) return;
    for (const key of review.blocking) of(review.reviewer).blocking[fateOf(key)] += 1;
    open.delete(place);
  };

  const onReview = ({ task, attempt, reviewer, review }: Of<'review-finish'>): void => {
    const place = `${task} ${attempt}`;
    const blocking = review.findings
      .filter(isBlocking)
      .map((finding) => finding.id ?? findingKey(finding));
    const now = new Set(blocking);
    settle(place, (key) => (now.has(key) ? 'repeated' : 'mended'));
    const counted = of(reviewer);
    counted.reviews += 1;
    if (blocking.length === 0) counted.accepted += 1;
    for (const { severity, standing } of review.findings) {
      counted.findings[severity] += 1;
      if (standing !== undefined) counted.standings[standing] += 1;
    }
    open.set(place, { reviewer, place, blocking });
    lastOf.set(task, { reviewer, place, blocking });
  };
  const onGate = ({ task, attempt, candidate, result }: Of<'gate-finish'>): void => {
    // Gates run before the review of a round; those that fail with a review still open come after it.
    const review = open.get(`${task} ${attempt}`);
    if (review === undefined || candidate !== null || result.status !== 'failed') return;
    if (review.blocking.length === 0) of(review.reviewer).refutedByChecks += 1;
    open.delete(review.place);
  };
  const onDecision = ({ task, what, files }: Of<'decision'>): void => {
    const review = lastOf.get(task ?? '');
    if (review === undefined) return;
    const isChanged = files.some(({ before, after }) => before !== after);
    if (what === 'reject') {
      if (review.blocking.length === 0) of(review.reviewer).missed += 1;
      settle(review.place, () => 'confirmed');
    } else if (what === 'approve')
      settle(review.place, () => (isChanged ? 'confirmed' : 'overruled'));
  };
  const onJudge = ({ judge: model, flipped, outcome, orders }: Of<'judge-finish'>): void => {
    const known = judges.get(model) ?? { model, judged: 0, flipped: 0, ties: 0, unusable: 0 };
    judges.set(model, known);
    known.judged += 1;
    if (flipped) known.flipped += 1;
    if (outcome === 'tie') known.ties += 1;
    if (orders.some((order) => order.outcome === null)) known.unusable += 1;
  };

  return {
    follow(event) {
      if (event.type === 'review-finish') onReview(event);
      else if (event.type === 'gate-finish') onGate(event);
      else if (event.type === 'decision') onDecision(event);
      else if (event.type === 'judge-finish') onJudge(event);
      else if (event.type === 'task-finish') {
        const review = lastOf.get(event.task);
        if (event.status === 'done' && review !== undefined) of(review.reviewer).approvedTasks += 1;
      } else if (event.type === 'call-finish' || event.type === 'call-fail') {
        if (event.role === 'reviewer' && event.purpose.stage === 'review')
          of(event.model).usd += usdOf(event, priceOf) ?? 0;
      }
    },

    report() {
      const left = new Map<string, number>();
      for (const { reviewer, blocking } of open.values())
        left.set(reviewer, (left.get(reviewer) ?? 0) + blocking.length);
      return {
        reviewers: [...reviewers]
          .map(([model, counted]) => ({
            model,
            ...counted,
            blocking: { ...counted.blocking, open: left.get(model) ?? 0 },
          }))
          .sort((a, b) => b.reviews - a.reviews || (a.model < b.model ? -1 : 1)),
        judges: [...judges.values()].sort(
          (a, b) => b.judged - a.judged || (a.model < b.model ? -1 : 1),
        ),
      };
    },
  };
}

function nothing(): Counted {
  return {
    reviews: 0,
    accepted: 0,
    findings: zeroes(severities),
    standings: zeroes(findingStandings),
    blocking: { mended: 0, repeated: 0, overruled: 0, confirmed: 0, open: 0 },
    missed: 0,
    refutedByChecks: 0,
    approvedTasks: 0,
    usd: 0,
  };
}

function zeroes<T extends string>(names: readonly T[]): Record<T, number> {
  return Object.fromEntries(names.map((name) => [name, 0])) as Record<T, number>;
}

/** All of several folds as one. */
export function joinReviewers(reports: readonly ReviewersReport[]): ReviewersReport {
  const reviewers = new Map<string, ReviewerRecord>();
  const judges = new Map<string, JudgeRecord>();
  for (const report of reports) {
    for (const one of report.reviewers)
      reviewers.set(one.model, added(reviewers.get(one.model), one));
    for (const one of report.judges) judges.set(one.model, added(judges.get(one.model), one));
  }
  return {
    reviewers: [...reviewers.values()].sort((a, b) => b.reviews - a.reviews),
    judges: [...judges.values()].sort((a, b) => b.judged - a.judged),
  };
}

/** Two records of one form: numbers added, members alike, texts of the second. */
function added<T extends object>(first: T | undefined, second: T): T {
  if (first === undefined) return second;
  const sums = Object.entries(second).map(([name, value]: [string, unknown]) => {
    const other = (first as Record<string, unknown>)[name];
    if (typeof value === 'number' && typeof other === 'number') return [name, value + other];
    if (typeof value === 'object' && value !== null && typeof other === 'object' && other !== null)
      return [name, added(other, value)];
    return [name, value];
  });
  return Object.fromEntries(sums) as T;
}
