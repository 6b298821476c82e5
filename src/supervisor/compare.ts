import { failedGates, type GateResult } from '../domain/gate-result.ts';
import type { PairVerdict } from '../domain/judgement.ts';
import type { NeedsReviewReason } from '../domain/needs-review.ts';

/** An output that stands beside others, with what is known of it. */
export interface Contestant<T> {
  readonly work: T;
  readonly gates: readonly GateResult[];
  /** From 0 to 1, by whatever scored all of them alike; null where nothing did. */
  readonly score: number | null;
}

export interface ComparedPair {
  /** Indexes of the contestants as they were given. */
  readonly first: number;
  readonly second: number;
  readonly verdict: PairVerdict;
}

export interface Comparison {
  /** Index of the contestant that stands first. */
  readonly best: number;
  /** All indexes, the best first. */
  readonly order: readonly number[];
  readonly pairs: readonly ComparedPair[];
  /** For people: why the best is the best. */
  readonly reasons: string;
  readonly needsReview: readonly NeedsReviewReason[];
}

export interface CompareOptions<T> {
  readonly judge: (first: T, second: T, signal: AbortSignal) => Promise<PairVerdict>;
  /** Names of the gates whose failure keeps work from approval. */
  readonly blockingGates: ReadonlySet<string>;
  /** Of so many, the best by gates and score, every pair is judged; two calls a pair. */
  readonly mostJudged?: number;
  readonly signal: AbortSignal;
}

interface Standing<T> extends Contestant<T> {
  readonly index: number;
  /** Failed gates, by whether their failure keeps work from approval. */
  readonly blocking: number;
  readonly other: number;
}

/**
 * The best of several outputs. What was run decides first: one that fails more blocking gates stands behind,
 * and no judge is asked about the two. Among equals every pair is judged; ties are broken by the other
 * gates, then by score, then by the order given.
 * @throws what the judge throws.
 */
export async function compare<T>(
  contestants: readonly Contestant<T>[],
  { judge, blockingGates, mostJudged = 4, signal }: CompareOptions<T>,
): Promise<Comparison> {
  const standings = contestants
    .map((contestant, index): Standing<T> => {
      const blocking = failedGates(contestant.gates, blockingGates).length;
      const other = failedGates(contestant.gates).length - blocking;
      return { ...contestant, index, blocking, other };
    })
    .sort((a, b) => a.blocking - b.blocking || byEvidence(a, b));
  const [top] = standings;
  if (top === undefined) throw new RangeError('There is nothing to compare');
  const equals = standings.filter(({ blocking }) => blocking === top.blocking).slice(0, mostJudged);

  const pairs = await Promise.all(
    pairsOf(equals).map(async ([one, two]): Promise<ComparedPair> => {
      const verdict = await judge(one.work, two.work, signal);
      return { first: one.index, second: two.index, verdict };
    }),
  );
  const points = ({ index }: Standing<T>): number =>
    pairs.reduce((sum, pair) => sum + pointsOf(index, pair), 0);
  const judged = equals.toSorted((a, b) => points(b) - points(a) || byEvidence(a, b));
  const [best = top, next] = [...judged, ...standings.slice(equals.length)];
  const pair = pairs.find((each) => next !== undefined && isOf(each, best) && isOf(each, next));
  const even = next !== undefined && pair !== undefined && points(best) === points(next);
  return {
    best: best.index,
    order: [...judged, ...standings.slice(equals.length)].map(({ index }) => index),
    pairs,
    reasons: reasonOf(best, next, pair, even),
    needsReview: [
      ...(even && pair.verdict.flipped ? (['judge_order_flip'] as const) : []),
      ...(even && decidedBy(best, next) === null ? (['low_margin'] as const) : []),
    ],
  };
}

/** Of two that nothing else tells apart; 0 is never given, so that the order is always the same. */
function byEvidence<T>(a: Standing<T>, b: Standing<T>): number {
  return a.other - b.other || (b.score ?? 0) - (a.score ?? 0) || a.index - b.index;
}

function decidedBy<T>(best: Standing<T>, next: Standing<T>): 'gates' | 'score' | null {
  if (best.other !== next.other) return 'gates';
  return (best.score ?? 0) === (next.score ?? 0) ? null : 'score';
}

function reasonOf<T>(
  best: Standing<T>,
  next: Standing<T> | undefined,
  pair: ComparedPair | undefined,
  even: boolean,
): string {
  if (next === undefined) return 'It is the only one.';
  if (pair === undefined)
    return `It fails ${counted(best.blocking)}, the next best ${counted(next.blocking)}.`;
  if (!even) return pair.verdict.reasons;
  const by = {
    gates: 'It fails fewer of the other checks.',
    score: 'It has the higher score.',
    none: 'Nothing tells the best two apart, so the one that was given first stands.',
  }[decidedBy(best, next) ?? 'none'];
  return `${by} ${pair.verdict.reasons}`;
}

function isOf<T>(pair: ComparedPair, { index }: Standing<T>): boolean {
  return pair.first === index || pair.second === index;
}

function counted(failures: number): string {
  if (failures === 0) return 'no blocking check';
  return failures === 1 ? 'one blocking check' : `${failures} blocking checks`;
}

function pairsOf<T>(all: readonly T[]): [T, T][] {
  return all.flatMap((one, index) => all.slice(index + 1).map((two): [T, T] => [one, two]));
}

function pointsOf(index: number, { first, second, verdict: { outcome } }: ComparedPair): number {
  if (index !== first && index !== second) return 0;
  if (outcome === 'tie') return 0.5;
  return (outcome === 'first') === (index === first) ? 1 : 0;
}
