import type { Candidate } from '../../domain/candidate.ts';
import type { EnsembleMember, Validation } from '../../domain/ensemble.ts';
import type { GateResult } from '../../domain/gate-result.ts';
import type { ModelIdentity } from '../../domain/model-role.ts';
import type { NeedsReviewReason } from '../../domain/needs-review.ts';
import { isBlocking, type Review } from '../../domain/review.ts';
import type { LanguageModel } from '../../models/language-model.ts';
import type { StrategyInput } from '../strategy.ts';
import { modelNamed } from './answers.ts';
import { withDeadline } from './deadline.ts';
import { failureOf, reasonsOf, type Failure } from './failure.ts';

/** One model's review of work, as the supervisor's own is asked for. */
export type AskForReview = (
  model: LanguageModel,
  work: { readonly candidate: Candidate; readonly gates: readonly GateResult[] },
  input: StrategyInput,
) => Promise<{ review: Review; reviewer: ModelIdentity }>;

export interface Validated {
  readonly validation: readonly Validation[];
  readonly failures: readonly Failure[];
  readonly needsReview: readonly NeedsReviewReason[];
}

/** All validators at once judge the consensus; a majority of them must do so. @throws InterruptedError */
export async function validate(
  validators: readonly EnsembleMember[],
  work: { readonly candidate: Candidate; readonly gates: readonly GateResult[] },
  families: readonly string[],
  input: StrategyInput,
  options: {
    readonly ask: AskForReview;
    readonly timeoutMs: number | null;
    /** How many there were to be, reachable or not. */
    readonly wanted: number;
  },
): Promise<Validated> {
  const asked = validators.map(async ({ model: name, family }) => {
    const model = modelNamed(input, 'reviewer', name);
    const sameFamily = families.includes(family);
    try {
      const { review } = await withDeadline(name, options.timeoutMs, input.signal, (signal) =>
        options.ask(model, work, { ...input, signal }),
      );
      return { model: name, sameFamily, review };
    } catch (error) {
      return { model: name, sameFamily, failure: failureOf(error) };
    }
  });
  await Promise.allSettled(asked);
  const judged = await Promise.all(asked);

  const failures = judged.flatMap((each) => ('failure' in each ? [each.failure] : []));
  const reviews = judged.flatMap((each) => ('review' in each ? [each.review] : []));
  const refused = reviews.some((review) => review.findings.some(isBlocking));
  return {
    failures,
    validation: judged.map(({ model, sameFamily, ...said }) =>
      'review' in said
        ? { model, sameFamily, review: said.review, failure: null }
        : {
            model,
            sameFamily,
            review: null,
            failure: { kind: said.failure.kind, message: said.failure.error.message },
          },
    ),
    needsReview: [
      ...(refused ? (['validators_disagree'] as const) : []),
      ...(options.wanted > 0 && reviews.length * 2 <= options.wanted
        ? (['quorum_lost'] as const)
        : []),
      ...reasonsOf(failures),
    ],
  };
}
