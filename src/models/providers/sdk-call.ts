import type { ResolvedProvider } from '../../config/resolved-config.ts';
import type { Call, StreamEnd } from './call.ts';
import { readErrorBody } from './http-errors.ts';
import { field } from './json-fields.ts';
import { ProviderError, type ErrorFacts } from './provider-error.ts';
import type { EventWays } from './event-stream.ts';
import { openWire } from './wire.ts';

/** The longest that a timer takes, 24 days: deadlines are a middleware's. */
const noDeadlineMs = 2 ** 31 - 1;

/** What the vendors' clients are made with: no retries, deadline or log of their own. */
export function clientOptions(config: ResolvedProvider, baseURL: string, own: typeof fetch) {
  return {
    apiKey: config.apiKey ?? 'none',
    baseURL,
    maxRetries: 0,
    timeout: noDeadlineMs,
    logLevel: 'off',
    fetch: own,
  } as const;
}
export type ClientOptions = ReturnType<typeof clientOptions>;

/** How a vendor differs from the others, below its SDK. */
export interface SdkWays {
  /** The only request headers to send; all when absent. */
  readonly headers?: readonly string[];
  readonly events: EventWays;
  /** What the SDK threw about the events of a stream; null for what is not the SDK's. */
  readonly readThrown?: (error: unknown) => ErrorFacts | null;
}

/**
 * One call through an SDK, over a connection that is watched from below: what happened there is read from
 * there, whatever the SDK threw about it.
 * @throws ProviderError for all that is the provider's; anything else as it is
 */
export async function throughSdk(
  config: ResolvedProvider,
  call: Call,
  ways: SdkWays,
  run: (options: ClientOptions) => Promise<StreamEnd>,
): Promise<StreamEnd> {
  const wire = openWire({
    alive: call.alive,
    keyless: config.apiKey === undefined,
    limits: call.limits,
    headers: ways.headers,
    query: config.query,
    events: ways.events,
  });
  try {
    const end = await run(clientOptions(config, call.baseUrl, wire.fetch));
    // An SDK that swallows what it read leaves the fault below it.
    const fault = end.finishReason === null ? wire.error() : null;
    if (fault !== null) throw new ProviderError(fault);
    if (end.finishReason !== null || !wire.isDone()) return end;
    const warning = 'The server did not say why the reply ended; its stream was whole.';
    return { ...end, finishReason: 'stop', warnings: [...(end.warnings ?? []), warning] };
  } catch (error) {
    if (error instanceof ProviderError) throw error;
    const thrown = (ways.readThrown ?? errorEvent)(error);
    const facts = wire.error() ?? thrown;
    throw facts === null ? error : new ProviderError(facts, error);
  }
}

/** The SDKs of Anthropic and OpenAI throw an error event with what it held in `error`. */
function errorEvent(thrown: unknown): ErrorFacts | null {
  const held = thrown instanceof Error ? field(thrown, 'error') : undefined;
  return held === undefined ? null : readErrorBody(held);
}
