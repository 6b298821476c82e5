import { frame, startServer, type Dialect, type Handler, type LoopbackServer } from './server.ts';

interface Block {
  readonly type: string;
  readonly text: string;
  readonly cache_control?: unknown;
}
interface Body {
  readonly model: string;
  readonly stream?: boolean;
  readonly max_tokens?: number;
  readonly system?: readonly Block[];
  readonly messages: readonly { readonly role: string; readonly content: readonly Block[] }[];
  readonly output_config?: { readonly format?: { readonly schema: Record<string, unknown> } };
}

const stopReasons = { stop: 'end_turn', length: 'max_tokens', refusal: 'refusal' };

const dialect: Dialect = {
  basePath: '',
  read(path, raw) {
    if (path !== '/v1/messages') return null;
    const body = raw as unknown as Body;
    return {
      model: body.model,
      prompt: blocks(body)
        .map((block) => block.text)
        .join('\n'),
      schema: body.output_config?.format?.schema ?? null,
      schemaName: null,
    };
  },
  fault(raw) {
    const body = raw as unknown as Body;
    if (body.stream !== true) return 'this server only streams';
    if (body.max_tokens === undefined) return 'max_tokens: field required';
    if (body.messages[0]?.role !== 'user') return 'messages: first message must use the user role';
    if (body.messages.at(-1)?.role !== 'user') return 'assistant message prefill is not supported';
    if (blocks(body).some((block) => block.text.trim() === ''))
      return 'text content blocks must contain non-whitespace text';
    if (blocks(body).filter((block) => block.cache_control !== undefined).length > 4)
      return 'a maximum of 4 blocks with cache_control may be provided';
    return null;
  },
  frames({ pieces, finish, word, usage, model }) {
    const cached = usage.cachedInput ?? 0;
    const written = usage.cacheWrite ?? 0;
    const counts = {
      input_tokens: usage.input - cached - written,
      cache_read_input_tokens: cached,
      cache_creation_input_tokens: written,
    };
    const event = (data: { type: string } & Record<string, unknown>): string =>
      frame(data, data.type);
    return {
      start: [
        event({
          type: 'message_start',
          message: {
            id: 'msg_1',
            type: 'message',
            role: 'assistant',
            model,
            content: [],
            stop_reason: null,
            usage: { ...counts, output_tokens: 1 },
          },
        }),
        event({ type: 'ping' }),
        event({
          type: 'content_block_start',
          index: 0,
          content_block: { type: 'thinking', thinking: '', signature: '' },
        }),
        event({
          type: 'content_block_delta',
          index: 0,
          delta: { type: 'thinking_delta', thinking: 'Considering.' },
        }),
        event({ type: 'content_block_stop', index: 0 }),
        event({ type: 'content_block_start', index: 1, content_block: { type: 'text', text: '' } }),
        ...pieces.map((text) =>
          event({ type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text } }),
        ),
      ],
      end: [
        event({ type: 'content_block_stop', index: 1 }),
        event({
          type: 'message_delta',
          delta: {
            stop_reason: word ?? stopReasons[finish],
            stop_sequence: null,
            ...(finish === 'refusal' && {
              stop_details: { type: 'refusal', category: 'cyber', explanation: 'Not this one.' },
            }),
          },
          usage: {
            input_tokens: null,
            output_tokens: usage.output,
            output_tokens_details: { thinking_tokens: usage.reasoning ?? 0 },
          },
        }),
        event({ type: 'message_stop' }),
      ],
    };
  },
  errorBody: (error) => ({
    type: 'error',
    error: { type: error.type ?? 'api_error', message: error.message },
    request_id: 'req_1',
  }),
  errorFrame: (error) => frame(dialect.errorBody(error), 'error'),
};

function blocks(body: Body): Block[] {
  return [...(body.system ?? []), ...body.messages.flatMap((message) => message.content)];
}

/** Speaks Anthropic's Messages. */
export function startAnthropicServer(handler: Handler): Promise<LoopbackServer> {
  return startServer(dialect, handler);
}
