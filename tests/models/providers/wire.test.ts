import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { ProviderError } from '../../../src/models/providers/provider-error.ts';
import { openWire, type Wire } from '../../../src/models/providers/wire.ts';
import { failureOf, configOf, limits, requestOf, vendors } from './vendors.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const events = { eventsOf: () => null };
const wireOf = (more: Partial<Parameters<typeof openWire>[0]> = {}): Wire =>
  openWire({ alive: () => undefined, keyless: false, limits, events, ...more });

describe.each(vendors)('$name', (vendor) => {
  test('a key does not follow a redirect to another host', async () => {
    const reached: string[] = [];
    const other = await listen((request, response) => {
      reached.push(JSON.stringify(request.headers));
      response.end();
    });
    const url = await listen((_request, response) => {
      response.writeHead(307, { location: `${other}/elsewhere?token=secret` }).end();
    });
    const model = vendor.provider(configOf(vendor, url), limits).model(vendor.model);
    const failure = await failureOf(model.generate(requestOf()));
    expect(failure).toMatchObject({ kind: 'unavailable', status: 307 });
    expect(failure.message).toContain(`points on to ${other}/elsewhere, which is not followed`);
    expect(failure.message).not.toContain('secret');
    expect(reached).toEqual([]);
  });

  test('a status without a body is no reply', async () => {
    const url = await listen((_request, response) => {
      response.writeHead(204).end();
    });
    const model = vendor.provider(configOf(vendor, url), limits).model(vendor.model);
    expect((await failureOf(model.generate(requestOf()))).kind).toBe('malformed');
  });
});

test('passes events on, and is alive with each piece', async () => {
  const url = await listen((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('data: {"a": "ä');
    setImmediate(() => response.end('ö"}\n\n'));
  });
  let signs = 0;
  const wire = wireOf({ alive: () => signs++ });
  const response = await wire.fetch(url);
  expect(await response.text()).toBe('data: {"a":"äö"}\n\n');
  expect(signs).toBeGreaterThanOrEqual(2);
  expect(wire.error()).toBeNull();
});

test('reads an error that came as a text of status 200 by its content', async () => {
  const error = { type: 'insufficient_quota', message: `no money ${'.'.repeat(300)}` };
  const url = await listen((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.end(JSON.stringify({ error }));
  });
  const wire = wireOf();
  await expect((await wire.fetch(url)).text()).rejects.toThrow('no money');
  expect(wire.error()).toEqual({ codes: [error.type], message: error.message });
});

test('leaves out the headers that a server must not get', async () => {
  let got: string[] = [];
  const url = await listen((request, response) => {
    got = Object.keys(request.headers);
    response.end();
  });
  const headers = { authorization: 'Bearer x', 'x-stainless-os': 'Linux', accept: '*/*' };
  await wireOf({ headers: ['accept', 'authorization'] }).fetch(url, { headers });
  expect(got).toContain('authorization');
  expect(got).not.toContain('x-stainless-os');
  await wireOf({ keyless: true }).fetch(url, { headers });
  expect(got).not.toContain('authorization');
  expect(got).toContain('x-stainless-os');
});

test('a query of the base URL goes along with each request', async () => {
  let path: string | undefined;
  const url = await listen((request, response) => {
    path = request.url;
    response.end();
  });
  await wireOf({ query: 'api-version=1' }).fetch(`${url}/v1/chat`);
  expect(path).toBe('/v1/chat?api-version=1');
  await wireOf({ query: 'api-version=1' }).fetch(`${url}/v1/chat?alt=sse`);
  expect(path).toBe('/v1/chat?alt=sse&api-version=1');
});

test('keeps what broke the connection, whatever is thrown on top of it', async () => {
  const url = await listen((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('data: {"a":1}\n\n', () => response.socket?.resetAndDestroy());
  });
  const wire = wireOf();
  const response = await wire.fetch(url);
  await expect(response.text()).rejects.toThrow();
  expect(wire.error()).toMatchObject({ kind: 'network' });
});

test('throws what a bad status says', async () => {
  const url = await listen((_request, response) => {
    response.writeHead(429, { 'retry-after': '7' });
    response.end('{"error": {"code": "slow", "message": "Slow down."}}');
  });
  const wire = wireOf();
  const thrown: unknown = await wire.fetch(url).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(ProviderError);
  const fault = { status: 429, retryAfterMs: 7_000, codes: ['slow'], message: 'Slow down.' };
  expect(wire.error()).toEqual(fault);
});
