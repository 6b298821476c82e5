import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface JsonRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** A status and a body: text as it is, anything else as JSON. Null leaves the request without an answer. */
export type JsonReply = { readonly status?: number; readonly body: unknown } | null;

/** A server on loopback whose replies are single documents. */
export async function startJsonServer(answer: (request: JsonRequest) => JsonReply) {
  const requests: JsonRequest[] = [];
  const server = createServer((incoming, response) => {
    incoming.resume();
    const { method = '', url: path = '', headers } = incoming;
    const request = { method, path, headers };
    requests.push(request);
    const reply = answer(request);
    if (reply === null) return;
    const isText = typeof reply.body === 'string';
    response.writeHead(reply.status ?? 200, {
      'content-type': isText ? 'text/html' : 'application/json',
    });
    response.end(isText ? reply.body : JSON.stringify(reply.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests: requests as readonly JsonRequest[],
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
