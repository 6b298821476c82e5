import { ProviderError, type ErrorFacts } from './provider-error.ts';
import { connectionError, readErrorBody, retryAfterMs } from './http-errors.ts';
import { parsedJson } from './json-fields.ts';
import { shownUrl } from './model-error.ts';
import { streamCounter, type ReplyLimits } from './reply-limits.ts';

const headLimit = 200;
const bodyLimit = 65_536;

/** What passed over one call's connection, below what an SDK shows. */
export interface Wire {
  readonly fetch: typeof fetch;
  /** What went wrong on it, if anything did: it explains whatever an SDK makes of that. */
  error(): ErrorFacts | null;
  /** Set when the reply that came as a stream holds no event. */
  notEvents(): ErrorFacts | null;
}

export interface SendOptions {
  /** The only request headers to send; all when absent. */
  readonly headers?: readonly string[] | undefined;
  /** Leave out the key that an SDK insists on. */
  readonly keyless: boolean;
}

export interface WireOptions extends SendOptions {
  /** Called for each piece of the reply, pings and comments too, which SDKs swallow. */
  readonly alive: () => void;
  readonly limits: ReplyLimits;
}

/**
 * A `fetch` for an SDK that sees every byte and turns back what is no stream of events. SDKs keep of an
 * error only the shape that they expect; here it is read whole, in one way for all of them.
 */
export function openWire(options: WireOptions): Wire {
  const decoder = new TextDecoder();
  const countBytes = streamCounter(options.limits);
  let head = '';
  let noted: ErrorFacts | null = null;
  const note = (error: unknown): void => {
    noted ??= error instanceof ProviderError ? error.facts : connectionError(error);
  };
  const see = (chunk: Uint8Array): void => {
    options.alive();
    if (head.length < (isEvents(head) ? headLimit : bodyLimit))
      head += decoder.decode(chunk, { stream: true });
    countBytes(chunk);
  };

  return {
    error: () => noted,
    notEvents: () => (head.trim() === '' || isEvents(head) ? null : foreignReply(head, '')),
    async fetch(input, init) {
      try {
        const response = await send(input, init, options);
        options.alive();
        const { body } = response;
        if (body === null)
          throw new ProviderError({ kind: 'malformed', message: 'answered without a body' });
        const type = response.headers.get('content-type') ?? '';
        if (/\b(html|json)\b/i.test(type))
          throw new ProviderError(foreignReply(await readStart(body, bodyLimit), type));
        return new Response(watched(body, see, note), response);
      } catch (error) {
        note(error);
        throw error;
      }
    },
  };
}

/** @throws ProviderError where there is no connection, and for any status that is no success */
export async function send(
  input: Parameters<typeof fetch>[0],
  init: RequestInit | undefined,
  options: SendOptions,
): Promise<Response> {
  const headers = sentHeaders(init?.headers, options);
  // Node takes along all headers but one to another host: a key must not follow a redirect.
  const sent = fetch(input, { ...init, headers, redirect: 'manual' });
  const response = await sent.catch((error: unknown) => {
    throw new ProviderError(connectionError(error), error);
  });
  if (!response.ok) throw new ProviderError(await badStatus(response));
  return response;
}

function isEvents(head: string): boolean {
  return /^(data|event|id|retry)?:/m.test(head);
}

/** The same bytes; the connection ends with the first that `see` throws at. */
function watched(
  body: ReadableStream<Uint8Array>,
  see: (chunk: Uint8Array) => void,
  onError: (error: unknown) => void,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let left = false;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (left) return;
        if (done) return controller.close();
        see(value);
        controller.enqueue(value);
      } catch (error) {
        if (left) return;
        onError(error);
        controller.error(error);
        await reader.cancel(error).catch(() => undefined);
      }
    },
    cancel(reason) {
      left = true;
      return reader.cancel(reason);
    },
  });
}

function sentHeaders(given: RequestInit['headers'], options: SendOptions): Headers {
  const headers = new Headers(given);
  for (const name of [...headers.keys()]) {
    if (options.headers !== undefined && !options.headers.includes(name)) headers.delete(name);
  }
  if (options.keyless) headers.delete('authorization');
  return headers;
}

async function badStatus(response: Response): Promise<ErrorFacts> {
  const { status, headers, body } = response;
  const moved = headers.get('location');
  if (status >= 300 && status < 400 && moved !== null) {
    const message = `the address points on to ${shownUrl(moved)}, which is not followed`;
    return { message, status };
  }
  const text = body === null ? '' : await readStart(body, bodyLimit);
  const said = readErrorBody(parsedJson(text) ?? text);
  return { retryAfterMs: retryAfterMs(headers), ...said, status };
}

/** A body's text, or of a longer one so many characters and what came with the last. @throws ProviderError */
export async function readStart(body: ReadableStream<Uint8Array>, limit: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const chunk of body) {
      text += decoder.decode(chunk, { stream: true });
      if (text.length >= limit) break;
    }
  } catch (error) {
    throw new ProviderError(connectionError(error), error);
  }
  return text;
}

/** An error object in a good status is classed by its content; a page comes from a wrong address. */
function foreignReply(text: string, type: string): ErrorFacts {
  const body = parsedJson(text);
  if (body === undefined) {
    const what = `answered ${type === '' ? 'text' : type} instead of a stream of events`;
    return { kind: 'unavailable', message: `${what}: ${text.slice(0, headLimit)}` };
  }
  const candidate = Array.isArray(body) ? (body as unknown[])[0] : body;
  if (typeof candidate === 'object' && candidate !== null && 'error' in candidate)
    return readErrorBody(body);
  return {
    kind: 'malformed',
    message: `answered JSON instead of a stream of events: ${text.slice(0, headLimit)}`,
    rawReply: text,
  };
}
