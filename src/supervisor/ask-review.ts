import type { Candidate } from '../domain/candidate.ts';
import type { CallPurpose } from '../domain/event.ts';
import type { GateResult } from '../domain/gate-result.ts';
import type { ModelIdentity } from '../domain/model-role.ts';
import { reviewSchema, type Review } from '../domain/review.ts';
import { generateObject } from '../models/generate-object.ts';
import type { LanguageModel, MessagePart } from '../models/language-model.ts';
import { withReasonForRevision } from './findings.ts';
import { reviewPrompt } from './prompts.ts';

export interface ReviewRequest {
  /** What the author knew, without the instructions. */
  readonly context: readonly MessagePart[];
  readonly candidate: Candidate;
  readonly gates: readonly GateResult[];
  readonly purpose: CallPurpose;
  readonly maxOutputTokens: number;
  readonly salt?: string;
  readonly signal: AbortSignal;
}

/**
 * One model's review of work. The same work, gates and salt make the same request, whoever asks: it is paid
 * once.
 * @throws ModelError when there is no usable review.
 */
export async function askForReview(
  model: LanguageModel,
  { context, candidate, gates, ...request }: ReviewRequest,
): Promise<{ review: Review; reviewer: ModelIdentity }> {
  const { object, result } = await generateObject(
    model,
    { role: 'reviewer', parts: reviewPrompt(context, candidate, gates), ...request },
    'review',
    reviewSchema,
  );
  return { review: withReasonForRevision(object), reviewer: result.identity };
}
