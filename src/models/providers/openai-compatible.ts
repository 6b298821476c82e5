import type OpenAI from 'openai';
import type { ResolvedProvider } from '../../config/resolved-config.ts';
import type { Usage } from '../../domain/usage.ts';
import type { ModelProvider } from '../language-model.ts';
import { vendorProvider, type Call, type StreamEnd } from './call.ts';
import { modelFamily } from './family.ts';
import { replyEnd } from './finish-reason.ts';
import { count, field, items, textField } from './json-fields.ts';
import { contentText } from './reply-parts.ts';
import { inputCount, moreOf, outputCount } from './reply-usage.ts';
import { joinParts } from './prompt.ts';
import type { ReplyLimits } from './reply-limits.ts';
import { throughSdk } from './sdk-call.ts';
import { formatOf } from './ways.ts';

/** What such a server needs to be told; variables meant for OpenAI itself must not reach it. */
const sentHeaders = ['accept', 'authorization', 'content-type', 'user-agent'];

/** Any server that speaks OpenAI's Chat Completions, always streaming. */
export function openaiCompatibleProvider(
  config: ResolvedProvider,
  limits: ReplyLimits,
): ModelProvider {
  return vendorProvider(config, limits, {
    baseUrl: config.baseUrl,
    family: (model) => modelFamily(config.name, model),
    stream: (model, call) => streamChat(config, model, call),
  });
}

/** @param client what an SDK is told beside what all are, and the only headers to send */
export function streamChat(
  config: ResolvedProvider,
  model: string,
  call: Call,
  client: { readonly headers?: readonly string[]; readonly options: object } = {
    headers: sentHeaders,
    options: { organization: null, project: null },
  },
): Promise<StreamEnd> {
  const ways = {
    ...(client.headers !== undefined && { headers: client.headers }),
    events: { eventsOf },
  };
  return throughSdk(config, call, ways, async (options) => {
    const sdk = await import('openai');
    const { chat } = new sdk.OpenAI({ ...options, adminAPIKey: null, ...client.options });
    const stream = await chat.completions.create(chatBody(model, call), { signal: call.signal });
    return readStream(stream, call);
  });
}

/** The request's body, in the words that all such servers know. */
function chatBody(
  model: string,
  { request, prompt, ways }: Pick<Call, 'request' | 'prompt' | 'ways'>,
): OpenAI.Chat.ChatCompletionCreateParamsStreaming {
  const { schema, maxOutputTokens } = request;
  const format = formatOf(request, ways);
  return {
    model,
    stream: true,
    ...(ways.streamOptions && { stream_options: { include_usage: true } }),
    ...(ways.maxTokens !== 'none' && { [ways.maxTokens]: maxOutputTokens }),
    messages: [
      ...(prompt.system.length > 0
        ? [{ role: 'system' as const, content: joinParts(prompt.system) }]
        : []),
      ...prompt.turns.map((turn) => ({ role: turn.role, content: joinParts(turn.parts) })),
    ],
    ...(schema !== undefined &&
      format === 'json_schema' && {
        response_format: {
          type: 'json_schema',
          json_schema: { name: schema.name, strict: true, schema: schema.json },
        },
      }),
    ...(format === 'json_object' && { response_format: { type: 'json_object' } }),
  };
}

/** A completion in one document is a chunk with all of the text. */
function eventsOf(document: Record<string, unknown>): readonly object[] | null {
  return items(document, 'choices').length > 0 ? [document] : null;
}

async function readStream(
  stream: AsyncIterable<OpenAI.Chat.ChatCompletionChunk>,
  call: Call,
): Promise<StreamEnd> {
  let raw: string | null = null;
  let usage: Usage | null = null;
  let servedBy: string | null = null;
  let refusal = '';
  let begun = false;
  for await (const chunk of stream) {
    call.alive();
    servedBy ??= textField(chunk, 'model') || null;
    // Servers send chunks without choices, with usage or remarks alone.
    const choice = items(chunk, 'choices').find((each) => !(count(field(each, 'index')) > 0));
    for (const place of [chunk, field(chunk, 'x_groq'), choice, field(choice, 'message')])
      usage = moreOf(usage, chatUsage(field(place, 'usage')));
    usage = moreOf(usage, chatUsage(field(chunk, 'timings') ?? chunk));
    const delta = field(choice, 'delta');
    const piece = contentText(field(delta, 'content'));
    // The whole reply, which some servers send at once, and some after its pieces.
    const message = field(choice, 'message');
    const whole = contentText(field(message, 'content')) || contentText(field(choice, 'text'));
    const text: string = piece === '' && (!begun || message === undefined) ? whole : piece;
    begun ||= text !== '';
    call.text(text);
    refusal += contentText(field(delta, 'refusal') ?? field(message, 'refusal'));
    // Some servers send an empty one until there is a reason.
    const reason = textField(choice, 'finish_reason') ?? '';
    if (reason.trim() !== '') raw = reason;
  }
  const finished = raw === null ? null : replyEnd(raw);
  return {
    finishReason: finished !== null && refusal !== '' ? 'refusal' : finished,
    rawFinishReason: raw,
    usage,
    servedBy,
    ...(refusal !== '' && { refusal }),
  };
}

/**
 * Their `prompt_tokens` already holds what was cached. DeepSeek has its own name for that part, and some
 * servers (xAI) count reasoning beside `completion_tokens`, which their total gives away.
 */
export function chatUsage(usage: unknown): Usage {
  const prompt = field(usage, 'prompt_tokens_details');
  const input = inputCount(usage);
  const completion = outputCount(usage);
  const reasoning = count(field(field(usage, 'completion_tokens_details'), 'reasoning_tokens'));
  const beside =
    reasoning > 0 && count(field(usage, 'total_tokens')) === input + completion + reasoning;
  return {
    input,
    cachedInput: count(field(prompt, 'cached_tokens') ?? field(usage, 'prompt_cache_hit_tokens')),
    cacheWrite: count(field(prompt, 'cache_write_tokens')),
    output: beside ? completion + reasoning : completion,
    reasoning,
  };
}
