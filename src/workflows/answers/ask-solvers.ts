import { providerFaults } from '../../domain/model-error.ts';
import { formatModelRef } from '../../domain/model-role.ts';
import { toSingleLine } from '../../domain/text.ts';
import type { MessagePart } from '../../models/language-model.ts';
import {
  errorOfAll,
  failuresOf,
  fanOut,
  withinDeadline,
  type Failure,
} from '../../supervisor/fan-out.ts';
import { askForObject, emitStep, type Work } from '../../supervisor/work.ts';
import { approachPart, approaches, earlierPart, type AnswerKind } from './answer-prompts.ts';
import {
  reasoningReplySchema,
  scienceReplySchema,
  type ScienceReply,
  type Solution,
} from './solution.ts';
import type { Solver } from './solvers.ts';

interface Question {
  readonly kind: AnswerKind;
  readonly prompt: readonly MessagePart[];
  readonly round: number;
  /** What was found on the round before; null in the first. */
  readonly earlier: string | null;
}

/**
 * Independent solutions, all asked for at once. What one solver meets is recorded and touches no other.
 * @throws BlueprintError the weightiest fault where nobody answered. @throws InterruptedError
 */
export async function askSolvers(
  work: Work,
  solvers: readonly Solver[],
  question: Question,
): Promise<{ solutions: Solution[]; failures: Failure[] }> {
  const outcomes = await fanOut(work, solvers, (solver, shared) =>
    withinDeadline(
      shared,
      { name: formatModelRef(solver.model.identity.ref), ms: null, fix: '' },
      (own) => askOne(own, solver, question),
    ),
  );
  const solutions = outcomes.flatMap((outcome) => ('value' in outcome ? [outcome.value] : []));
  const failures = failuresOf(outcomes);
  for (const [at, outcome] of outcomes.entries()) {
    const label = solvers[at]?.label ?? '';
    const isGiven = 'value' in outcome;
    emitStep(work, {
      of: question.kind,
      step: 'solution',
      name: label,
      outcome: isGiven ? 'given' : 'failed',
      detail: toSingleLine(isGiven ? outcome.value.answer : outcome.failure.message, 200),
      data: isGiven
        ? { author: outcome.value.author, answer: outcome.value.answer, round: question.round }
        : { failure: outcome.failure.kind, round: question.round },
    });
  }
  if (solutions.length === 0) throw errorOfAll(failures, providerFaults);
  return { solutions, failures };
}

async function askOne(
  work: Work,
  { label, model, approach }: Solver,
  { kind, prompt, round, earlier }: Question,
): Promise<Solution> {
  const way = approach === null ? null : (approaches[approach % approaches.length] ?? null);
  const parts = [
    ...prompt,
    ...(earlier === null ? [] : [earlierPart(earlier)]),
    ...(way === null ? [] : [approachPart(way)]),
  ];
  const about = { role: 'solver', stage: 'solve', parts, round, candidate: label } as const;
  const { object, result } = await (kind === 'science'
    ? askForObject(work, model, about, 'solution', scienceReplySchema)
    : askForObject(work, model, about, 'solution', reasoningReplySchema));
  return { ...bare, ...object, label, author: result.identity, computed: null };
}

const bare: Pick<ScienceReply, 'claims' | 'assumptions' | 'units' | 'program'> = {
  claims: [],
  assumptions: [],
  units: [],
  program: null,
};
