import { createHash } from 'node:crypto';
import { estimateTokens } from '../../domain/text.ts';
import type { LanguageModel, ModelRequest } from '../language-model.ts';
import { untilAborted } from '../until-aborted.ts';
import type { Clock } from './clock.ts';

/** No provider caches a shorter prefix, tokens. */
const leastTokens = 1_024;
/** How long providers keep what was read at least, ms. */
const warmMs = 300_000;
/** A first call that is silent for longer holds nobody up any more, ms. */
const longestWaitMs = 30_000;

/**
 * Of calls that begin with the same words, one goes first; the others follow when its reply has begun, as
 * from then on they read its prefix from the provider's cache instead of paying for it in full. A prefix
 * ends with a part that is marked `cache`. Calls that share nothing wait for nobody.
 */
export function withWarmPrefix(model: LanguageModel, clock: Clock): LanguageModel {
  /** By prefix: the call that was sent first and has not begun to answer. */
  const leading = new Map<string, Promise<void>>();
  /** By prefix: until when it is in the provider's cache. */
  const warm = new Map<string, number>();

  const isWarm = (prefix: string): boolean => (warm.get(prefix) ?? 0) > clock.now();
  const begun = (prefixes: readonly string[]): void => {
    for (const [prefix, until] of warm) if (until <= clock.now()) warm.delete(prefix);
    for (const prefix of prefixes) warm.set(prefix, clock.now() + warmMs);
  };

  return {
    identity: model.identity,
    async generate(request) {
      const prefixes = prefixesOf(request);
      if (prefixes.length === 0) return model.generate(request);
      const deadline = clock.now() + longestWaitMs;
      for (;;) {
        const leader = prefixes.flatMap((prefix) => leading.get(prefix) ?? [])[0];
        const leftMs = deadline - clock.now();
        if (leader === undefined || leftMs <= 0) break;
        await waitFor(leader, leftMs, request, clock);
      }
      const cold = prefixes.filter((prefix) => !isWarm(prefix) && !leading.has(prefix));
      let go = (): void => undefined;
      const going = new Promise<void>((resolve) => (go = resolve));
      cold.forEach((prefix) => leading.set(prefix, going));
      const leave = (): void => {
        cold.forEach((prefix) => leading.get(prefix) === going && leading.delete(prefix));
        go();
      };
      let silent = true;
      const alive = (): void => {
        if (!silent) return;
        silent = false;
        begun(prefixes);
        leave();
      };
      try {
        return await model.generate({
          ...request,
          onText(delta) {
            alive();
            request.onText?.(delta);
          },
          onActivity() {
            alive();
            request.onActivity?.();
          },
        });
      } finally {
        // Whoever failed before it began leaves the lead to the next.
        leave();
      }
    },
  };
}

/** Hashes of the beginnings that are worth waiting for, the shortest first. */
function prefixesOf({ parts, schema }: ModelRequest): string[] {
  if (!parts.some(({ cache }) => cache === true)) return [];
  const prefixes: string[] = [];
  // Providers put the schema before the words.
  const hash = createHash('sha256').update(JSON.stringify(schema ?? null));
  let tokens = 0;
  for (const { role, text, cache } of parts) {
    hash.update(JSON.stringify([role, text]));
    tokens += estimateTokens(text);
    if (cache === true && tokens >= leastTokens) prefixes.push(hash.copy().digest('hex'));
  }
  return prefixes;
}

/** @throws InterruptedError when the signal ends the wait. */
async function waitFor(
  leader: Promise<void>,
  mostMs: number,
  { signal, onWait, onWaitEnd }: ModelRequest,
  clock: Clock,
): Promise<void> {
  let forget = (): void => undefined;
  const late = new Promise<void>((resolve) => {
    forget = clock.after(mostMs, resolve);
  });
  onWait?.();
  try {
    await untilAborted(Promise.race([leader, late]), signal);
  } finally {
    onWaitEnd?.();
    forget();
  }
}
