import { throwIfAborted } from '../../domain/errors.ts';
import type { Emit } from '../../domain/event.ts';
import { formatModelRef } from '../../domain/model-role.ts';
import type { CallStore, StoredCall } from '../../domain/stored-call.ts';
import { noUsage } from '../../domain/usage.ts';
import type { LanguageModel, MessagePart, ModelRequest } from '../language-model.ts';
import { sha256 } from '../../text/sha256.ts';
import { requestHash } from '../request-hash.ts';

export interface CallStoreOptions {
  readonly store: CallStore;
  readonly emit: Emit;
  readonly now: () => Date;
  /**
   * The text as it is sent: secrets are taken out next to the provider, so what comes by here still has
   * them, and nothing may be written with them.
   */
  readonly asSent: (text: string) => string;
}

/**
 * Pay once: a request that was answered before gets the same answer, without a call. The request is kept
 * with the reply, as it was sent.
 */
export function withCallStore(model: LanguageModel, options: CallStoreOptions): LanguageModel {
  const { store, emit, now } = options;
  const sentPart = createSentPart(options.asSent);
  const { identity } = model;
  return {
    identity,
    async generate(request) {
      throwIfAborted(request.signal);
      const hash = requestHash(identity.ref, request);
      const forget = (): Promise<void> => store.forget(hash);
      const known = await store.read(hash);
      if (known !== null) {
        if (known.text !== '') request.onText?.(known.text);
        emit({
          type: 'call-finish',
          call: hash,
          role: request.role,
          model: formatModelRef(identity.ref),
          purpose: request.purpose,
          finishReason: known.finishReason,
          usage: noUsage,
          durationMs: 0,
          stored: true,
          servedBy: known.servedBy,
        });
        return { ...known, stored: true, forget };
      }
      const parts = request.parts.map(sentPart);
      await store.prepare(new Map(parts.map(({ hash, text }) => [hash, text])));
      throwIfAborted(request.signal);
      const started = now();
      const result = await model.generate(request);
      const at = now();
      const call: StoredCall = {
        version: 2,
        request: storedRequest(request, parts),
        text: result.text,
        finishReason: result.finishReason,
        rawFinishReason: result.rawFinishReason,
        usage: result.usage,
        identity: result.identity,
        servedBy: result.servedBy,
        warnings: result.warnings,
        at: at.toISOString(),
        durationMs: at.getTime() - started.getTime(),
      };
      await store.write(hash, call);
      return { ...result, forget };
    },
  };
}

interface SentPart {
  readonly text: string;
  readonly hash: string;
}

/** Parts that come again in every call of a task are cleaned and hashed once. */
function createSentPart(asSent: (text: string) => string): (part: MessagePart) => SentPart {
  const known = new WeakMap<MessagePart, SentPart>();
  return (part) => {
    const before = known.get(part);
    if (before !== undefined) return before;
    const text = asSent(part.text);
    const sent = { text, hash: sha256(text) };
    known.set(part, sent);
    return sent;
  };
}

function storedRequest(
  { role, parts, schema, maxOutputTokens, effort, salt }: ModelRequest,
  sent: readonly SentPart[],
): StoredCall['request'] {
  return {
    role,
    parts: parts.map(({ role, name, cache = false }, index) => ({
      role,
      name,
      hash: sent[index]?.hash ?? '',
      cache,
    })),
    schema: schema?.name ?? null,
    maxOutputTokens,
    effort: effort ?? null,
    salt: salt ?? null,
  };
}
