import { ProviderError, type ErrorFacts } from './provider-error.ts';
import { connectionError, readErrorBody, retryAfterMs } from './http-errors.ts';
import { parsedJson } from './json-fields.ts';
import { eventStream, foreignReply, type EventWays } from './event-stream.ts';
import { shownUrl } from './model-error.ts';
import { streamCounter, type ReplyLimits } from './reply-limits.ts';

const bodyLimit = 65_536;

/** What passed over one call's connection, below what an SDK shows. */
export interface Wire {
  readonly fetch: typeof fetch;
  /** What went wrong on it, if anything did: it explains whatever an SDK makes of that. */
  error(): ErrorFacts | null;
  /** Whether the server said that its stream is over, whatever its events say. */
  isDone(): boolean;
}

export interface SendOptions {
  /** The only request headers to send; all when absent. */
  readonly headers?: readonly string[] | undefined;
  /** Added to each address, as `api-version=1`. */
  readonly query?: string | undefined;
  /** Leave out the key that an SDK insists on. */
  readonly keyless: boolean;
}

export interface WireOptions extends SendOptions {
  /** Called for each piece of the reply, pings and comments too, which SDKs swallow. */
  readonly alive: () => void;
  readonly limits: ReplyLimits;
  readonly events: EventWays;
}

/**
 * A `fetch` for an SDK that sees every byte, gives it events in the form that it reads, and turns back what
 * is no reply. SDKs keep of an error only the shape that they expect; here it is read whole, in one way for
 * all of them.
 */
export function openWire(options: WireOptions): Wire {
  const countBytes = streamCounter(options.limits);
  let noted: ErrorFacts | null = null;
  let isDone = (): boolean => false;
  const note = (error: unknown): void => {
    noted ??= error instanceof ProviderError ? error.facts : connectionError(error);
  };
  const see = (chunk: Uint8Array): void => {
    options.alive();
    countBytes(chunk);
  };

  return {
    error: () => noted,
    isDone: () => isDone(),
    async fetch(input, init) {
      try {
        const response = await send(input, init, options);
        options.alive();
        const { body } = response;
        if (body === null)
          throw new ProviderError({ kind: 'malformed', message: 'answered without a body' });
        const type = response.headers.get('content-type') ?? '';
        if (/\bhtml\b/i.test(type))
          throw new ProviderError(foreignReply(await readStart(body, bodyLimit), type));
        const events = eventStream(watched(body, see, note), options.events);
        isDone = events.isDone;
        return new Response(
          watched(events.body, () => undefined, note),
          {
            status: response.status,
            headers: { 'content-type': 'text/event-stream' },
          },
        );
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
  const sent = fetch(withQuery(input, options.query), { ...init, headers, redirect: 'manual' });
  const response = await sent.catch((error: unknown) => {
    throw new ProviderError(connectionError(error), error);
  });
  if (!response.ok) throw new ProviderError(await badStatus(response));
  return response;
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

function withQuery(
  input: Parameters<typeof fetch>[0],
  query: string | undefined,
): Parameters<typeof fetch>[0] {
  if (query === undefined || input instanceof Request) return input;
  const url = new URL(input);
  for (const [name, value] of new URLSearchParams(query)) url.searchParams.set(name, value);
  return url;
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
