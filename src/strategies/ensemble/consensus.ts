import type { Candidate } from '../../domain/candidate.ts';
import type { EnsembleMerge, EnsembleResult } from '../../domain/ensemble.ts';
import { failedGates, type GateResult } from '../../domain/gate-result.ts';
import type { NeedsReviewReason } from '../../domain/needs-review.ts';
import type { StrategyInput } from '../strategy.ts';
import { agreeing } from './agreement.ts';
import type { GivenAnswer } from './answers.ts';
import { failureOf, reasonsOf } from './failure.ts';
import { merge } from './merge.ts';
import type { Perspective } from './origins.ts';

export interface Checked {
  readonly candidate: Candidate;
  readonly gates: readonly GateResult[];
}

/** The best of several, what was run first; `best` is an index. */
export type CompareWorks = (
  works: readonly Checked[],
  input: StrategyInput,
) => Promise<{
  readonly best: number;
  readonly reasons: string;
  readonly needsReview: readonly NeedsReviewReason[];
}>;

export interface Consensus extends Checked, Pick<EnsembleResult, 'how' | 'explanation'> {
  readonly merge: EnsembleMerge | null;
  readonly needsReview: readonly NeedsReviewReason[];
}

interface ConsensusOptions {
  readonly compare: CompareWorks;
  readonly mayBeText: boolean;
  readonly allPerspectives: boolean;
}

/**
 * One answer out of those that were given. Where they come to the same no model is asked; where they cannot
 * be merged, or the merge fails a check that one of them passes, the best of them stands.
 * @throws InterruptedError
 */
export async function consensusOf(
  given: readonly [GivenAnswer, ...GivenAnswer[]],
  input: StrategyInput,
  options: ConsensusOptions,
): Promise<Consensus> {
  const groups = agreeing(given.map(({ candidate }) => candidate));
  const perspectives = groups.flatMap((indexes): Perspective[] => {
    const [first] = indexes.flatMap((index) => given[index] ?? []);
    return first === undefined
      ? []
      : [
          {
            candidate: first.candidate,
            models: indexes.flatMap((index) => given[index]?.model ?? []),
          },
        ];
  });
  const names = given.map(({ model }) => model);
  const plain = { merge: null, needsReview: [] };
  if (perspectives.length === 1) {
    const checked = await check(given[0].candidate, input);
    return given.length === 1
      ? { ...checked, ...plain, how: 'alone', explanation: `The answer of ${names[0]}.` }
      : {
          ...checked,
          ...plain,
          how: 'agreed',
          explanation: `${listed(names)} came to the same, so nothing had to be merged.`,
        };
  }
  const differ = `${listed(names)} gave ${perspectives.length} different answers`;
  try {
    const merged = await merge(perspectives, input, options);
    const checked = await check(merged.candidate, input);
    const notes = merged.candidate.changes.size > 0 ? merged.candidate.bundle.notes.trim() : '';
    const consensus: Consensus = {
      ...checked,
      how: 'merged',
      explanation: `${differ}; ${merged.merge.by} merged them.${notes === '' ? '' : `\n${notes}`}`,
      merge: merged.merge,
      needsReview: [],
    };
    return failsOf(checked, input) === 0
      ? consensus
      : await best(
          perspectives,
          consensus,
          input,
          options,
          `${differ}, and the merge fails checks`,
        );
  } catch (error) {
    const failure = failureOf(error);
    const why = `${differ}, and they could not be merged (${failure.error.message})`;
    const chosen = await best(perspectives, null, input, options, why);
    return { ...chosen, needsReview: [...chosen.needsReview, ...reasonsOf([failure])] };
  }
}

/** The best of the answers, and of the merge where there is one. */
async function best(
  perspectives: readonly Perspective[],
  merged: Consensus | null,
  input: StrategyInput,
  { compare }: ConsensusOptions,
  why: string,
): Promise<Consensus> {
  const alone = await Promise.all(perspectives.map(({ candidate }) => check(candidate, input)));
  const works = merged === null ? alone : [merged, ...alone];
  const chosen = await compare(works, input).catch((error: unknown) => {
    const failure = failureOf(error);
    return {
      best: soundest(works, input),
      reasons: `It fails the fewest checks; nobody could judge further (${failure.error.message}).`,
      needsReview: [...(['low_margin'] as const), ...reasonsOf([failure])],
    };
  });
  const work = works[chosen.best] ?? works[0];
  if (work === undefined) throw new RangeError('There is nothing to choose from');
  if (work === merged) return { ...merged, needsReview: chosen.needsReview };
  const names = perspectives[works.indexOf(work) - (merged === null ? 0 : 1)]?.models ?? [];
  return {
    ...work,
    how: 'chosen',
    explanation: `${why}, so the answer of ${listed(names)} stands. ${chosen.reasons}`,
    merge: null,
    needsReview: chosen.needsReview,
  };
}

/** An answer in words holds nothing that gates could check. */
async function check(candidate: Candidate, input: StrategyInput): Promise<Checked> {
  const gates = candidate.changes.size === 0 ? [] : await input.check(candidate, input.signal);
  return { candidate, gates };
}

function failsOf({ gates }: Checked, { blockingGates }: StrategyInput): number {
  return failedGates(gates, blockingGates).length;
}

function soundest(works: readonly Checked[], input: StrategyInput): number {
  const fails = works.map((work) => failsOf(work, input));
  return fails.indexOf(Math.min(...fails));
}

/** `a, b and c`. */
export function listed(names: readonly string[]): string {
  return names.length < 2
    ? (names[0] ?? 'nobody')
    : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
