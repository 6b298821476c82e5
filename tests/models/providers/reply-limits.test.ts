import { afterEach, describe, expect, test } from 'vitest';
import type { LoopbackServer, Reply } from '../../helpers/loopback/server.ts';
import { configOf, failureOf, requestOf, vendors } from './vendors.ts';

const sse = { 'content-type': 'text/event-stream' };
const servers: LoopbackServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** Twenty megabytes, and then nothing more: only a limit ends the call. */
const megabyte = 'x'.repeat(1_000_000);
const endless: readonly { title: string; reply: Reply; maxReplyBytes?: number }[] = [
  { title: 'text', reply: { text: Array<string>(20).fill(megabyte), cut: 'hang' } },
  {
    title: 'one line',
    reply: {
      status: 200,
      headers: sse,
      chunks: ['data: "', ...Array<string>(20).fill(megabyte)],
      end: 'hang',
    },
  },
  {
    title: 'events without text',
    // The SDKs read events slowly.
    maxReplyBytes: 100_000,
    reply: {
      status: 200,
      headers: sse,
      chunks: Array<string>(20).fill(': wait\n\n'.repeat(125_000)),
      end: 'hang',
    },
  },
  {
    title: 'an error page',
    reply: {
      status: 500,
      headers: { 'content-type': 'text/html' },
      chunks: Array<string>(20).fill(megabyte),
      end: 'hang',
    },
  },
];

describe.each(vendors)('$name', (vendor) => {
  test.each(endless)(
    '20 MB of $title are not taken',
    async ({ title, reply, maxReplyBytes = 1_200_000 }) => {
      const server = await vendor.start(() => reply);
      servers.push(server);
      const model = vendor
        .provider(configOf(vendor, server.url), { maxReplyBytes })
        .model(vendor.model);
      let taken = 0;
      const failure = await failureOf(
        model.generate(requestOf({ onText: (delta) => (taken += delta.length) })),
      );
      if (title === 'an error page') {
        expect(failure).toMatchObject({ kind: 'overloaded', status: 500 });
      } else {
        expect(failure.kind).toBe('malformed');
        expect(failure.message).toContain(
          `longer than ${maxReplyBytes} bytes (calls.maxReplyBytes)`,
        );
        expect(failure.fix).toContain('raise calls.maxReplyBytes');
      }
      expect(failure.message.length).toBeLessThan(500);
      expect(failure.rawReply?.length ?? 0).toBeLessThanOrEqual(500_000);
      expect(taken).toBeLessThanOrEqual(maxReplyBytes);
      // The connection is given up, not read to its end.
      await server.idle();
    },
  );

  test('a reply of just the limit is taken', async () => {
    const text = 'ä'.repeat(500);
    const server = await vendor.start(() => ({ text: [text] }));
    servers.push(server);
    const model = (maxReplyBytes: number) =>
      vendor.provider(configOf(vendor, server.url), { maxReplyBytes }).model(vendor.model);
    // The last event of some vendors repeats the whole text, so the line is longer than the text.
    expect((await model(2_000).generate(requestOf())).text).toBe(text);
    expect((await failureOf(model(999).generate(requestOf()))).kind).toBe('malformed');
  });
});
