import type { Fault } from './fault.ts';
import { readErrorBody } from './http-errors.ts';

/** The longest that a timer takes, 24 days: deadlines are a middleware's. */
export const noDeadlineMs = 2 ** 31 - 1;

const headLimit = 200;
const bodyLimit = 65_536;

/** What passed over one call's connection, below what an SDK shows. */
export interface Wire {
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
  /** Set when the reply that came as a stream holds no event. */
  stray(): Fault | null;
  /** Set when a good status carried something else than a stream. */
  foreign(): Fault | null;
  /** The body of a bad status, of which SDKs keep only the shape that they expect. */
  errorBody(): unknown;
}

export interface WireOptions {
  /** Called for each piece of the reply, pings and comments too, which SDKs swallow. */
  readonly alive: () => void;
  /** The only request headers to send; all when absent. */
  readonly headers?: readonly string[];
  /** Leave out the key that an SDK insists on. */
  readonly keyless: boolean;
}

/** A `fetch` for an SDK that sees every byte and turns back replies which are not streams. */
export function openWire(options: WireOptions): Wire {
  let head = '';
  let foreign: Fault | null = null;
  let errorBody: unknown;
  const decoder = new TextDecoder();
  const see = (chunk: Uint8Array): void => {
    if (head.length < headLimit)
      head = (head + decoder.decode(chunk, { stream: true })).slice(0, headLimit);
    options.alive();
  };

  return {
    stray() {
      if (head.trim() === '' || /^(data|event|id|retry)?:/m.test(head)) return null;
      return { kind: 'unavailable', codes: [], message: `answered no events but: ${head}` };
    },
    foreign: () => foreign,
    errorBody: () => errorBody,
    async fetch(input, init) {
      const response = await fetch(input, {
        ...init,
        headers: sentHeaders(init?.headers, options),
      });
      options.alive();
      if (response.body === null) return response;
      if (!response.ok) {
        const text = await readStart(response.body);
        errorBody = parsed(text) ?? text;
        return new Response(text, response);
      }
      const type = response.headers.get('content-type') ?? '';
      if (/\b(html|json)\b/i.test(type)) {
        foreign = foreignFault(await readStart(response.body), type);
        throw new Error('The reply is not a stream');
      }
      const seen = response.body.pipeThrough(
        new TransformStream<Uint8Array, Uint8Array>({
          transform(chunk, controller) {
            see(chunk);
            controller.enqueue(chunk);
          },
        }),
      );
      return new Response(seen, response);
    },
  };
}

function sentHeaders(given: RequestInit['headers'], options: WireOptions): Headers {
  const headers = new Headers(given);
  for (const name of [...headers.keys()]) {
    if (options.headers !== undefined && !options.headers.includes(name)) headers.delete(name);
  }
  if (options.keyless) headers.delete('authorization');
  return headers;
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
function foreignFault(text: string, type: string): Fault {
  const body = parsed(text);
  if (body === undefined) {
    return {
      kind: 'unavailable',
      codes: [],
      message: `answered ${type} instead of a stream: ${text.slice(0, headLimit)}`,
    };
  }
  const candidate = Array.isArray(body) ? (body as unknown[])[0] : body;
  if (typeof candidate === 'object' && candidate !== null && 'error' in candidate) {
    return readErrorBody(body);
  }
  return {
    kind: 'malformed',
    codes: [],
    message: `answered JSON instead of a stream: ${text.slice(0, headLimit)}`,
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
