import type OpenAI from 'openai';
import type { ResolvedProvider } from '../../config/resolved-config.ts';
import type { Usage } from '../../domain/usage.ts';
import type { MessagePart, ModelProvider } from '../language-model.ts';
import { vendorProvider, type Call, type StreamEnd } from './call.ts';
import { replyEnd, type ReplyEnd } from './finish-reason.ts';
import { count, field, items, textField } from './json-fields.ts';
import { contentText, required } from './reply-parts.ts';
import { inputCount, moreOf, outputCount } from './reply-usage.ts';
import { ProviderError } from './provider-error.ts';
import { streamChat } from './openai-compatible.ts';
import { cachePoints, joinParts } from './prompt.ts';
import type { ReplyLimits } from './reply-limits.ts';
import { throughSdk } from './sdk-call.ts';
import { formatOf } from './ways.ts';

type StreamEvent = OpenAI.Responses.ResponseStreamEvent;

const vendorUrl = 'https://api.openai.com/v1';
/** Marks that one request can write, beside the one that the vendor sets itself. */
const cacheLimit = 3;

/** GPT models through the official SDK: Responses, always streaming, never stored there. */
export function openaiProvider(config: ResolvedProvider, limits: ReplyLimits): ModelProvider {
  return vendorProvider(config, limits, {
    baseUrl: config.baseUrl ?? vendorUrl,
    family: () => 'gpt',
    stream: (model, call) =>
      call.ways.api === 'chat'
        ? streamChat(config, model, call, { options: {} })
        : streamResponse(config, model, call),
  });
}

function streamResponse(config: ResolvedProvider, model: string, call: Call): Promise<StreamEnd> {
  return throughSdk(config, call, { events: { eventsOf } }, async (options) => {
    const sdk = await import('openai');
    const client = new sdk.OpenAI({ ...options, adminAPIKey: null });
    const body = responsesBody(model, call);
    return readStream(await client.responses.create(body, { signal: call.signal }), call);
  });
}

/** The request's body. Sampling settings are left out: reasoning models reject them. */
function responsesBody(
  model: string,
  { request, prompt, ways }: Pick<Call, 'request' | 'prompt' | 'ways'>,
): OpenAI.Responses.ResponseCreateParamsStreaming {
  const format = formatOf(request, ways);
  const all = [...prompt.system, ...prompt.turns.flatMap((turn) => turn.parts)];
  const points = cachePoints(takesBreakpoints(model) ? all : [], cacheLimit);
  const message = (
    role: 'developer' | 'user' | 'assistant',
    parts: readonly MessagePart[],
  ): OpenAI.Responses.EasyInputMessage => ({
    type: 'message',
    role,
    // A list of an assistant's texts would need the ids of the replies that they came from.
    content:
      role === 'assistant'
        ? joinParts(parts)
        : parts.map((part) => ({
            type: 'input_text',
            text: part.text,
            ...(points.has(part) && { prompt_cache_breakpoint: { mode: 'explicit' } }),
          })),
  });
  return {
    model,
    stream: true,
    store: false,
    ...(ways.maxTokens !== 'none' && { max_output_tokens: request.maxOutputTokens }),
    input: [
      ...(prompt.system.length > 0 ? [message('developer', prompt.system)] : []),
      ...prompt.turns.map((turn) => message(turn.role, turn.parts)),
    ],
    ...(request.effort !== undefined &&
      reasons(model) && { reasoning: { effort: request.effort } }),
    ...(format === 'json_object' && { text: { format: { type: 'json_object' } } }),
    ...(request.schema !== undefined &&
      format === 'json_schema' && {
        text: {
          format: {
            type: 'json_schema',
            name: request.schema.name,
            strict: true,
            schema: request.schema.json,
          },
        },
      }),
  };
}

/** Since GPT-5.6 a cached prefix ends at marks; before, caching is the vendor's own affair. */
function takesBreakpoints(model: string): boolean {
  const version = /^gpt-(\d+)(?:\.(\d+))?/.exec(model);
  const [major, minor] = [Number(version?.[1] ?? 0), Number(version?.[2] ?? 0)];
  return major > 5 || (major === 5 && minor >= 6);
}

/** Models that do not reason reject an effort. */
function reasons(model: string): boolean {
  return !/^(gpt-[34]|chatgpt-)|-chat(-|$)/.test(model);
}

/** A response in one document is the last event of its stream. */
function eventsOf(document: Record<string, unknown>): readonly object[] | null {
  if (!Array.isArray(document['output'])) return null;
  const status = textField(document, 'status') ?? 'completed';
  return [{ type: `response.${status}`, response: document }];
}

async function readStream(stream: AsyncIterable<StreamEvent>, call: Call): Promise<StreamEnd> {
  let refusal = '';
  let last: object | null = null;
  let status = '';
  let begun = false;
  let usage: Usage | null = null;
  const say = (text: string): void => {
    begun ||= text !== '';
    call.text(text);
  };
  for await (const event of stream) {
    call.alive();
    usage = moreOf(usage, openaiUsage(field(event, 'usage')));
    const type = textField(event, 'type') ?? '';
    switch (type) {
      case 'response.output_text.delta':
        say(contentText(field(event, 'delta')));
        break;
      case 'response.refusal.delta':
        refusal += contentText(field(event, 'delta'));
        break;
      case 'response.completed':
      case 'response.incomplete':
        last = required(event, 'response');
        status = textField(last, 'status') ?? type.slice('response.'.length);
        usage = moreOf(usage, openaiUsage(field(last, 'usage')));
        break;
      case 'response.failed':
        throw failure(field(field(event, 'response'), 'error'));
      case 'error':
        throw failure(field(event, 'error') ?? event);
    }
  }
  if (last === null) return { finishReason: null, rawFinishReason: null, usage, servedBy: null };
  for (const part of items(last, 'output').flatMap((item) => items(item, 'content'))) {
    if (refusal === '') refusal = textField(part, 'refusal') ?? '';
    // Servers that stream no pieces of text have the whole of it here.
    if (!begun) call.text(contentText(part));
  }
  const reason = textField(field(last, 'incomplete_details'), 'reason') ?? null;
  return {
    finishReason: refusal === '' ? endOf(reason, status) : 'refusal',
    rawFinishReason: reason ?? status,
    usage,
    servedBy: textField(last, 'model') ?? null,
    ...(refusal !== '' && { refusal }),
  };
}

function failure(error: unknown): ProviderError {
  const code = textField(error, 'code') ?? 'server_error';
  return new ProviderError({
    codes: [code],
    message: textField(error, 'message') ?? 'the reply failed',
  });
}

/** A reason that nobody knows still ends a reply that the vendor calls incomplete. */
function endOf(reason: string | null, status: string): ReplyEnd {
  const end = replyEnd(reason);
  return end === 'other' ? replyEnd(status) : end;
}

/** Their `input_tokens` already holds what was cached. */
export function openaiUsage(usage: unknown): Usage {
  const input = field(usage, 'input_tokens_details');
  return {
    input: inputCount(usage),
    cachedInput: count(field(input, 'cached_tokens')),
    cacheWrite: count(field(input, 'cache_write_tokens')),
    output: outputCount(usage),
    reasoning: count(field(field(usage, 'output_tokens_details'), 'reasoning_tokens')),
  };
}
