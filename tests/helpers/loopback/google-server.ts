import { frame, startServer, type Dialect, type Handler, type LoopbackServer } from './server.ts';

interface Content {
  readonly role: string;
  readonly parts: readonly { readonly text: string }[];
}
interface Body {
  readonly contents: readonly Content[];
  readonly systemInstruction?: Content;
  readonly generationConfig?: { readonly responseJsonSchema?: Record<string, unknown> };
}

const finishReasons = { stop: 'STOP', length: 'MAX_TOKENS', refusal: 'SAFETY' };
const statuses: Record<number, string> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
};

const dialect: Dialect = {
  basePath: '',
  read(path, raw) {
    const model = /^\/v1beta\/models\/([^:]+):streamGenerateContent\?alt=sse$/.exec(path)?.[1];
    if (model === undefined) return null;
    const body = raw as unknown as Body;
    const contents = [
      ...(body.systemInstruction === undefined ? [] : [body.systemInstruction]),
      ...body.contents,
    ];
    return {
      model,
      prompt: contents.flatMap(({ parts }) => parts.map((part) => part.text)).join('\n'),
      schema: body.generationConfig?.responseJsonSchema ?? null,
      schemaName: null,
    };
  },
  fault(raw) {
    const body = raw as unknown as Body;
    const sampling = ['temperature', 'topP', 'topK'];
    if (sampling.some((name) => name in (body.generationConfig ?? {})))
      return 'sampling settings are not supported';
    if (body.contents.length === 0) return 'contents is not specified';
    if (body.contents[0]?.role !== 'user') return 'the first content should be with role user';
    if (body.contents.at(-1)?.role !== 'user') return 'the last content should be with role user';
    return null;
  },
  frames({ pieces, finish, word, usage, model }) {
    const counts = {
      promptTokenCount: usage.input,
      cachedContentTokenCount: usage.cachedInput ?? 0,
      candidatesTokenCount: usage.output - (usage.reasoning ?? 0),
      thoughtsTokenCount: usage.reasoning ?? 0,
      totalTokenCount: usage.input + usage.output,
    };
    const chunk = (candidate: Record<string, unknown>): string =>
      frame({
        candidates: [{ index: 0, ...candidate }],
        usageMetadata: counts,
        modelVersion: model,
      });
    const content = (part: Record<string, unknown>): Record<string, unknown> => ({
      content: { role: 'model', parts: [part] },
    });
    return {
      start: [
        chunk(content({ text: 'Considering.', thought: true })),
        ...pieces.map((text) => chunk(content({ text }))),
      ],
      end: [chunk({ ...content({ text: '' }), finishReason: word ?? finishReasons[finish] })],
    };
  },
  errorBody: (error) => ({
    error: {
      code: error.status,
      message: error.message,
      status: error.type ?? statuses[error.status] ?? 'UNKNOWN',
      ...(error.details !== undefined && { details: error.details }),
    },
  }),
  errorFrame: (error) => frame(dialect.errorBody(error)),
};

/** Speaks Google's Generative Language. */
export function startGoogleServer(handler: Handler): Promise<LoopbackServer> {
  return startServer(dialect, handler);
}
