import type { Emit } from '../../domain/event.ts';
import { ModelError } from '../../domain/model-error.ts';
import type { Redactor } from '../../text/redact.ts';
import { causeWithout } from '../cause-without.ts';
import type { LanguageModel, MessagePart, ModelRequest, ModelResult } from '../language-model.ts';

/**
 * Stands next to the provider, inside all else, so that nobody ever sees a secret of the user's own: what
 * is sent and what comes back is cleaned by value, pieces of a stream included, and each time is reported.
 * Errors are cleaned by form too. What a model writes stays as it is otherwise: it is the product.
 */
export function withoutSecrets(
  model: LanguageModel,
  options: { redactor: Redactor; emit: Emit },
): LanguageModel {
  const { redactor, emit } = options;
  const reported = new Set<string>();
  return {
    identity: model.identity,
    async generate(request) {
      const found = (text: string, where: string): void => {
        const names = redactor.held(text).join(', ');
        const message = `${where} held the value of ${names}; [redacted] stands in its place`;
        const { task } = request.purpose;
        if (names === '' || reported.has(`${task} ${message}`)) return;
        reported.add(`${task} ${message}`);
        emit({ type: 'warning', code: 'secret-hidden', message, task });
      };
      const parts = request.parts.map((part) => cleanPart(part, redactor));
      if (parts.some((part, index) => part !== request.parts[index]))
        found(request.parts.map(({ text }) => text).join('\n'), 'What is sent');
      const stream = redactor.stream((piece) => request.onText?.(piece));
      const asked: ModelRequest = {
        ...request,
        parts,
        ...(request.onText !== undefined && { onText: (piece) => stream.push(piece) }),
      };
      try {
        const result = await model.generate(asked);
        const text = redactor.values(result.text);
        if (text !== result.text) found(result.text, 'The reply');
        return cleanResult({ ...result, text }, redactor);
      } catch (error) {
        throw error instanceof ModelError ? cleanError(error, redactor) : error;
      } finally {
        stream.end();
      }
    },
  };
}

function cleanPart(part: MessagePart, { values }: Redactor): MessagePart {
  const text = values(part.text);
  return text === part.text ? part : { ...part, text };
}

function cleanResult(result: ModelResult, { all }: Redactor): ModelResult {
  const { rawFinishReason, servedBy, warnings } = result;
  return {
    ...result,
    rawFinishReason: rawFinishReason === null ? null : all(rawFinishReason),
    servedBy: all(servedBy),
    warnings: warnings.map(all),
  };
}

function cleanError(error: ModelError, redactor: Redactor): ModelError {
  const { all, cutText } = redactor;
  const { kind, model, status, retryAfterMs, usage, fix, rawReply } = error;
  const message = all(error.message);
  const cleanFix = fix === undefined ? undefined : all(fix);
  const reply = rawReply === undefined ? undefined : all(cutText(rawReply));
  const cause = causeWithout(error.cause, redactor);
  const clean = message === error.message && cleanFix === fix && reply === rawReply;
  if (clean && cause === error.cause) return error;
  return new ModelError({
    kind,
    model,
    message,
    status,
    retryAfterMs,
    usage,
    rawReply: reply,
    ...(cleanFix !== undefined && { fix: cleanFix }),
    cause,
  });
}
