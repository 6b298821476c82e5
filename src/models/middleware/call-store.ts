import { throwIfAborted } from '../../domain/errors.ts';
import type { Emit } from '../../domain/event.ts';
import { formatModelRef } from '../../domain/model-role.ts';
import { noUsage, type Usage } from '../../domain/usage.ts';
import type { FinishReason, LanguageModel, ModelIdentity } from '../language-model.ts';
import { requestHash } from '../request-hash.ts';

/** A finished call as it is kept; everything that a caller may read from a result. */
export interface StoredCall {
  readonly version: 1;
  readonly text: string;
  readonly finishReason: FinishReason;
  readonly rawFinishReason: string | null;
  readonly usage: Usage;
  readonly identity: ModelIdentity;
  readonly servedBy: string;
  readonly warnings: readonly string[];
  readonly at: string;
  readonly durationMs: number;
}

/** Where finished calls are kept, under the hash of their request. */
export interface CallStore {
  read(hash: string): Promise<StoredCall | null>;
  write(hash: string, call: StoredCall): Promise<void>;
  forget(hash: string): Promise<void>;
}

/** Pay once: a request that was answered before gets the same answer, without a call. */
export function withCallStore(
  model: LanguageModel,
  options: { store: CallStore; emit: Emit; now: () => Date },
): LanguageModel {
  const { store, emit, now } = options;
  const { identity } = model;
  return {
    identity,
    async generate(request) {
      throwIfAborted(request.signal);
      const hash = requestHash(identity.ref, request);
      const forget = (): Promise<void> => store.forget(hash);
      const kept = await store.read(hash);
      if (kept !== null) {
        if (kept.text !== '') request.onText?.(kept.text);
        emit({
          type: 'call-finish',
          call: hash,
          role: request.role,
          model: formatModelRef(identity.ref),
          purpose: request.purpose,
          finishReason: kept.finishReason,
          usage: noUsage,
          durationMs: 0,
          stored: true,
          servedBy: kept.servedBy,
        });
        return { ...kept, stored: true, forget };
      }
      const started = now();
      const result = await model.generate(request);
      const at = now();
      await store.write(hash, {
        version: 1,
        text: result.text,
        finishReason: result.finishReason,
        rawFinishReason: result.rawFinishReason,
        usage: result.usage,
        identity: result.identity,
        servedBy: result.servedBy,
        warnings: result.warnings,
        at: at.toISOString(),
        durationMs: at.getTime() - started.getTime(),
      });
      return { ...result, forget };
    },
  };
}
