import { withoutControls } from '../../domain/text.ts';
import type { EnsemblePlan, EnsembleResult } from '../../domain/ensemble.ts';
import { BlueprintError } from '../../domain/errors.ts';
import { parseModelRef, type ModelRole } from '../../domain/model-role.ts';
import { isBlocking, scoreNames, type Review } from '../../domain/review.ts';
import type { Task } from '../../domain/task.ts';
import type { SignedReview } from '../../supervisor/ask-review.ts';
import { filesText } from '../../supervisor/shown-work.ts';
import { filesBelow, type StepFiles } from '../../supervisor/steps.ts';
import { jsonText } from '../../text/json-as.ts';
import { oneCall } from '../single.ts';
import type { Strategy, StrategyDefinition, StrategyInput, StrategyParts } from '../strategy.ts';
import { runEnsemble, type EnsembleOptions } from './ensemble.ts';
import { planEnsemble } from './plan.ts';

/** Several models answer; what they made is merged where it differs, and judged as one. */
export const ensemble: StrategyDefinition = {
  create: (parts) =>
    ensembleStrategy(({ work, role }) => planFor(parts, work.task, role), {
      timeoutMs: parts.ensemble.timeoutMs,
      mayBeText: false,
      clock: () => parts.now().getTime(),
    }),
  expectedCalls(parts, task, role) {
    try {
      const { primaries, validators } = planFor(parts, task, role);
      const drafts = primaries.length;
      const judgements = validators.length;
      const secondReads = Math.min(1, judgements);
      return { drafts, judged: 1, judgements, revisions: drafts > 1 ? 1 : 0, secondReads };
    } catch (error) {
      // No model: the run reports it.
      if (error instanceof BlueprintError) return oneCall;
      throw error;
    }
  },
};

function planFor(
  { pool, ensemble: settings }: StrategyParts,
  task: Task,
  role: ModelRole,
): EnsemblePlan {
  return planEnsemble({
    task,
    mode: null,
    models: [],
    pool: { primaries: pool.primaries(role), validators: pool.validators() },
    settings,
  });
}

/**
 * The ensemble as a strategy; `planFor` says whom to ask about a task. The consensus goes on to the
 * supervisor, whose checks and reviews decide on it as on any work: with what all validators found as its
 * first review, and held for a person where too few of them judged.
 */
export function ensembleStrategy(
  planFor: (input: StrategyInput) => EnsemblePlan,
  options: EnsembleOptions,
): Strategy {
  return async (input) => {
    const result = await runEnsemble(planFor(input), input, options);
    await keep(result, filesBelow(input.files, 'ensemble'));
    const lost = result.needsReview.includes('quorum_lost');
    const approval = lost ? null : firstReview(result);
    return {
      winner: result.consensus,
      ...(approval !== null && { approval }),
      needsReview: result.needsReview.filter((reason) => forPerson.has(reason)),
    };
  };
}

/** What no reviewer after them settles. */
const forPerson: ReadonlySet<string> = new Set(['quorum_lost', 'doubtful_findings']);

/** What the validators say, as one review; null where there are none. */
function firstReview({ plan, validation }: EnsembleResult): SignedReview | null {
  const given = validation.flatMap(({ model, review }) =>
    review === null ? [] : [{ model, review }],
  );
  const reviews = given.map(({ review }) => review);
  const [first] = given;
  const ref = first === undefined ? null : parseModelRef(first.model);
  if (first === undefined || ref === null) return null;
  const family = plan.validators.find(({ model }) => model === first.model)?.family ?? ref.provider;
  const notes = new Set(reviews.flatMap(({ note }) => note ?? []));
  const findings = reviews.flatMap((review) => review.findings);
  const scores = { ...first.review.scores };
  for (const name of scoreNames)
    scores[name] = Math.min(...reviews.map((review) => review.scores[name]));
  const review: Review = {
    verdict: findings.some(isBlocking) ? 'revise' : 'accept',
    summary: reviews.map(({ summary }) => summary).join(' '),
    scores,
    findings,
    ...(notes.size > 0 && { note: [...notes].join(' ') }),
  };
  return { review, reviewer: { ref, family } };
}

/** Every answer, and how the consensus came about, as readable files. */
async function keep(result: EnsembleResult, files: StepFiles): Promise<void> {
  const { plan, how, explanation, merge, outputs, gates, validation, needsReview } = result;
  for (const [index, { candidate }] of outputs.entries())
    if (candidate !== null)
      await files.write(`answer-${index + 1}.md`, withoutControls(filesText(candidate, 'notes')));
  const answers = outputs.map(({ model, ms, failure }) => ({ model, ms, failure }));
  const kept = { plan, how, explanation, merge, answers, gates, validation, needsReview };
  await files.write('result.json', jsonText(kept));
}
