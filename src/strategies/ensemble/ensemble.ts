import type { EnsembleOutput, EnsemblePlan, EnsembleResult } from '../../domain/ensemble.ts';
import { failedOrErroredGates } from '../../domain/gate-result.ts';
import { needsReviewReasons, type NeedsReviewReason } from '../../domain/needs-review.ts';
import type { StrategyInput } from '../strategy.ts';
import { askAll, askInTurn, type Answer, type GivenAnswer } from './answers.ts';
import { consensusOf, type CompareWorks } from './consensus.ts';
import { errorOfAll, reasonsOf } from './failure.ts';
import { validate, type AskForReview } from './validate.ts';

/** What an ensemble needs beside the models: how the supervisor reviews and compares work. */
export interface EnsembleTools {
  readonly askForReview: AskForReview;
  readonly compare: CompareWorks;
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
  tools: EnsembleTools,
): Promise<EnsembleResult> {
  const { emit } = input;
  const { task } = input.purpose;
  const names = plan.primaries.map(({ model }) => model);
  emit({
    type: 'step-finish',
    task,
    of: 'ensemble',
    step: 'plan',
    name: null,
    outcome: plan.mode,
    detail: planText(plan),
    data: { plan },
  });
  const first = await askAll(names, input, tools);
  const lost = !first.some(isGiven) && !reasonsOf(failuresOf(first)).includes('budget_hit');
  const further = lost ? await askInTurn(plan.substitutes, input, tools, first.length + 1) : [];
  const answers = [...first, ...further];
  const given = answers.filter(isGiven);
  const [one, ...others] = given;
  if (one === undefined) throw errorOfAll(failuresOf(answers));

  const consensus = await consensusOf([one, ...others], input, {
    compare: tools.compare,
    mayBeText: tools.mayBeText,
    allPerspectives: plan.mode === 'architectural',
  });
  const families = given.map(({ candidate }) => candidate.author.family);
  const { validation, needsReview } = await validate(plan.validators, consensus, families, input, {
    ask: tools.askForReview,
    timeoutMs: tools.timeoutMs,
    wanted: plan.wanted.validators,
  });
  const reasons: readonly NeedsReviewReason[] = [
    ...needsReview,
    ...consensus.needsReview,
    // A check that could not be run shows nothing, so it is as good as failed.
    ...(failedOrErroredGates(consensus.gates, input.blockingGates).length > 0
      ? (['tests_failed'] as const)
      : []),
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
  emit({
    type: 'step-finish',
    task,
    of: 'ensemble',
    step: 'finish',
    name: null,
    outcome: result.needsReview.length === 0 ? 'done' : 'needs_review',
    detail: [
      `${given.length} of ${answers.length} answered, ${result.how}`,
      ...result.needsReview,
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

function isGiven(answer: Answer): answer is GivenAnswer {
  return 'candidate' in answer;
}

function failuresOf(answers: readonly Answer[]) {
  return answers.flatMap((answer) => ('failure' in answer ? [answer.failure] : []));
}

function outputOf(answer: Answer): EnsembleOutput {
  const { model, ms } = answer;
  return isGiven(answer)
    ? { model, ms, candidate: answer.candidate, failure: null }
    : {
        model,
        ms,
        candidate: null,
        failure: { kind: answer.failure.kind, message: answer.failure.error.message },
      };
}
