import type { Candidate } from '../../domain/candidate.ts';
import { formatModelRef, type ModelRole } from '../../domain/model-role.ts';
import { generateBundle } from '../../models/generate-bundle.ts';
import type { LanguageModel } from '../../models/language-model.ts';
import type { StrategyInput } from '../strategy.ts';
import { withDeadline } from './deadline.ts';
import { failureOf, type Failure } from './failure.ts';

/** What one model made of the task. */
export type Answer = { readonly model: string; readonly ms: number } & (
  { readonly candidate: Candidate } | { readonly failure: Failure }
);
export type GivenAnswer = Extract<Answer, { candidate: Candidate }>;

export interface AnswerOptions {
  readonly timeoutMs: number | null;
  /** An answer in words, without files, is one. */
  readonly mayBeText: boolean;
  /** Ms of any clock. */
  readonly clock: () => number;
}

/** All models at once, with the same words; what one meets does not touch the others. @throws InterruptedError */
export async function askAll(
  models: readonly string[],
  input: StrategyInput,
  options: AnswerOptions,
): Promise<Answer[]> {
  const asked = models.map((model, index) => askOne(model, index + 1, input, options));
  // Nobody is left running behind an error.
  await Promise.allSettled(asked);
  return Promise.all(asked);
}

/** One after the other, until one answers. */
export async function askInTurn(
  models: readonly string[],
  input: StrategyInput,
  options: AnswerOptions,
  from: number,
): Promise<Answer[]> {
  const answers: Answer[] = [];
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
  input: StrategyInput,
  { timeoutMs, mayBeText, clock }: AnswerOptions,
): Promise<Answer> {
  const started = clock();
  const elapsed = (): number => Math.round(clock() - started);
  const tell = (model: string, files: string[], failure: string | null): void =>
    input.emit({
      type: 'step-finish',
      task: input.purpose.task,
      of: 'ensemble',
      step: 'answer',
      name: model,
      outcome: failure === null ? 'given' : 'failed',
      detail: failure ?? files.join(', '),
      data: { model, files, failure },
    });
  try {
    const candidate = await withDeadline(name, timeoutMs, input.signal, (signal) =>
      generateBundle(
        modelNamed(input, input.role, name),
        {
          role: input.role,
          purpose: { ...input.purpose, round },
          parts: input.parts,
          maxOutputTokens: input.maxOutputTokens,
          signal,
          ...(input.salt !== undefined && { salt: input.salt }),
        },
        input.base,
        input.codec,
        { mayBeText },
      ),
    );
    const model = formatModelRef(candidate.author.ref);
    tell(model, [...candidate.changes.keys()], null);
    return { model, ms: elapsed(), candidate };
  } catch (error) {
    const failure = failureOf(error);
    tell(name, [], failure.kind);
    return { model: name, ms: elapsed(), failure };
  }
}

/** Exactly this model: that it cannot answer is to be known, not made up for by another. */
export function modelNamed(
  { router }: Pick<StrategyInput, 'router'>,
  role: ModelRole,
  chosen: string,
): LanguageModel {
  const reason = 'a member of the ensemble';
  return router.model({ role, chosen, reason, passedOver: [], fallbacks: [], exact: true });
}
