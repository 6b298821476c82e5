import type OpenAI from 'openai';
import type { ResolvedProvider } from '../../config/resolved-config.ts';
import type { Usage } from '../../domain/usage.ts';
import type { ModelProvider, ModelRequest } from '../language-model.ts';
import { vendorProvider, type Call, type StreamEnd } from './call.ts';
import { modelFamily } from './family.ts';
import { replyEnd } from './finish-reason.ts';
import { count, field, items, textField } from './json-fields.ts';
import { contentText } from './reply-parts.ts';
import { inputCount, moreOf, outputCount } from './reply-usage.ts';
import { joinParts, schemaInWords, type Prompt } from './prompt.ts';
import type { ReplyLimits } from './reply-limits.ts';
import { throughSdk } from './sdk-call.ts';

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

function streamChat(config: ResolvedProvider, model: string, call: Call): Promise<StreamEnd> {
  return throughSdk(
    config,
    call,
    { headers: sentHeaders, events: { eventsOf } },
    async (options) => {
      const sdk = await import('openai');
      const client = new sdk.OpenAI({
        ...options,
        adminAPIKey: null,
        organization: null,
        project: null,
      });
      const body = chatBody(model, call.request, call.prompt, config.structured);
      return readStream(await client.chat.completions.create(body, { signal: call.signal }), call);
    },
  );
}

/** The request's body, in the words that all such servers know. */
export function chatBody(
  model: string,
  request: Pick<ModelRequest, 'maxOutputTokens' | 'schema'>,
  prompt: Prompt,
  structured: ResolvedProvider['structured'],
): OpenAI.Chat.ChatCompletionCreateParamsStreaming {
  const { schema } = request;
  const spoken =
    schema === undefined || structured === 'json_schema' ? [] : [schemaInWords(schema)];
  const system = [...(prompt.system.length > 0 ? [joinParts(prompt.system)] : []), ...spoken];
  return {
    model,
    stream: true,
    stream_options: { include_usage: true },
    max_tokens: request.maxOutputTokens,
    messages: [
      ...(system.length > 0 ? [{ role: 'system' as const, content: system.join('\n\n') }] : []),
      ...prompt.turns.map((turn) => ({ role: turn.role, content: joinParts(turn.parts) })),
    ],
    ...(schema !== undefined &&
      structured === 'json_schema' && {
        response_format: {
          type: 'json_schema',
          json_schema: { name: schema.name, strict: true, schema: schema.json },
        },
      }),
    ...(schema !== undefined &&
      structured === 'json_object' && { response_format: { type: 'json_object' } }),
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
