import type Anthropic from '@anthropic-ai/sdk';
import type { ResolvedProvider } from '../../config/resolved-config.ts';
import type { Usage } from '../../domain/usage.ts';
import type { MessagePart, ModelProvider } from '../language-model.ts';
import { vendorProvider, type Call, type StreamEnd } from './call.ts';
import { count, field, textField } from './json-fields.ts';
import { contentText, required } from './reply-parts.ts';
import { inputCount, moreOf, outputCount } from './reply-usage.ts';
import { replyEnd } from './finish-reason.ts';
import { ProviderError } from './provider-error.ts';
import { cachePoints } from './prompt.ts';
import type { ReplyLimits } from './reply-limits.ts';
import { throughSdk } from './sdk-call.ts';
import { formatOf } from './ways.ts';

const vendorUrl = 'https://api.anthropic.com';
/** The most cache breakpoints that one request may hold. */
const cacheLimit = 4;

/** Claude models through the official SDK: Messages, always streaming. */
export function anthropicProvider(config: ResolvedProvider, limits: ReplyLimits): ModelProvider {
  return vendorProvider(config, limits, {
    // The SDK adds the version itself; people paste addresses with it.
    baseUrl: (config.baseUrl ?? vendorUrl).replace(/\/v1\/?$/, ''),
    family: () => 'claude',
    stream: (model, call) => streamMessages(config, model, call),
  });
}

function streamMessages(config: ResolvedProvider, model: string, call: Call): Promise<StreamEnd> {
  return throughSdk(config, call, { events: { named: true, eventsOf } }, async (options) => {
    const sdk = await import('@anthropic-ai/sdk');
    // Whatever is given here is not read from the environment, from profiles or from credential files.
    const client = new sdk.Anthropic({ ...options, authToken: null, openTelemetry: false });
    const body = messagesBody(model, call);
    // `client.messages.create` adds nothing to this but a `console.warn` for models that are to end.
    const stream = await client.post<AsyncIterable<Anthropic.RawMessageStreamEvent>>(
      '/v1/messages',
      { body, stream: true, signal: call.signal },
    );
    return readStream(stream, call);
  });
}

/** The request's body. Sampling settings are left out: current models reject them. */
function messagesBody(
  model: string,
  { request, prompt, ways }: Pick<Call, 'request' | 'prompt' | 'ways'>,
): Anthropic.MessageCreateParamsStreaming {
  const all = [...prompt.system, ...prompt.turns.flatMap((turn) => turn.parts)];
  const points = cachePoints(all, cacheLimit);
  const block = (part: MessagePart): Anthropic.TextBlockParam => ({
    type: 'text',
    text: part.text,
    ...(points.has(part) && { cache_control: { type: 'ephemeral' } }),
  });
  const output: Anthropic.OutputConfig = {
    ...(request.effort !== undefined && takesEffort(model) && { effort: request.effort }),
    // It knows no JSON without a schema.
    ...(request.schema !== undefined &&
      formatOf(request, ways) === 'json_schema' && {
        format: { type: 'json_schema', schema: request.schema.json },
      }),
  };
  return {
    model,
    max_tokens: request.maxOutputTokens,
    stream: true,
    ...(prompt.system.length > 0 && { system: prompt.system.map(block) }),
    messages: prompt.turns.map((turn) => ({ role: turn.role, content: turn.parts.map(block) })),
    ...(Object.keys(output).length > 0 && { output_config: output }),
  };
}

/** Models before Opus 4.5, and the small ones of that generation, reject the setting. */
function takesEffort(model: string): boolean {
  return !/^claude-(\d|instant|haiku-4|sonnet-4-(?!6)|opus-4-[01](\D|$)|opus-4-\d{8}|opus-4$)/.test(
    model,
  );
}

/** A message in one document holds what its stream's events would have told. */
function eventsOf(document: Record<string, unknown>): readonly object[] | null {
  if (!Array.isArray(document['content'])) return null;
  const { stop_reason, stop_details, usage } = document;
  return [
    { type: 'message_start', message: document },
    { type: 'message_delta', delta: { stop_reason, stop_details }, usage },
    { type: 'message_stop' },
  ];
}

async function readStream(
  stream: AsyncIterable<Anthropic.RawMessageStreamEvent>,
  call: Call,
): Promise<StreamEnd> {
  let usage: Usage | null = null;
  let reason: string | null = null;
  let refusal: string | undefined;
  let servedBy: string | null = null;
  let whole = false;
  let begun = false;
  let atStart: unknown;
  const say = (text: string): void => {
    begun ||= text !== '';
    call.text(text);
  };
  for await (const event of stream) {
    call.alive();
    switch (event.type) {
      case 'message_start': {
        const message = required(event, 'message');
        servedBy = textField(message, 'model') ?? null;
        atStart = field(message, 'content');
        // What has come out by then is no count of what will.
        usage = moreOf(usage, { ...anthropicUsage(field(message, 'usage')), output: 0 });
        break;
      }
      case 'content_block_start':
        say(contentText(required(event, 'content_block')));
        break;
      case 'content_block_delta':
        say(contentText(required(event, 'delta')));
        break;
      case 'message_delta': {
        const delta = required(event, 'delta');
        reason = textField(delta, 'stop_reason') || reason;
        refusal = textField(field(delta, 'stop_details'), 'explanation') ?? refusal;
        usage = moreOf(usage, anthropicUsage(field(event, 'usage')));
        break;
      }
      case 'message_stop':
        whole = true;
        usage = moreOf(usage, anthropicUsage(field(event, 'usage')));
        break;
      case 'content_block_stop':
        break;
    }
  }
  if (!begun) call.text(contentText(atStart));
  if (reason === 'model_context_window_exceeded')
    throw new ProviderError({
      kind: 'context_too_long',
      codes: [reason],
      message: reason,
      usage: usage ?? undefined,
    });
  return {
    // A reply that says why it ended is over, and so is one that says that it is.
    finishReason: reason === null ? (whole ? 'stop' : null) : replyEnd(reason),
    rawFinishReason: reason,
    usage,
    servedBy,
    ...(refusal !== undefined && { refusal }),
  };
}

/** Their `input_tokens` leaves out what was read from or written to the cache; ours holds all. */
export function anthropicUsage(usage: unknown): Usage {
  const cachedInput = count(field(usage, 'cache_read_input_tokens'));
  const cacheWrite = count(field(usage, 'cache_creation_input_tokens'));
  return {
    input: inputCount(usage) + cachedInput + cacheWrite,
    cachedInput,
    cacheWrite,
    output: outputCount(usage),
    reasoning: count(field(field(usage, 'output_tokens_details'), 'thinking_tokens')),
  };
}
