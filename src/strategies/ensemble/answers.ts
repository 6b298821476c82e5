import type { Candidate } from '../../domain/candidate.ts';
import { formatModelRef } from '../../domain/model-role.ts';
import { fanOut, withinDeadline, type Deadline, type Failure } from '../../supervisor/fan-out.ts';
import { askForBundle, emitStep, modelNamed, type Work } from '../../supervisor/work.ts';
import type { StrategyInput } from '../strategy.ts';

/** What one model made of the task. */
export type ModelAnswer = { readonly model: string; readonly ms: number } & (
  | { readonly candidate: Candidate }
  | { readonly failure: Failure }
);
export type GivenAnswer = Extract<ModelAnswer, { candidate: Candidate }>;

export interface AnswerOptions {
  readonly deadline: Deadline;
  /** An answer in words, without files, is one. */
  readonly mayBeText: boolean;
  /** Ms of any clock. */
  readonly clock: () => number;
}

type AskInput = Pick<StrategyInput, 'work' | 'role' | 'prompt'>;

/** All models at once, with the same words; what one meets does not touch the others. @throws InterruptedError */
export function askAll(
  models: readonly string[],
  input: AskInput,
  options: AnswerOptions,
): Promise<ModelAnswer[]> {
  return fanOut(input.work, models, (model, work, index) =>
    askOne(model, index + 1, { ...input, work }, options),
  );
}

/** One after the other, until one answers. */
export async function askInTurn(
  models: readonly string[],
  input: AskInput,
  options: AnswerOptions,
  from: number,
): Promise<ModelAnswer[]> {
  const answers: ModelAnswer[] = [];
  for (const [index, model] of models.entries()) {
    const answer = await askOne(model, from + index, input, options);
    answers.push(answer);
    if ('candidate' in answer || answer.failure.kind === 'budget') break;
  }
  return answers;
}

/** @param round tells the calls of several models apart that are for the same attempt. */
async function askOne(
  name: string,
  round: number,
  { work, role, prompt }: AskInput,
  { deadline, mayBeText, clock }: AnswerOptions,
): Promise<ModelAnswer> {
  const started = clock();
  const { stage } = work.purpose;
  const outcome = await withinDeadline(work, { name, ...deadline }, (timed) =>
    askForBundle(
      timed,
      modelNamed(timed, role, name),
      { role, stage, round, parts: prompt },
      { mayBeText },
    ),
  );
  const ms = Math.round(clock() - started);
  if ('failure' in outcome) {
    emitAnswer(work, name, [], outcome.failure.kind);
    return { model: name, ms, failure: outcome.failure };
  }
  const candidate = outcome.value;
  const model = formatModelRef(candidate.author.ref);
  emitAnswer(work, model, [...candidate.changes.keys()], null);
  return { model, ms, candidate };
}

function emitAnswer(work: Work, model: string, files: string[], failure: string | null): void {
  emitStep(work, {
    of: 'ensemble',
    step: 'answer',
    name: model,
    outcome: failure === null ? 'given' : 'failed',
    detail: failure ?? files.join(', '),
    data: { model, files, failure },
  });
}
