import type { Candidate } from '../../domain/candidate.ts';
import type { EnsembleMerge, EnsembleResult } from '../../domain/ensemble.ts';
import { failedGates } from '../../domain/gate-result.ts';
import type { NeedsReviewReason } from '../../domain/needs-review.ts';
import type { CheckedCandidate } from '../../supervisor/ask-review.ts';
import { rememberChecks } from '../../supervisor/checks.ts';
import { compare } from '../../supervisor/compare.ts';
import { failureOf, fanOut, reasonsOf } from '../../supervisor/fan-out.ts';
import { judgeCandidates } from '../../supervisor/judge.ts';
import { filesBelow } from '../../supervisor/steps.ts';
import { emitGates, type Work } from '../../supervisor/work.ts';
import type { StrategyInput } from '../strategy.ts';
import type { GivenAnswer } from './answers.ts';
import { merge } from './merge.ts';
import type { MergeOptions } from './merge-prompt.ts';
import { perspectivesOf, type Perspective } from './origins.ts';

export interface Consensus extends CheckedCandidate, Pick<EnsembleResult, 'how' | 'explanation'> {
  readonly merge: EnsembleMerge | null;
  readonly needsReview: readonly NeedsReviewReason[];
}

/** Runs the gates on an answer, or on the merge, and tells what they found under its name. */
type Check = (work: Work, name: string, candidate: Candidate) => Promise<CheckedCandidate>;

/**
 * One answer out of those that were given. Where they come to the same no model is asked; where they cannot
 * be merged, or the merge fails a check that one of them passes, the best of them stands.
 * @throws InterruptedError
 */
export async function consensusOf(
  given: readonly [GivenAnswer, ...GivenAnswer[]],
  input: StrategyInput,
  options: MergeOptions,
): Promise<Consensus> {
  const perspectives = perspectivesOf(given);
  const names = given.map(({ model }) => model);
  const plain = { merge: null, needsReview: [] };
  const remembered = rememberChecks(input.checks, filesBelow(input.files, 'ensemble'));
  const check: Check = async (work, name, candidate) => {
    // An answer in words holds nothing that gates could check.
    if (candidate.changes.size === 0) return { candidate, gates: [] };
    const { gates, recorded } = await remembered.check(candidate, work.signal);
    if (!recorded) emitGates(work, work.purpose, name, gates);
    return { candidate, gates };
  };
  if (perspectives.length === 1) {
    const checked = await check(input.work, given[0].model, given[0].candidate);
    if (names.length === 1)
      return { ...checked, ...plain, how: 'alone', explanation: `The answer of ${names[0]}.` };
    const explanation = `${listed(names)} came to the same, so nothing had to be merged.`;
    return { ...checked, ...plain, how: 'agreed', explanation };
  }
  const differ = `${listed(names)} gave ${perspectives.length} different answers`;
  try {
    const merged = await merge(perspectives, input, options);
    const checked = await check(input.work, 'merge', merged.candidate);
    const notes = merged.candidate.changes.size > 0 ? merged.candidate.bundle.notes.trim() : '';
    const explanation = `${differ}; ${merged.merge.by} merged them.${notes === '' ? '' : `\n${notes}`}`;
    const consensus: Consensus = {
      ...checked,
      how: 'merged',
      explanation,
      merge: merged.merge,
      needsReview: [],
    };
    if (failsOf(checked, input) === 0) return consensus;
    const why = `${differ}, and the merge fails checks`;
    return await best(perspectives, consensus, input, check, why);
  } catch (error) {
    const failure = failureOf(error);
    const why = `${differ}, and they could not be merged (${failure.message})`;
    const chosen = await best(perspectives, null, input, check, why);
    return { ...chosen, needsReview: [...chosen.needsReview, ...reasonsOf([failure])] };
  }
}

/** The best of the answers, and of the merge where there is one. */
async function best(
  perspectives: readonly Perspective[],
  merged: Consensus | null,
  input: StrategyInput,
  check: Check,
  why: string,
): Promise<Consensus> {
  const { work } = input;
  const alone = await fanOut(work, perspectives, ({ candidate, models }, shared) =>
    check(shared, models[0] ?? '', candidate),
  );
  const all = merged === null ? alone : [merged, ...alone];
  const outputs = all.map(({ candidate, gates }) => ({ output: candidate, gates }));
  const chosen = await compare(work, outputs, {
    judge: judgeCandidates,
    blockingGates: input.checks.blocking,
  }).catch((error: unknown) => {
    const failure = failureOf(error);
    return {
      best: soundest(all, input),
      reasons: `It fails the fewest checks; nobody could judge further (${failure.message}).`,
      needsReview: [...(['low_margin'] as const), ...reasonsOf([failure])],
    };
  });
  const first = all[chosen.best] ?? all[0];
  if (first === undefined) throw new RangeError('There is nothing to choose from');
  if (first === merged) return { ...merged, needsReview: chosen.needsReview };
  const names = perspectives[all.indexOf(first) - (merged === null ? 0 : 1)]?.models ?? [];
  return {
    ...first,
    how: 'chosen',
    explanation: `${why}, so the answer of ${listed(names)} stands. ${chosen.reasons}`,
    merge: null,
    needsReview: chosen.needsReview,
  };
}

function failsOf({ gates }: CheckedCandidate, { checks }: StrategyInput): number {
  return failedGates(gates, checks.blocking).length;
}

function soundest(all: readonly CheckedCandidate[], input: StrategyInput): number {
  const fails = all.map((each) => failsOf(each, input));
  return fails.indexOf(Math.min(...fails));
}

/** `a, b and c`. */
function listed(names: readonly string[]): string {
  return new Intl.ListFormat('en-GB').format(names);
}
