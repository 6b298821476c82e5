import { messageOf } from '../../domain/errors.ts';
import type { Emit } from '../../domain/event.ts';
import { ModelError } from '../../domain/model-error.ts';
import { formatModelRef, type ModelRole } from '../../domain/model-role.ts';
import { estimatePromptTokens, estimateTokens } from '../../domain/text.ts';
import { noUsage, type Usage } from '../../domain/usage.ts';
import type { LanguageModel, ModelRequest } from '../language-model.ts';
import { requestHash } from '../request-hash.ts';

/** Small pieces of a stream are joined: one event for at most so many ms or characters. */
const deltaMs = 100;
const deltaCharacters = 2_000;

/**
 * Told what each try of each call has used, failed ones too, whoever else hears of it.
 * @returns what it cost, USD; undefined where the model's price is not known.
 */
export type RecordUsage = (role: ModelRole, model: string, usage: Usage) => number | undefined;

/** Every try of every call is accounted for, and becomes events. */
export function withTrace(
  model: LanguageModel,
  options: { emit: Emit; now: () => Date; account: RecordUsage },
): LanguageModel {
  const { emit, now, account } = options;
  return {
    identity: model.identity,
    async generate(request) {
      const fields = {
        call: requestHash(model.identity.ref, request),
        role: request.role,
        model: formatModelRef(model.identity.ref),
        purpose: request.purpose,
      };
      const started = now().getTime();
      const elapsed = (): number => now().getTime() - started;
      let pending = '';
      let flushedAt = started;
      let streamed = 0;
      const flush = (): void => {
        if (pending !== '') emit({ type: 'call-delta', text: pending, ...fields });
        pending = '';
        flushedAt = now().getTime();
      };
      const used = (usage: Usage) => {
        const usd = account(fields.role, fields.model, usage);
        return usd === undefined ? { usage } : { usage, usd };
      };
      emit({ type: 'call-start', ...fields });
      try {
        const result = await model.generate({
          ...request,
          onText: (delta) => {
            pending += delta;
            streamed += estimateTokens(delta);
            const due = now().getTime() - flushedAt >= deltaMs;
            if (due || pending.length >= deltaCharacters) flush();
            request.onText?.(delta);
          },
        });
        flush();
        emit({
          type: 'call-finish',
          ...fields,
          finishReason: result.finishReason,
          ...used(result.usage),
          durationMs: elapsed(),
          stored: false,
          servedBy: result.servedBy,
        });
        return result;
      } catch (error) {
        flush();
        const fault = reasonOf(error, request.signal);
        const usage =
          (fault instanceof ModelError ? fault.usage : undefined) ??
          (streamed === 0 ? undefined : usageOfStream(request, streamed));
        emit({
          type: 'call-fail',
          ...fields,
          kind: fault instanceof ModelError ? fault.kind : 'interrupted',
          message: messageOf(fault),
          durationMs: elapsed(),
          ...(usage !== undefined && used(usage)),
        });
        throw error;
      }
    },
  };
}

/** A stream that was cut off before anyone said what it used is paid for all the same. */
function usageOfStream({ parts }: ModelRequest, output: number): Usage {
  return { ...noUsage, input: estimatePromptTokens(parts), output };
}

/** A call that ran out of time ends as interrupted here; the signal knows what ended it. */
function reasonOf(error: unknown, signal: AbortSignal): unknown {
  if (error instanceof ModelError || !signal.aborted) return error;
  return signal.reason instanceof ModelError ? signal.reason : error;
}
