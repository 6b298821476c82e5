import { skip, type Evidence, type Skipped } from './evidence.ts';
import type { SeenJudgement } from './seen-work.ts';

/** A work with all that was said of it, wherever it came up among the answers to one prompt. */
export interface JudgedWork {
  /** Equal for works that differ in blanks and line ends alone. */
  readonly content: string;
  readonly good: readonly Evidence[];
  readonly bad: readonly Evidence[];
  /** What all gates together say, and when. */
  readonly gates: {
    readonly verdict: 'passed' | 'failed' | 'neither' | 'unsteady';
    readonly at: string;
  };
  /** As a candidate of a tournament, of which there may be several. */
  readonly ranks: readonly WorkRank[];
}

export interface WorkRank {
  /** Of the tournament. */
  readonly among: string;
  /** Null where no critic has answered. */
  readonly score: number | null;
  readonly blockers: number;
  readonly at: string;
}

export interface Pair<W> {
  readonly chosen: W;
  readonly rejected: W;
  /** What says so, the oldest first. */
  readonly evidence: readonly Evidence[];
}

/** Scores, from 0 to 1, that are less apart than this say nothing (the judge is asked at 0.02). */
const rankMargin = 0.1;

/** What speaks for one of two: `for` it or `against` it; or why the two may be no pair at all. */
interface Opinion {
  readonly better: 0 | 1;
  readonly evidence: readonly Evidence[];
}

/**
 * The pairs among works that answer the same prompt: of each two the better one, where all that was said
 * of them agrees on it. Counts the others by why they are none.
 */
export function pairsAmong<W extends JudgedWork>(
  works: readonly W[],
  judgements: readonly SeenJudgement[],
  skipped: Skipped,
): Pair<W>[] {
  return works.flatMap((one, index) =>
    works.slice(index + 1).flatMap((other) => {
      const judged = judgements.filter(
        ({ first, second }) =>
          (first === one.content && second === other.content) ||
          (first === other.content && second === one.content),
      );
      const found = pairOf([one, other], judged);
      if (typeof found === 'object') return [found];
      skip(skipped, found);
      return [];
    }),
  );
}

type NoPair = 'no-verdict' | 'tie' | 'order-flip' | 'low-margin' | 'conflicting-evidence';

function pairOf<W extends JudgedWork>(
  pair: readonly [W, W],
  judged: readonly SeenJudgement[],
): Pair<W> | NoPair {
  if (judged.some(({ outcome }) => outcome === 'flip')) return 'order-flip';
  if (judged.some(({ outcome }) => outcome === 'tie')) return 'tie';
  const opinions = [
    ...judged.map((judgement) => byJudge(pair, judgement)),
    ...byStanding(pair),
    ...byGates(pair),
    ...byRank(pair),
  ];
  const [first] = opinions;
  if (first === undefined) return areClose(pair) ? 'low-margin' : 'no-verdict';
  const { better } = first;
  const [chosen, rejected] = better === 0 ? pair : [pair[1], pair[0]];
  const agree = opinions.every((opinion) => opinion.better === better);
  // What was refused is no example, and what was approved no warning, whatever they are compared with.
  const holds = chosen.bad.length === 0 && rejected.good.length === 0;
  if (!agree || !holds || pair.some(({ gates }) => gates.verdict === 'unsteady'))
    return 'conflicting-evidence';
  if (chosen.gates.verdict === 'failed') return 'conflicting-evidence';
  const evidence = unique(opinions.flatMap((opinion) => opinion.evidence));
  return { chosen, rejected, evidence };
}

type Two = readonly [JudgedWork, JudgedWork];
const sides = [0, 1] as const;
const otherOf = { 0: 1, 1: 0 } as const;

function byJudge([one]: Two, { first, outcome, evidence }: SeenJudgement): Opinion {
  const isFirst = (outcome === 'first') === (first === one.content);
  return { better: isFirst ? 0 : 1, evidence: [evidence] };
}

/** One was approved, the other refused. */
function byStanding(pair: Two): Opinion[] {
  return sides.flatMap((better): Opinion[] => {
    const { good } = pair[better];
    const { bad, gates } = pair[otherOf[better]];
    const failed: Evidence[] =
      gates.verdict === 'failed' ? [{ kind: 'gates', at: gates.at, by: null }] : [];
    const against = [...bad, ...failed];
    if (good.length === 0 || against.length === 0) return [];
    return [{ better, evidence: [...good, ...against] }];
  });
}

/** One passed all its gates, the other failed one. */
function byGates(pair: Two): Opinion[] {
  return sides.flatMap((better): Opinion[] => {
    const [passed, failed] = [pair[better].gates, pair[otherOf[better]].gates];
    if (passed.verdict !== 'passed' || failed.verdict !== 'failed') return [];
    const at = [passed.at, failed.at].sort()[1] ?? failed.at;
    return [{ better, evidence: [{ kind: 'gates', at, by: null }] }];
  });
}

/** Critics of the same tournament found nothing that blocks the one, and score it higher by the margin. */
function byRank(pair: Two): Opinion[] {
  return ranksOf(pair).flatMap(([one, other]): Opinion[] => {
    const difference = (one.score ?? 0) - (other.score ?? 0);
    if (Math.abs(difference) < rankMargin) return [];
    const [better, higher] = difference > 0 ? ([0, one] as const) : ([1, other] as const);
    if (higher.blockers > 0) return [];
    return [{ better, evidence: [{ kind: 'rank', at: higher.at, by: null }] }];
  });
}

function areClose(pair: Two): boolean {
  return ranksOf(pair).some(
    ([one, other]) => Math.abs((one.score ?? 0) - (other.score ?? 0)) < rankMargin,
  );
}

/** Their places in each tournament in which both were scored. */
function ranksOf([one, other]: Two): [WorkRank, WorkRank][] {
  return one.ranks.flatMap((rank) =>
    other.ranks
      .filter(({ among, score }) => among === rank.among && score !== null && rank.score !== null)
      .map((second): [WorkRank, WorkRank] => [rank, second]),
  );
}

/** Each kind of evidence once for each who gave it, as it was given last. */
function unique(evidence: readonly Evidence[]): Evidence[] {
  const inOrder = evidence.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const byGiver = new Map<string, Evidence>();
  for (const each of inOrder) {
    const giver = `${each.kind} ${each.by ?? ''}`;
    byGiver.delete(giver);
    byGiver.set(giver, each);
  }
  return [...byGiver.values()];
}
