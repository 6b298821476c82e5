import type {
  EnhancedGenerateContentResponse,
  GenerateContentRequest,
  GenerationConfig,
  PromptFeedback,
} from '@google/generative-ai';
import type { ResolvedProvider } from '../../config/resolved-config.ts';
import type { Usage } from '../../domain/usage.ts';
import type { ModelProvider, ModelRequest } from '../language-model.ts';
import { vendorProvider, type Call, type StreamEnd } from './call.ts';
import { replyEnd } from './finish-reason.ts';
import { ProviderError, type ErrorFacts } from './provider-error.ts';
import { readErrorBody } from './http-errors.ts';
import { count, field } from './json-fields.ts';
import type { Prompt } from './prompt.ts';
import type { ReplyLimits } from './reply-limits.ts';
import { throughSdk } from './sdk-call.ts';

const vendorUrl = 'https://generativelanguage.googleapis.com';

/** Gemini models through the official SDK, always streaming. */
export function googleProvider(config: ResolvedProvider, limits: ReplyLimits): ModelProvider {
  return vendorProvider(config, limits, {
    // The SDK adds the version itself; people paste addresses with it.
    baseUrl: (config.baseUrl ?? vendorUrl).replace(/\/v1(beta)?\/?$/, ''),
    family: () => 'gemini',
    stream: (model, call) => streamContent(config, model, call),
  });
}

function streamContent(config: ResolvedProvider, model: string, call: Call): Promise<StreamEnd> {
  return throughSdk(config, call, { readThrown }, async (options) => {
    const sdk = await import('@google/generative-ai');
    const client = new sdk.GoogleGenerativeAI(config.apiKey ?? '').getGenerativeModel({ model });
    const body = contentBody(model, call.request, call.prompt);
    const result = await withFetch(options.fetch, () =>
      client.generateContentStream(body, { baseUrl: call.baseUrl, signal: call.signal }),
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
  if (!(error instanceof Error)) return null;
  const prefix = '[GoogleGenerativeAI Error]: ';
  if (!error.message.startsWith(prefix)) return null;
  const message = error.message.slice(prefix.length);
  if (message.startsWith('Error parsing JSON response'))
    return { kind: 'malformed', message: 'the stream holds an event that is not JSON' };
  // Half an event is left over.
  if (message === 'Failed to parse stream')
    return { kind: 'network', message: 'the stream ended within an event' };
  return { kind: 'malformed', message };
}

/** `thinkingConfig` and `responseJsonSchema` are newer than the SDK's types. */
interface CurrentConfig extends GenerationConfig {
  responseJsonSchema?: Record<string, unknown>;
  thinkingConfig?: { thinkingLevel: string };
}

/** The request's body. Sampling settings are left to the model. */
export function contentBody(
  model: string,
  request: Pick<ModelRequest, 'maxOutputTokens' | 'effort' | 'schema'>,
  prompt: Prompt,
): GenerateContentRequest {
  const level = thinkingLevel(model, request.effort);
  const generationConfig: CurrentConfig = {
    maxOutputTokens: request.maxOutputTokens,
    ...(request.schema !== undefined && {
      responseMimeType: 'application/json',
      responseJsonSchema: request.schema.json,
    }),
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
    if (chunk.usageMetadata !== undefined) usage = googleUsage(chunk.usageMetadata);
    const feedback = chunk.promptFeedback as Partial<PromptFeedback> | undefined;
    if (feedback?.blockReason !== undefined) {
      blocked = true;
      raw = feedback.blockReason;
      refusal = feedback.blockReasonMessage ?? `the prompt was blocked (${raw})`;
    }
    const candidate = chunk.candidates?.[0];
    for (const part of (candidate?.content as { parts?: unknown[] } | undefined)?.parts ?? []) {
      const text = field(part, 'text');
      if (typeof text === 'string' && field(part, 'thought') !== true) call.text(text);
    }
    if (candidate?.finishReason !== undefined) {
      raw = candidate.finishReason;
      refusal ??= candidate.finishMessage;
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
    input: count(field(usage, 'promptTokenCount')),
    cachedInput: count(field(usage, 'cachedContentTokenCount')),
    cacheWrite: 0,
    output: count(field(usage, 'candidatesTokenCount')) + reasoning,
    reasoning,
  };
}
