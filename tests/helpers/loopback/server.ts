import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A request as it came, and what every vendor's format says in its own way. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Record<string, unknown>;
  readonly model: string;
  /** All text of the prompt, system first, one part a line. */
  readonly prompt: string;
  readonly schema: Record<string, unknown> | null;
  /** Null where the format has no name for a schema. */
  readonly schemaName: string | null;
}

/** Tokens as the port counts them: `input` includes what was cached, `output` the reasoning. */
export interface ReplyUsage {
  readonly input: number;
  readonly cachedInput?: number;
  readonly cacheWrite?: number;
  readonly output: number;
  readonly reasoning?: number;
}

/** A reply in the vendor's format, streamed. */
export interface TextReply {
  /** The whole text, or the pieces that it is streamed in. */
  readonly text: string | readonly string[];
  readonly finish?: 'stop' | 'length' | 'refusal';
  /** Ends the reply in place of the vendor's own word for `finish`. */
  readonly word?: string;
  readonly usage?: ReplyUsage;
  /** The name that the server reports for the model; the one asked for by default. */
  readonly model?: string;
  /** Stop short of the end events: close cleanly, reset the connection, or send nothing more. */
  readonly cut?: 'end' | 'reset' | 'hang';
}

/** An error in the vendor's format. */
export interface ErrorReply {
  readonly error: {
    readonly status: number;
    readonly message: string;
    readonly type?: string;
    readonly code?: string | number;
    readonly details?: readonly unknown[];
    readonly headers?: Readonly<Record<string, string>>;
    /** As an event in a stream of HTTP 200. */
    readonly inStream?: boolean;
  };
}

/** Exactly these bytes. */
export interface ExactReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly chunks: readonly string[];
  readonly end?: 'end' | 'reset' | 'hang';
}

/** A string or `{json}` stands for a whole text reply. */
export type Reply = string | { readonly json: unknown } | TextReply | ErrorReply | ExactReply;
export type Handler = (request: ReceivedRequest) => Reply | Promise<Reply>;

export interface LoopbackServer {
  /** The base URL to configure, with what the vendor's SDK expects in it. */
  readonly url: string;
  readonly requests: readonly ReceivedRequest[];
  /** Resolves when every reply's connection is closed, from whichever side. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** How one vendor speaks. */
export interface Dialect {
  /** Appended to the server's origin. */
  readonly basePath: string;
  /** Null when the path is none of the vendor's. */
  read(
    path: string,
    body: Record<string, unknown>,
  ): Omit<ReceivedRequest, 'method' | 'path' | 'headers' | 'body'> | null;
  /** Why the vendor would reject the request, or null. */
  fault(body: Record<string, unknown>): string | null;
  frames(
    reply: Required<Omit<TextReply, 'cut' | 'text' | 'word'>> & {
      pieces: readonly string[];
      word: string | undefined;
    },
  ): {
    readonly start: readonly string[];
    readonly end: readonly string[];
  };
  errorBody(error: ErrorReply['error']): unknown;
  errorFrame(error: ErrorReply['error']): string;
}

export async function startServer(dialect: Dialect, handler: Handler): Promise<LoopbackServer> {
  const requests: ReceivedRequest[] = [];
  const sockets = new Set<Socket>();
  const open = new Set<Promise<void>>();
  const server = createServer((incoming, response) => {
    const done = new Promise<void>((resolve) => response.once('close', resolve));
    open.add(done);
    void done.then(() => open.delete(done));
    answer(dialect, handler, incoming, response, requests).catch((error: unknown) => {
      // A handler that throws fails the test through the reply, not the process.
      if (!response.headersSent) response.writeHead(500);
      response.end(`loopback handler: ${String(error)}`);
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${dialect.basePath}`,
    requests,
    async idle() {
      await Promise.all(open);
    },
    async close() {
      sockets.forEach((socket) => socket.destroy());
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function answer(
  dialect: Dialect,
  handler: Handler,
  incoming: IncomingMessage,
  response: ServerResponse,
  requests: ReceivedRequest[],
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>;
  const path = incoming.url ?? '';
  const read = dialect.read(path, body);
  const reject = (status: number, message: string): Promise<void> =>
    send(response, exact(dialect, { error: { status, message } }, ''));
  if (read === null) return reject(404, `loopback: no such path ${path}`);
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
  );
  const request = { method: incoming.method ?? '', path, headers, body, ...read };
  requests.push(request);
  const sampling = ['temperature', 'top_p', 'top_k', 'topP', 'topK'].find((name) => name in body);
  const fault = sampling === undefined ? dialect.fault(body) : `${sampling} is not supported`;
  if (fault !== null) return reject(400, `loopback: ${fault}`);
  return send(response, exact(dialect, await handler(request), request.model));
}

const stream = { 'content-type': 'text/event-stream; charset=utf-8' };

function exact(dialect: Dialect, reply: Reply, model: string): ExactReply {
  if (typeof reply === 'string') return exact(dialect, { text: reply }, model);
  if ('json' in reply) return exact(dialect, { text: JSON.stringify(reply.json) }, model);
  if ('chunks' in reply) return reply;
  if ('error' in reply) {
    const { error } = reply;
    if (error.inStream === true)
      return { status: 200, headers: stream, chunks: [dialect.errorFrame(error)] };
    const headers = { 'content-type': 'application/json', ...error.headers };
    return {
      status: error.status,
      headers,
      chunks: [JSON.stringify(dialect.errorBody(error))],
    };
  }
  const pieces = typeof reply.text === 'string' ? halves(reply.text) : reply.text;
  const frames = dialect.frames({
    pieces,
    finish: reply.finish ?? 'stop',
    word: reply.word,
    usage: reply.usage ?? { input: 20, output: 5 },
    model: reply.model ?? model,
  });
  return {
    status: 200,
    headers: stream,
    chunks: reply.cut === undefined ? [...frames.start, ...frames.end] : frames.start,
    end: reply.cut ?? 'end',
  };
}

function halves(text: string): string[] {
  const middle = Math.ceil(text.length / 2);
  return [text.slice(0, middle), text.slice(middle)].filter((piece) => piece !== '');
}

async function send(response: ServerResponse, reply: ExactReply): Promise<void> {
  response.writeHead(reply.status, { ...reply.headers });
  for (const chunk of reply.chunks) {
    if (response.destroyed) return;
    // Waiting for each write keeps pieces apart and lets a reset come after what was sent.
    await new Promise<void>((resolve) => response.write(chunk, () => resolve()));
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (reply.end === 'hang') return;
  if (reply.end === 'reset') response.socket?.resetAndDestroy();
  else response.end();
}

/** An SSE frame; with a name for vendors that name their events. */
export function frame(data: unknown, event?: string): string {
  const name = event === undefined ? '' : `event: ${event}\n`;
  return `${name}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
}
