import { throwIfAborted } from '../domain/errors.ts';
import { formatModelRef } from '../domain/model-role.ts';
import { noUsage } from '../domain/usage.ts';
import type { LanguageModel, ModelIdentity, ModelProvider } from '../models/language-model.ts';

/**
 * Works by rules alone, without network or key: plans from the structure of a brief, writes scaffolds
 * in place of code, and never approves. Always available; its usage is zero.
 */
export function offlineProvider(): ModelProvider {
  return { name: 'offline', unavailable: () => null, model: offlineModel };
}

function offlineModel(id: string): LanguageModel {
  const identity: ModelIdentity = {
    ref: { provider: 'offline', model: id },
    family: 'rules',
    rules: true,
  };
  const name = formatModelRef(identity.ref);
  return {
    identity,
    generate: async (request) => {
      throwIfAborted(request.signal);
      // The rules bring a markdown parser along; most runs never need them.
      const { replyTo } = await import('./reply.ts');
      const text = replyTo(request, name);
      for (const line of text.split(/(?<=\n)/)) {
        throwIfAborted(request.signal);
        request.onActivity?.();
        request.onText?.(line);
      }
      return {
        text,
        finishReason: 'stop',
        rawFinishReason: null,
        usage: noUsage,
        identity,
        servedBy: name,
        warnings: [],
      };
    },
  };
}
