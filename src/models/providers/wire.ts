import { FaultError, type Fault } from './fault.ts';
import { connectionFault, readErrorBody, retryAfterMs } from './http-errors.ts';
import { shownUrl } from './model-fault.ts';
import { streamCounter, type ReplyLimits } from './reply-limits.ts';

const headLimit = 200;
const bodyLimit = 65_536;

/** What passed over one call's connection, below what an SDK shows. */
export interface Wire {
  readonly fetch: typeof fetch;
  /** What went wrong on it, if anything did: it explains whatever an SDK makes of that. */
  fault(): Fault | null;
  /** Set when the reply that came as a stream holds no event. */
  stray(): Fault | null;
}

/** What an error object says; `status` is that of the reply. */
export type ErrorReader = (body: unknown, status?: number) => Omit<Fault, 'status'>;

export interface WireOptions {
  /** Called for each piece of the reply, pings and comments too, which SDKs swallow. */
  readonly alive: () => void;
  /** The only request headers to send; all when absent. */
  readonly headers?: readonly string[] | undefined;
  /** Leave out the key that an SDK insists on. */
  readonly keyless: boolean;
  readonly limits: ReplyLimits;
  /** For a vendor whose errors hold more than the usual. */
  readonly readError?: ErrorReader | undefined;
}

/**
 * A `fetch` for an SDK that sees every byte and turns back what is no stream of events. SDKs keep of an
 * error only the shape that they expect; here it is read whole, in one way for all of them.
 */
export function openWire(options: WireOptions): Wire {
  const readError = options.readError ?? readErrorBody;
  const decoder = new TextDecoder();
  const count = streamCounter(options.limits);
  let head = '';
  let noted: Fault | null = null;
  const fail = (fault: Fault, cause?: unknown): never => {
    noted ??= fault;
    throw new FaultError(fault, cause);
  };
  const see = (chunk: Uint8Array): void => {
    options.alive();
    if (head.length < (isEvents(head) ? headLimit : bodyLimit))
      head += decoder.decode(chunk, { stream: true });
    count(chunk);
  };

  return {
    fault: () => noted,
    stray: () => (head.trim() === '' || isEvents(head) ? null : foreignFault(head, '', readError)),
    async fetch(input, init) {
      const headers = sentHeaders(init?.headers, options);
      // Node takes along all headers but one to another host: a key must not follow a redirect.
      const sent = fetch(input, { ...init, headers, redirect: 'manual' });
      const response = await sent.catch((error: unknown) => fail(connectionFault(error), error));
      options.alive();
      const { body } = response;
      if (!response.ok) fail(await badStatus(response, readError));
      if (body === null)
        return fail({ kind: 'malformed', codes: [], message: 'answered without a body' });
      const type = response.headers.get('content-type') ?? '';
      if (/\b(html|json)\b/i.test(type)) fail(foreignFault(await readStart(body), type, readError));
      const seen = watched(body, see, (error) => {
        noted ??= error instanceof FaultError ? error.fault : connectionFault(error);
      });
      return new Response(seen, response);
    },
  };
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

function sentHeaders(given: RequestInit['headers'], options: WireOptions): Headers {
  const headers = new Headers(given);
  for (const name of [...headers.keys()]) {
    if (options.headers !== undefined && !options.headers.includes(name)) headers.delete(name);
  }
  if (options.keyless) headers.delete('authorization');
  return headers;
}

async function badStatus(response: Response, readError: ErrorReader): Promise<Fault> {
  const { status, headers, body } = response;
  const moved = headers.get('location');
  if (status >= 300 && status < 400 && moved !== null) {
    const message = `the address points on to ${shownUrl(moved)}, which is not followed`;
    return { codes: [], message, status };
  }
  const text = body === null ? '' : await readStart(body);
  const said = readError(parsed(text) ?? text, status);
  return { retryAfterMs: retryAfterMs(headers), ...said, status };
}

async function readStart(body: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length >= bodyLimit) break;
  }
  return text;
}

/** An error object in a good status is classed by its content; a page comes from a wrong address. */
function foreignFault(text: string, type: string, readError: ErrorReader): Fault {
  const body = parsed(text);
  if (body === undefined) {
    const what = `answered ${type === '' ? 'text' : type} instead of a stream of events`;
    return { kind: 'unavailable', codes: [], message: `${what}: ${text.slice(0, headLimit)}` };
  }
  const candidate = Array.isArray(body) ? (body as unknown[])[0] : body;
  if (typeof candidate === 'object' && candidate !== null && 'error' in candidate)
    return readError(body);
  return {
    kind: 'malformed',
    codes: [],
    message: `answered JSON instead of a stream of events: ${text.slice(0, headLimit)}`,
    rawReply: text,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
