import { frame, startServer, type Dialect, type Handler, type LoopbackServer } from './server.ts';

interface Body {
  readonly model: string;
  readonly stream?: boolean;
  readonly input: readonly {
    readonly role: string;
    readonly content: string | readonly { readonly type: string; readonly text: string }[];
  }[];
  readonly text?: {
    readonly format?: { readonly name: string; readonly schema: Record<string, unknown> };
  };
}

const dialect: Dialect = {
  basePath: '/v1',
  read(path, raw) {
    if (path !== '/v1/responses') return null;
    const body = raw as unknown as Body;
    return {
      model: body.model,
      prompt: body.input
        .flatMap(({ content }) =>
          typeof content === 'string' ? [content] : content.map((part) => part.text),
        )
        .join('\n'),
      schema: body.text?.format?.schema ?? null,
      schemaName: body.text?.format?.name ?? null,
    };
  },
  fault(raw) {
    const body = raw as unknown as Body;
    if (body.stream !== true) return 'this server only streams';
    if (body.input.length === 0) return 'input: must not be empty';
    const wrong = body.input.find(
      ({ role, content }) =>
        role === 'assistant' &&
        typeof content !== 'string' &&
        content.some((part) => part.type !== 'output_text'),
    );
    return wrong === undefined ? null : 'assistant content must be output_text';
  },
  frames({ pieces, finish, word, usage, model }) {
    let sequence = 0;
    const event = (data: { type: string } & Record<string, unknown>): string =>
      frame({ ...data, sequence_number: sequence++ }, data.type);
    const response = { id: 'resp_1', object: 'response', model, output: [] };
    const place = { item_id: 'msg_1', output_index: 0, content_index: 0 };
    const kind = finish === 'refusal' ? 'response.refusal.delta' : 'response.output_text.delta';
    const status = finish === 'length' ? 'incomplete' : 'completed';
    return {
      start: [
        event({ type: 'response.created', response: { ...response, status: 'in_progress' } }),
        event({ type: 'response.reasoning_summary_text.delta', delta: 'Considering.', ...place }),
        ...pieces.map((delta) => event({ type: kind, delta, ...place })),
      ],
      end: [
        event({
          type: `response.${status}`,
          response: {
            ...response,
            status: word ?? status,
            incomplete_details: finish === 'length' ? { reason: 'max_output_tokens' } : null,
            usage: {
              input_tokens: usage.input,
              input_tokens_details: {
                cached_tokens: usage.cachedInput ?? 0,
                cache_write_tokens: usage.cacheWrite ?? 0,
              },
              output_tokens: usage.output,
              output_tokens_details: { reasoning_tokens: usage.reasoning ?? 0 },
              total_tokens: usage.input + usage.output,
            },
          },
        }),
      ],
    };
  },
  errorBody: (error) => ({
    error: {
      message: error.message,
      type: error.type ?? null,
      param: null,
      code: error.code ?? null,
    },
  }),
  errorFrame: (error) =>
    frame(
      {
        type: 'error',
        code: error.code ?? error.type ?? null,
        message: error.message,
        param: null,
        sequence_number: 0,
      },
      'error',
    ),
};

/** Speaks OpenAI's Responses. */
export function startOpenAiServer(handler: Handler): Promise<LoopbackServer> {
  return startServer(dialect, handler);
}
