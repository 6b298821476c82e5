import type { ResolvedProvider } from '../../config/resolved-config.ts';
import { ModelError } from '../../domain/model-error.ts';
import { formatModelRef } from '../../domain/model-role.ts';
import { estimatePromptTokens } from '../../domain/text.ts';
import type { LanguageModel, ModelProvider, ModelResult } from '../language-model.ts';
import { ProviderError } from './provider-error.ts';
import { ollamaContext, type OllamaContext } from './ollama-api.ts';
import { openaiCompatibleProvider } from './openai-compatible.ts';
import type { ReplyLimits } from './reply-limits.ts';

/** For what Ollama tells of a model, ms: it knows that without loading it. */
const askDeadlineMs = 2_000;
/** Tokens that it reads by itself, in its oldest versions. */
const leastContext = 2048;
/** Below this part of the estimate a prompt was cut, whatever the tokenizer. */
const certainlyCut = 0.5;
/** Below this part it was cut when the estimate is also above the context. */
const probablyCut = 0.8;
/** So close to the context's end, tokens, only a prompt that was cut to fit ends. */
const atTheEdge = 8;

/**
 * Ollama, which cuts a prompt to the model's context without a word, and whose API for chat takes no other
 * context: so a prompt that does not fit is refused before the call, and one that was cut is told after it.
 */
export function ollamaProvider(config: ResolvedProvider, limits: ReplyLimits): ModelProvider {
  const inner = openaiCompatibleProvider(config, limits);
  const limitOf = contextReader(config.baseUrl ?? '');
  return {
    name: inner.name,
    unavailable: () => inner.unavailable(),
    model(id): LanguageModel {
      const model = inner.model(id);
      const name = formatModelRef(model.identity.ref);
      return {
        identity: model.identity,
        async generate(request) {
          const estimate = estimatePromptTokens(request.parts);
          const before = await limitOf(id, request.signal);
          if (before !== null && estimate > before) throw tooLong(name, estimate, before);
          const result = await model.generate(request);
          // Only what runs can tell its context, and before the first call it need not have run.
          const after = await limitOf(id, request.signal);
          if (wasCut(result.usage.input, estimate, after)) throw cut(name, estimate, after, result);
          return result;
        },
      };
    },
  };
}

/** The context that a model runs with, else the one that is set for it, else the longest it can have. */
function contextReader(
  baseUrl: string,
): (model: string, signal: AbortSignal) => Promise<number | null> {
  const known = new Map<string, number>();
  const asked = new Map<string, Promise<OllamaContext | null>>();
  return async (model, signal) => {
    const settled = known.get(model);
    if (settled !== undefined || signal.aborted) return settled ?? null;
    const asking = asked.get(model) ?? ask(baseUrl, model);
    asked.set(model, asking);
    const context = await asking;
    asked.delete(model);
    const runsWith = context?.loaded ?? context?.set ?? null;
    if (runsWith !== null) known.set(model, runsWith);
    return runsWith ?? context?.longest ?? null;
  };
}

/** Null when it cannot be read: the call itself then says what is wrong. */
async function ask(baseUrl: string, model: string): Promise<OllamaContext | null> {
  try {
    // Many calls may wait for this one answer: it has a deadline, but none of their signals.
    return await ollamaContext(baseUrl, model, AbortSignal.timeout(askDeadlineMs));
  } catch (error) {
    if (error instanceof ProviderError) return null;
    throw error;
  }
}

/** Whether so few tokens were read that the prompt cannot have been whole. */
function wasCut(read: number, estimate: number, context: number | null): boolean {
  if (read === 0) return false;
  // What is shorter than any context that it runs with by itself was counted otherwise, not cut.
  if (context === null) return estimate > leastContext && read < estimate * certainlyCut;
  if (read >= context - atTheEdge) return true;
  return estimate > context && read < estimate * probablyCut;
}

const fix =
  'Set OLLAMA_CONTEXT_LENGTH for the Ollama server, or «PARAMETER num_ctx» in the model’s Modelfile, to more; or lower executor.contextTokens in the config.';

function tooLong(model: string, estimate: number, context: number): ModelError {
  return new ModelError({
    kind: 'context_too_long',
    model,
    message: `${model} takes ${context} tokens, and the prompt has about ${estimate}: Ollama would cut it`,
    fix,
  });
}

function cut(
  model: string,
  estimate: number,
  context: number | null,
  { usage, text }: ModelResult,
): ModelError {
  const to = context === null ? '' : `, its context ${context}`;
  return new ModelError({
    kind: 'context_too_long',
    model,
    message: `${model}: prompt truncated: Ollama read ${usage.input} of about ${estimate} tokens${to}`,
    fix,
    usage,
    rawReply: text,
  });
}
