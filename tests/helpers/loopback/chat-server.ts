import { frame, startServer, type Dialect, type Handler, type LoopbackServer } from './server.ts';

interface Body {
  readonly model: string;
  readonly stream?: boolean;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly response_format?: {
    readonly type: string;
    readonly json_schema?: { readonly name: string; readonly schema: Record<string, unknown> };
  };
}

const finishReasons = { stop: 'stop', length: 'length', refusal: 'content_filter' };

const dialect: Dialect = {
  basePath: '/v1',
  read(path, raw) {
    if (path !== '/v1/chat/completions') return null;
    const body = raw as unknown as Body;
    return {
      model: body.model,
      prompt: body.messages.map((message) => message.content).join('\n'),
      schema: body.response_format?.json_schema?.schema ?? null,
      schemaName: body.response_format?.json_schema?.name ?? null,
    };
  },
  fault(raw) {
    const body = raw as unknown as Body;
    if (body.stream !== true) return 'this server only streams';
    if (body.messages.length === 0) return 'messages: must not be empty';
    const text = body.messages.map((message) => message.content).join('\n');
    if (body.response_format?.type === 'json_object' && !/json/.test(text))
      return "prompt must contain the word 'json' to use response_format of type json_object";
    return null;
  },
  frames({ pieces, finish, word, usage, model }) {
    const chunk = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model };
    const choice = (delta: Record<string, unknown>, reason: string | null): string =>
      frame({ ...chunk, choices: [{ index: 0, delta, finish_reason: reason }], usage: null });
    return {
      start: [
        ': waiting for a free model\n\n',
        choice({ role: 'assistant', content: '' }, null),
        choice({ reasoning_content: 'Considering.' }, null),
        ...pieces.map((content) => choice({ content }, null)),
      ],
      end: [
        choice({}, word ?? finishReasons[finish]),
        frame({
          ...chunk,
          choices: [],
          usage: {
            prompt_tokens: usage.input,
            completion_tokens: usage.output,
            total_tokens: usage.input + usage.output,
            prompt_tokens_details: {
              cached_tokens: usage.cachedInput ?? 0,
              cache_write_tokens: usage.cacheWrite ?? 0,
            },
            completion_tokens_details: { reasoning_tokens: usage.reasoning ?? 0 },
          },
        }),
        frame('[DONE]'),
      ],
    };
  },
  errorBody: (error) => ({
    error: { message: error.message, type: error.type ?? null, code: error.code ?? null },
  }),
  errorFrame: (error) => frame(dialect.errorBody(error)),
};

/** Speaks OpenAI's Chat Completions, as many other servers do. */
export function startChatServer(handler: Handler): Promise<LoopbackServer> {
  return startServer(dialect, handler);
}
