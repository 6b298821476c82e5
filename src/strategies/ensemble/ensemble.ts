import type { EnsembleOutput, EnsemblePlan, EnsembleResult } from '../../domain/ensemble.ts';
import { failedOrErroredGates } from '../../domain/gate-result.ts';
import { providerFaults } from '../../domain/model-error.ts';
import {
  needsReviewReasons,
  needsReviewText,
  reasonOfGate,
  type NeedsReviewReason,
} from '../../domain/needs-review.ts';
import { askReviewers } from '../../supervisor/ask-reviewers.ts';
import { errorOfAll, failuresOf, reasonsOf } from '../../supervisor/fan-out.ts';
import { filesBelow } from '../../supervisor/steps.ts';
import { emitStep } from '../../supervisor/work.ts';
import type { StrategyInput } from '../strategy.ts';
import { askAll, askInTurn, type GivenAnswer, type ModelAnswer } from './answers.ts';
import { consensusOf } from './consensus.ts';

export interface EnsembleOptions {
  /** Of one model's whole answer, ms. */
  readonly timeoutMs: number | null;
  /** Answers in words, without files, are answers. */
  readonly mayBeText: boolean;
  /** Ms of any clock. */
  readonly clock: () => number;
}

/**
 * Asks all primaries at once, makes one answer of theirs, has the validators judge it. What one model meets
 * is recorded and touches no other; only where nobody answers at all there is an error.
 * @throws BlueprintError the weightiest fault of those who were asked. @throws InterruptedError
 */
export async function runEnsemble(
  plan: EnsemblePlan,
  input: StrategyInput,
  { timeoutMs, mayBeText, clock }: EnsembleOptions,
): Promise<EnsembleResult> {
  const { work, checks } = input;
  const deadline = { ms: timeoutMs, fix: 'Raise --timeout, or ensemble.timeoutMs in the config.' };
  const asking = { deadline, mayBeText, clock };
  const names = plan.primaries.map(({ model }) => model);
  emitStep(work, {
    of: 'ensemble',
    step: 'plan',
    name: null,
    outcome: plan.mode,
    detail: planText(plan),
    data: { plan },
  });
  const first = await askAll(names, input, asking);
  const lost = !first.some(isGiven) && !reasonsOf(failuresOf(first)).includes('budget_hit');
  const further = lost ? await askInTurn(plan.substitutes, input, asking, first.length + 1) : [];
  const answers = [...first, ...further];
  const given = answers.filter(isGiven);
  const [one, ...others] = given;
  if (one === undefined) throw errorOfAll(failuresOf(answers), providerFaults);

  const consensus = await consensusOf([one, ...others], input, {
    mayBeText,
    allPerspectives: plan.mode === 'architectural',
  });
  const { validation, needsReview } = await askReviewers(work, plan.validators, consensus, {
    families: given.map(({ candidate }) => candidate.author.family),
    wanted: plan.wanted.validators,
    deadline,
    files: filesBelow(input.files, 'ensemble'),
    tryTests: checks.tryTests,
  });
  const reasons: readonly NeedsReviewReason[] = [
    ...needsReview,
    ...consensus.needsReview,
    // A check that could not be run shows nothing, so it is as good as failed.
    ...failedOrErroredGates(consensus.gates, checks.blocking).map(reasonOfGate),
    ...(given.length === 1 && plan.wanted.primaries > 1 ? (['single_model'] as const) : []),
    ...reasonsOf(failuresOf(answers)),
  ];
  const result: EnsembleResult = {
    plan,
    consensus: consensus.candidate,
    how: consensus.how,
    explanation: consensus.explanation,
    merge: consensus.merge,
    outputs: answers.map(outputOf),
    gates: consensus.gates,
    validation,
    needsReview: needsReviewReasons.filter((reason) => reasons.includes(reason)),
  };
  emitStep(work, {
    of: 'ensemble',
    step: 'finish',
    name: null,
    outcome: result.needsReview.length === 0 ? 'done' : 'needs_review',
    detail: [
      `${given.length} of ${answers.length} answered, ${result.how}`,
      ...result.needsReview.map((reason) => needsReviewText[reason]),
    ].join('; '),
    data: {
      how: result.how,
      answered: given.length,
      asked: answers.length,
      needsReview: result.needsReview,
    },
  });
  return result;
}

function planText({ modeReason, category, primaries, validators }: EnsemblePlan): string {
  const names = (members: typeof primaries): string => members.map(({ model }) => model).join(', ');
  const judges = validators.length === 0 ? '' : `; ${names(validators)} will judge`;
  return `${modeReason}; ${category.category}: ${category.reason}; asks ${names(primaries)}${judges}`;
}

function isGiven(answer: ModelAnswer): answer is GivenAnswer {
  return 'candidate' in answer;
}

function outputOf(answer: ModelAnswer): EnsembleOutput {
  const { model, ms } = answer;
  if (isGiven(answer)) return { model, ms, candidate: answer.candidate, failure: null };
  const { kind, message } = answer.failure;
  return { model, ms, candidate: null, failure: { kind, message } };
}
