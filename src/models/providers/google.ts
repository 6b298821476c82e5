import type {
  EnhancedGenerateContentResponse,
  GenerateContentRequest,
  GenerationConfig,
} from '@google/generative-ai';
import type { ResolvedProvider } from '../../config/resolved-config.ts';
import type { Usage } from '../../domain/usage.ts';
import type { ModelProvider, ModelRequest } from '../language-model.ts';
import { vendorProvider, type Call, type StreamEnd } from './call.ts';
import { replyEnd } from './finish-reason.ts';
import { ProviderError, type ErrorFacts } from './provider-error.ts';
import { googleAddress } from './google-address.ts';
import { readErrorBody } from './http-errors.ts';
import { count, field, items, textField } from './json-fields.ts';
import { contentText } from './reply-parts.ts';
import { inputCount, moreOf, outputCount } from './reply-usage.ts';
import type { ReplyLimits } from './reply-limits.ts';
import { throughSdk } from './sdk-call.ts';
import { formatOf } from './ways.ts';

/** Gemini models through the official SDK, always streaming. */
export function googleProvider(config: ResolvedProvider, limits: ReplyLimits): ModelProvider {
  return vendorProvider(config, limits, {
    baseUrl: googleAddress(config.baseUrl).baseUrl,
    family: () => 'gemini',
    stream: (model, call) => streamContent(config, model, call),
  });
}

function streamContent(config: ResolvedProvider, model: string, call: Call): Promise<StreamEnd> {
  return throughSdk(config, call, { readThrown, events: { eventsOf } }, async (options) => {
    const sdk = await import('@google/generative-ai');
    const client = new sdk.GoogleGenerativeAI(config.apiKey ?? '').getGenerativeModel({ model });
    const body = contentBody(model, call);
    const { baseUrl, signal } = call;
    const apiVersion = googleAddress(config.baseUrl).version;
    const result = await withFetch(options.fetch, () =>
      client.generateContentStream(body, { baseUrl, apiVersion, signal }),
    );
    // The SDK reads the stream a second time for this promise, which nobody awaits.
    result.response.catch(() => undefined);
    return readStream(result.stream, call);
  });
}

/**
 * This SDK takes no `fetch`. It picks up the global one before it first waits, so ours stands in its place
 * for just as long as the function runs; nothing else can run in that time.
 */
function withFetch<T>(own: typeof fetch, start: () => T): T {
  const usual = globalThis.fetch;
  globalThis.fetch = own;
  try {
    return start();
  } finally {
    globalThis.fetch = usual;
  }
}

/** What the SDK threw about the events themselves; it names what it throws in the message alone. */
function readThrown(error: unknown): ErrorFacts | null {
  const prefix = '[GoogleGenerativeAI Error]: ';
  if (!(error instanceof Error) || !error.message.startsWith(prefix)) return null;
  return { kind: 'malformed', message: error.message.slice(prefix.length) };
}

/** Without a stream, and in a list of documents as one, the reply is what an event would be. */
function eventsOf(document: Record<string, unknown>): readonly object[] | null {
  const isReply = ['candidates', 'promptFeedback', 'usageMetadata'].some(
    (name) => name in document,
  );
  return isReply ? [document] : null;
}

/** `thinkingConfig` and `responseJsonSchema` are newer than the SDK's types. */
interface CurrentConfig extends GenerationConfig {
  responseJsonSchema?: Record<string, unknown>;
  thinkingConfig?: { thinkingLevel: string };
}

/** The request's body. Sampling settings are left to the model. */
function contentBody(
  model: string,
  { request, prompt, ways }: Pick<Call, 'request' | 'prompt' | 'ways'>,
): GenerateContentRequest {
  const format = formatOf(request, ways);
  const level = thinkingLevel(model, request.effort);
  const generationConfig: CurrentConfig = {
    ...(ways.maxTokens !== 'none' && { maxOutputTokens: request.maxOutputTokens }),
    ...(format !== null && { responseMimeType: 'application/json' }),
    ...(request.schema !== undefined &&
      format === 'json_schema' && { responseJsonSchema: request.schema.json }),
    ...(level !== null && { thinkingConfig: { thinkingLevel: level } }),
  };
  return {
    ...(prompt.system.length > 0 && {
      systemInstruction: {
        role: 'system',
        parts: prompt.system.map((part) => ({ text: part.text })),
      },
    }),
    contents: prompt.turns.map((turn) => ({
      role: turn.role === 'assistant' ? 'model' : 'user',
      parts: turn.parts.map((part) => ({ text: part.text })),
    })),
    generationConfig,
  };
}

/** Models before Gemini 3 know no levels, and not all later ones know the middle one: it is left out. */
function thinkingLevel(model: string, effort: ModelRequest['effort']): string | null {
  const generation = Number(/^gemini-(\d+)/.exec(model)?.[1] ?? 0);
  return generation >= 3 && (effort === 'low' || effort === 'high') ? effort : null;
}

async function readStream(
  stream: AsyncIterable<EnhancedGenerateContentResponse>,
  call: Call,
): Promise<StreamEnd> {
  let raw: string | null = null;
  let usage: Usage | null = null;
  let servedBy: string | null = null;
  let refusal: string | undefined;
  let blocked = false;
  for await (const chunk of stream) {
    call.alive();
    if (field(chunk, 'error') !== undefined) throw new ProviderError(readErrorBody(chunk));
    const version = field(chunk, 'modelVersion');
    if (typeof version === 'string') servedBy = version;
    usage = moreOf(usage, googleUsage(field(chunk, 'usageMetadata') ?? field(chunk, 'usage')));
    const feedback = field(chunk, 'promptFeedback');
    const blockReason = textField(feedback, 'blockReason');
    if (blockReason !== undefined) {
      blocked = true;
      raw = blockReason;
      refusal = textField(feedback, 'blockReasonMessage') ?? `the prompt was blocked (${raw})`;
    }
    const candidate = items(chunk, 'candidates')[0];
    call.text(contentText(field(field(candidate, 'content'), 'parts')));
    const reason = textField(candidate, 'finishReason');
    if (reason !== undefined) {
      raw = reason;
      refusal ??= textField(candidate, 'finishMessage');
    }
  }
  const finished = raw === null ? null : replyEnd(raw);
  return {
    finishReason: blocked ? 'refusal' : finished,
    rawFinishReason: raw,
    usage,
    servedBy,
    ...(refusal !== undefined && { refusal }),
  };
}

/** Their `promptTokenCount` already holds what was cached; thoughts are counted beside the reply. */
export function googleUsage(usage: unknown): Usage {
  const reasoning = count(field(usage, 'thoughtsTokenCount'));
  return {
    input: inputCount(usage),
    cachedInput: count(field(usage, 'cachedContentTokenCount')),
    cacheWrite: 0,
    output: outputCount(usage) + reasoning,
    reasoning,
  };
}
