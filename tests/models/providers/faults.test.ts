import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { formatted } from '../../../scripts/format.js';
import { partsOf } from '../../../src/compose/parts.ts';
import { diagnosticText } from '../../../src/cli/report-error.ts';
import { loadConfig } from '../../../src/config/load-config.ts';
import type { RunEventBody } from '../../../src/domain/event.ts';
import { createRedactor, secretsOf } from '../../../src/text/redact.ts';
import type { ModelError } from '../../../src/domain/model-error.ts';
import { generateObject } from '../../../src/models/generate-object.ts';
import { startChatServer } from '../../helpers/loopback/chat-server.ts';
import type { Handler } from '../../helpers/loopback/server.ts';
import { breakdowns, rejections, replies, type FaultCase, type VendorName } from './fault-cases.ts';
import { failureOf, key, requestOf, vendors, type VendorUnderTest } from './vendors.ts';

/**
 * Each fault through the program as it is composed: config, router, all that stands around a model, the
 * vendor's adapter and SDK, HTTP. What comes of it is written down in docs/faults.md; `vitest -u` writes
 * the page anew.
 */
interface Outcome {
  readonly failure: ModelError;
  readonly calls: number;
  readonly nextAsked: boolean;
  readonly events: readonly RunEventBody[];
  readonly stored: readonly string[];
  readonly url: string;
}

const closing: (() => Promise<unknown>)[] = [];
afterAll(() => Promise.all(closing.map((close) => close())));

function handlerOf({ reply }: FaultCase, vendor: VendorUnderTest): Handler {
  if (reply === 'silence') return () => new Promise(() => undefined);
  if (reply === 'closed') throw new Error('Nobody listens there');
  if (typeof reply === 'object' && 'each' in reply) {
    const own = reply.each[vendor.name as VendorName];
    return () => own;
  }
  return () => reply;
}

/**
 * Nobody listens there, and no other test's server can come to: the port is the near end of a connection
 * that stays open.
 */
async function closedPort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
  closing.push(async () => {
    socket.destroy();
    server.close();
    await once(server, 'close');
  });
  return `http://127.0.0.1:${socket.localPort ?? 0}`;
}

/** The composed program's model for the role `coder`, of one model or with another one to fall back on. */
async function run(vendor: VendorUnderTest, fault: FaultCase, backup: string | null) {
  const server = fault.reply === 'closed' ? null : await vendor.start(handlerOf(fault, vendor));
  const url = server?.url ?? (await closedPort());
  const root = await mkdtemp(join(tmpdir(), 'blueprint-faults-'));
  closing.push(() => rm(root, { recursive: true, force: true }));
  if (server !== null) closing.push(() => server.close());
  const written = {
    roles: {
      coder: [`${vendor.name}/${vendor.model}`, ...(backup === null ? [] : ['backup/other'])],
    },
    providers: {
      [vendor.name]: { baseUrl: url },
      ...(backup !== null && { backup: { baseUrl: backup, keyless: true } }),
    },
    calls: { retries: 1, ...fault.limits },
  };
  await writeFile(join(root, 'blueprint.config.json'), JSON.stringify(written));
  const env = { [vendor.variable]: key };
  const now = (): Date => new Date();
  const { signal } = new AbortController();
  const config = await loadConfig({ cwd: root, env, flags: { trust: true } });
  const place = { featuresDir: config.featuresDir, displayRoot: root };
  const events: RunEventBody[] = [];
  const parts = partsOf(
    {
      env,
      now,
      redactor: createRedactor(secretsOf(env, [vendor.variable])),
      recordReplay: { recording: null, replay: null },
    },
    { name: 'shop', place, config, run: 'r', emit: (event) => events.push(event), signal },
  );
  const router = await parts.router();
  const asked = generateObject(
    router.model(router.decide('coder')),
    requestOf(),
    'plan',
    z.strictObject({ name: z.string() }),
  );
  const calls = (): number => server?.requests.length ?? 0;
  const stored = async (): Promise<string[]> =>
    (await readdir(join(config.featuresDir, 'shop/calls')).catch(() => [])).filter((name) =>
      /^[0-9a-f]+\.json$/.test(name),
    );
  return { asked, calls, events, stored, url };
}

async function suffer(vendor: VendorUnderTest, fault: FaultCase): Promise<Outcome> {
  const backup = await startChatServer(() => ({ json: { name: 'from the next' } }));
  closing.push(() => backup.close());
  const withNext = async (): Promise<void> => {
    const { asked } = await run(vendor, fault, backup.url);
    const answer = await asked.catch((error: unknown) => error);
    if (backup.requests.length > 0)
      expect(answer).toMatchObject({ object: { name: 'from the next' } });
    else expect(answer).toBeInstanceOf(Error);
  };
  const alone = async () => {
    const { asked, calls, events, stored, url } = await run(vendor, fault, null);
    const failure = await failureOf(asked);
    return { failure, events, url, calls: calls(), stored: await stored() };
  };
  const [outcome] = await Promise.all([alone(), withNext()]);
  return { ...outcome, nextAsked: backup.requests.length > 0 };
}

const outcomes = new Map<string, Promise<Outcome>>();
function outcomeOf(vendor: VendorUnderTest, fault: FaultCase): Promise<Outcome> {
  const name = `${vendor.name} ${fault.title}`;
  const outcome = outcomes.get(name) ?? suffer(vendor, fault);
  outcomes.set(name, outcome);
  return outcome;
}

const groups = [
  { title: 'The provider rejects the call', cases: rejections },
  { title: 'The connection or the stream breaks', cases: breakdowns },
  { title: 'The reply is of no use', cases: replies },
];

describe.each(vendors)('$name', (vendor) => {
  describe.concurrent.each(groups)('$title', ({ cases }) => {
    test.each(cases)('$title → $kind', async (fault) => {
      const { failure, calls, nextAsked, events, stored } = await outcomeOf(vendor, fault);
      expect(failure.kind, failure.message).toBe(fault.kind);
      expect(failure.exitCode).toBe(5);
      const shown = diagnosticText(failure.toJSON());
      expect(shown).toContain(`${vendor.name}/${vendor.model}`);
      expect(shown).toMatch(/^ {2}fix: \w/m);
      expect(shown + JSON.stringify(failure)).not.toContain(key);
      const expected = fault.calls ?? (failure.retryHelps ? 2 : 1);
      if (fault.reply !== 'closed') expect(calls).toBe(expected);
      expect(nextAsked).toBe(fault.answered !== true && failure.fallbackHelps);
      // What went wrong is in the journal, once for each call, and nothing of it counts as paid for.
      const fails = events.filter((event) => event.type === 'call-fail');
      expect(fails).toHaveLength(fault.answered === true ? 0 : expected);
      expect(events.filter(({ type }) => type === 'call-start')).toHaveLength(expected);
      expect(stored).toEqual([]);
      for (const event of fails) {
        expect(event.kind).toBe(fault.kind);
        if (fault.paid === true) expect(event.usage?.input).toBeGreaterThan(0);
      }
    });
  });
});

test('docs/faults.md shows what the user sees', async () => {
  const parts: string[] = [introduction];
  for (const { title, cases } of groups) {
    const rows: string[] = [];
    const words: string[] = [];
    for (const fault of cases) {
      const seen = await Promise.all(
        vendors.map(async (vendor) => ({ vendor, ...(await outcomeOf(vendor, fault)) })),
      );
      const cells = seen.map(({ failure, calls, nextAsked }) =>
        [
          `\`${failure.kind}\``,
          fault.answered === true ? 'asked to correct it' : calls === 1 ? 'at once' : 'retried',
          nextAsked ? 'next model' : 'stops',
        ].join(', '),
      );
      rows.push(`| ${[fault.title, ...cells].join(' | ')} |`);
      const shown = seen.map(({ failure, url }) =>
        diagnosticText(failure.toJSON())
          .replaceAll(new URL(url).host, '127.0.0.1:PORT')
          .replaceAll('<', '‹')
          .replaceAll('>', '›'),
      );
      words.push(`### ${fault.title}\n\n\`\`\`text\n${shown.join('\n')}\n\`\`\``);
    }
    const names = vendors.map(({ name }) => (name === 'groq' ? 'OpenAI-compatible' : name));
    parts.push(
      `## ${title}\n\n| fault | ${names.join(' | ')} |\n|${' --- |'.repeat(names.length + 1)}`,
      rows.join('\n'),
      words.join('\n\n'),
    );
  }
  const page = parts.map((part) => (part.startsWith('|') ? part : `\n${part}`)).join('\n');
  await expect(await formatted('faults.md', page)).toMatchFileSnapshot('../../../docs/faults.md');
});

const introduction = `# Faults of providers

What blueprint does, and what it prints, when a provider fails. The page is written by a test
(\`tests/models/providers/faults.test.ts\`), which sends each fault over HTTP, in the vendor's own format,
through the vendor's SDK and the whole program, and which fails when this page is no longer true.

The tables say, for each fault: the kind that the provider's adapter makes of it; whether the same model is
asked again (\`retried\`, up to \`calls.retries\` times, after the wait that the provider asks for or a random
one); and, when that did not help, whether the role's \`next model\` is asked or the work on the task
\`stops\`. The texts are what is printed when there is no next model. The exit code is then 5, nothing of a
failed call is kept as paid work, the journal holds each attempt with its tokens, and the same command goes
on later. Deadlines are shortened to 0.3 s here. OpenAI-compatible servers are shown by \`groq\`.

A reply that came whole may still be too much to be worked on: more than 20 million characters, 5,000 edits, 20,000
files and commands, or 60,000 values in JSON, or blocks whose ends cannot be found. It is refused at once, is not shown
to the model again, and ends as \`model-reply-too-large\`, which names the bound; the work on the task goes on with a new
attempt, as after a reply that could not be used twice.`;
