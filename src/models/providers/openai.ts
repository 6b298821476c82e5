import type OpenAI from 'openai';
import type { ResolvedProvider } from '../../config/resolved-config.ts';
import type { Usage } from '../../domain/usage.ts';
import type { MessagePart, ModelProvider, ModelRequest } from '../language-model.ts';
import { vendorProvider, type Call, type StreamEnd } from './call.ts';
import { replyEnd, type ReplyEnd } from './finish-reason.ts';
import { count } from './json-fields.ts';
import { ProviderError } from './provider-error.ts';
import { cachePoints, joinParts, type Prompt } from './prompt.ts';
import type { ReplyLimits } from './reply-limits.ts';
import { throughSdk } from './sdk-call.ts';

type StreamEvent = OpenAI.Responses.ResponseStreamEvent;

const vendorUrl = 'https://api.openai.com/v1';
/** Marks that one request can write, beside the one that the vendor sets itself. */
const cacheLimit = 3;

/** GPT models through the official SDK: Responses, always streaming, never stored there. */
export function openaiProvider(config: ResolvedProvider, limits: ReplyLimits): ModelProvider {
  return vendorProvider(config, limits, {
    baseUrl: config.baseUrl ?? vendorUrl,
    family: () => 'gpt',
    stream: (model, call) => streamResponse(config, model, call),
  });
}

function streamResponse(config: ResolvedProvider, model: string, call: Call): Promise<StreamEnd> {
  return throughSdk(config, call, {}, async (options) => {
    const sdk = await import('openai');
    const client = new sdk.OpenAI({ ...options, adminAPIKey: null });
    const body = responsesBody(model, call.request, call.prompt);
    return readStream(await client.responses.create(body, { signal: call.signal }), call);
  });
}

/** The request's body. Sampling settings are left out: reasoning models reject them. */
export function responsesBody(
  model: string,
  request: Pick<ModelRequest, 'maxOutputTokens' | 'effort' | 'schema'>,
  prompt: Prompt,
): OpenAI.Responses.ResponseCreateParamsStreaming {
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
    max_output_tokens: request.maxOutputTokens,
    input: [
      ...(prompt.system.length > 0 ? [message('developer', prompt.system)] : []),
      ...prompt.turns.map((turn) => message(turn.role, turn.parts)),
    ],
    ...(request.effort !== undefined &&
      reasons(model) && { reasoning: { effort: request.effort } }),
    ...(request.schema !== undefined && {
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

async function readStream(stream: AsyncIterable<StreamEvent>, call: Call): Promise<StreamEnd> {
  let refusal = '';
  let last: OpenAI.Responses.Response | null = null;
  let status = '';
  for await (const event of stream) {
    call.alive();
    if (event.type === 'response.output_text.delta') call.text(event.delta);
    else if (event.type === 'response.refusal.delta') refusal += event.delta;
    else if (event.type === 'response.completed' || event.type === 'response.incomplete') {
      last = event.response;
      status = last.status ?? event.type.slice('response.'.length);
    } else if (event.type === 'response.failed') throw failure(event.response.error);
    else if (event.type === 'error') throw failure(event);
  }
  if (last === null)
    return { finishReason: null, rawFinishReason: null, usage: null, servedBy: null };
  const reason = last.incomplete_details?.reason ?? null;
  return {
    finishReason: refusal === '' ? endOf(reason, status) : 'refusal',
    rawFinishReason: reason ?? status,
    usage: last.usage === undefined ? null : openaiUsage(last.usage),
    servedBy: last.model,
    ...(refusal !== '' && { refusal }),
  };
}

function failure(error: { code: string | null; message: string } | null): ProviderError {
  const codes = typeof error?.code === 'string' ? [error.code] : ['server_error'];
  return new ProviderError({ codes, message: error?.message ?? 'the reply failed' });
}

/** A reason that nobody knows still ends a reply that the vendor calls incomplete. */
function endOf(reason: string | null, status: string): ReplyEnd {
  const end = replyEnd(reason);
  return end === 'other' ? replyEnd(status) : end;
}

/** Their `input_tokens` already holds what was cached. */
export function openaiUsage(usage: OpenAI.Responses.ResponseUsage): Usage {
  const input = usage.input_tokens_details as
    Partial<OpenAI.Responses.ResponseUsage.InputTokensDetails> | undefined;
  const output = usage.output_tokens_details as
    Partial<OpenAI.Responses.ResponseUsage.OutputTokensDetails> | undefined;
  return {
    input: count(usage.input_tokens),
    cachedInput: count(input?.cached_tokens),
    cacheWrite: count(input?.cache_write_tokens),
    output: count(usage.output_tokens),
    reasoning: count(output?.reasoning_tokens),
  };
}
