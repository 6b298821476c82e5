import { failedGates, type GateResult } from '../domain/gate-result.ts';
import type { PairVerdict } from '../domain/judgement.ts';
import type { NeedsReviewReason } from '../domain/needs-review.ts';
import { fanOut } from './fan-out.ts';
import type { Work } from './work.ts';

/** One of several outputs, with what the gates found in it. */
export interface Compared<T> {
  readonly output: T;
  readonly gates: readonly GateResult[];
}

interface JudgedPair {
  /** Indexes as the outputs were given. */
  readonly first: number;
  readonly second: number;
  readonly verdict: PairVerdict;
}

export interface Comparison {
  /** Index of the output that stands first. */
  readonly best: number;
  /** All indexes, the best first. */
  readonly order: readonly number[];
  /** For people: why the best is the best. */
  readonly reasons: string;
  readonly needsReview: readonly NeedsReviewReason[];
}

export interface CompareOptions<T> {
  readonly judge: (work: Work, first: T, second: T) => Promise<PairVerdict>;
  /** Names of the gates whose failure keeps work from approval. */
  readonly blockingGates: ReadonlySet<string>;
  /** Of so many, the best by gates, every pair is judged; two calls a pair. */
  readonly mostJudged?: number;
}

interface Ranked<T> extends Compared<T> {
  readonly index: number;
  /** Failed gates, by whether their failure keeps work from approval. */
  readonly blocking: number;
  readonly other: number;
}

/**
 * The best of several outputs. What was run decides first: one that fails more blocking gates stands behind,
 * and no judge is asked about the two. Among equals every pair is judged; ties are broken by the other
 * gates, then by the order given.
 * @throws what the judge throws.
 */
export async function compare<T>(
  work: Work,
  outputs: readonly Compared<T>[],
  { judge, blockingGates, mostJudged = 4 }: CompareOptions<T>,
): Promise<Comparison> {
  const byGates = outputs
    .map((output, index): Ranked<T> => {
      const blocking = failedGates(output.gates, blockingGates).length;
      const other = failedGates(output.gates).length - blocking;
      return { ...output, index, blocking, other };
    })
    .sort((a, b) => a.blocking - b.blocking || byOtherGates(a, b));
  const [top] = byGates;
  if (top === undefined) throw new RangeError('There is nothing to compare');
  const equals = byGates.filter(({ blocking }) => blocking === top.blocking).slice(0, mostJudged);

  const pairs = await fanOut(work, pairsOf(equals), async ([one, two], shared) => ({
    first: one.index,
    second: two.index,
    verdict: await judge(shared, one.output, two.output),
  }));
  const points = ({ index }: Ranked<T>): number =>
    pairs.reduce((sum, pair) => sum + pointsOf(index, pair), 0);
  const judged = equals.toSorted((a, b) => points(b) - points(a) || byOtherGates(a, b));
  const [best = top, next] = [...judged, ...byGates.slice(equals.length)];
  const pair = pairs.find((each) => next !== undefined && isOf(each, best) && isOf(each, next));
  const even = next !== undefined && pair !== undefined && points(best) === points(next);
  const toldApart = next !== undefined && best.other !== next.other;
  return {
    best: best.index,
    order: [...judged, ...byGates.slice(equals.length)].map(({ index }) => index),
    reasons: reasonOf(best, next, pair, even),
    needsReview: [
      ...(even && pair.verdict.flipped ? (['judge_order_flip'] as const) : []),
      ...(even && !toldApart ? (['low_margin'] as const) : []),
    ],
  };
}

/** Of two that no judge tells apart; 0 is never given, so that the order is always the same. */
function byOtherGates<T>(a: Ranked<T>, b: Ranked<T>): number {
  return a.other - b.other || a.index - b.index;
}

function reasonOf<T>(
  best: Ranked<T>,
  next: Ranked<T> | undefined,
  pair: JudgedPair | undefined,
  even: boolean,
): string {
  if (next === undefined) return 'It is the only one.';
  if (pair === undefined)
    return `It fails ${counted(best.blocking)}, the next best ${counted(next.blocking)}.`;
  if (!even) return pair.verdict.reasons;
  const by =
    best.other === next.other
      ? 'Nothing tells the best two apart, so the one that was given first stands.'
      : 'It fails fewer of the other checks.';
  return `${by} ${pair.verdict.reasons}`;
}

function isOf<T>(pair: JudgedPair, { index }: Ranked<T>): boolean {
  return pair.first === index || pair.second === index;
}

function counted(failures: number): string {
  if (failures === 0) return 'no blocking check';
  return failures === 1 ? 'one blocking check' : `${failures} blocking checks`;
}

export function pairsOf<T>(all: readonly T[]): [T, T][] {
  return all.flatMap((one, index) => all.slice(index + 1).map((two): [T, T] => [one, two]));
}

function pointsOf(index: number, { first, second, verdict: { outcome } }: JudgedPair): number {
  if (index !== first && index !== second) return 0;
  if (outcome === 'tie') return 0.5;
  return (outcome === 'first') === (index === first) ? 1 : 0;
}
