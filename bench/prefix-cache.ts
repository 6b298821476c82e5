import { setTimeout as sleep } from 'node:timers/promises';
import type { MessagePart } from '../src/models/language-model.ts';
import { startAnthropicServer } from '../tests/helpers/loopback/anthropic-server.ts';
import type { ReceivedRequest } from '../tests/helpers/loopback/server.ts';
import type { Measurement } from './measurement.ts';
import { openProgram } from './program.ts';
import { simulatedRequest, text } from './simulated-call.ts';

const critics = ['contracts', 'tests', 'security', 'performance', 'style'];
const candidates = 3;
/** A provider caches no shorter prefix, tokens. */
const leastTokens = 1_024;
/** How long a reply takes to begin, ms. */
const thinkingMs = 50;

interface Block {
  readonly text: string;
  readonly cache_control?: unknown;
}

/** Input of a fan-out of critics that is not read from the cache, over sending all of it anew. */
export async function prefixCache(): Promise<Measurement[]> {
  const known = new Set<string>();
  let all = 0;
  let uncached = 0;
  const server = await startAnthropicServer(async (request) => {
    const { prefixes, tokens } = marked(request);
    const cached = Math.max(
      0,
      ...prefixes.map((prefix) => (known.has(prefix.text) ? prefix.tokens : 0)),
    );
    all += tokens;
    uncached += tokens - cached;
    await sleep(thinkingMs);
    // The reply begins: from now on what it has read is in the cache.
    prefixes
      .filter((prefix) => prefix.tokens >= leastTokens)
      .forEach((prefix) => known.add(prefix.text));
    return { text: 'No finding.', usage: { input: tokens, cachedInput: cached, output: 3 } };
  });
  const program = await openProgram({
    ANTHROPIC_BASE_URL: server.url,
    ANTHROPIC_API_KEY: 'a-key-of-the-benchmark-0123456789',
    BLUEPRINT_ROLE_CRITIC: 'anthropic/claude-sonnet-5-5',
  });
  try {
    const model = program.router.model(program.router.decide('critic'));
    const fanOut = Array.from({ length: candidates }, (_, candidate) =>
      critics.map((charter) =>
        model.generate({
          ...simulatedRequest(0, 0),
          role: 'critic',
          parts: criticPrompt(`Candidate ${candidate}`, charter),
        }),
      ),
    );
    await Promise.all(fanOut.flat());
  } finally {
    await program.close();
    await server.close();
  }
  return [
    {
      what: `uncached input of ${critics.length} critics on ${candidates} candidates, over sending all anew`,
      measured: uncached / all,
      bar: 0.35,
    },
  ];
}

/** As the program lays prompts out: what all share, what some share, what differs. */
function criticPrompt(candidate: string, charter: string): MessagePart[] {
  return [
    { role: 'system', name: 'instructions', text: text(600), cache: true },
    { role: 'user', name: 'context', text: text(5_000), cache: true },
    { role: 'user', name: 'work', text: `${candidate}\n${text(2_500)}`, cache: true },
    { role: 'user', name: 'charter', text: `Judge ${charter} alone.\n${text(200)}` },
  ];
}

/** The prefixes that a request asks to have cached, and the tokens of all of it; four characters a token. */
function marked({ body }: ReceivedRequest): {
  prefixes: { text: string; tokens: number }[];
  tokens: number;
} {
  const system = (body['system'] ?? []) as readonly Block[];
  const messages = body['messages'] as readonly { readonly content: readonly Block[] }[];
  const blocks = [...system, ...messages.flatMap(({ content }) => content)];
  let before = '';
  const prefixes: { text: string; tokens: number }[] = [];
  for (const block of blocks) {
    before += `${block.text}\n`;
    if (block.cache_control !== undefined)
      prefixes.push({ text: before, tokens: Math.ceil(before.length / 4) });
  }
  return { prefixes, tokens: Math.ceil(before.length / 4) };
}
