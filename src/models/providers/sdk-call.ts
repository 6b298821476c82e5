import type { ResolvedProvider } from '../../config/resolved-config.ts';
import type { Call, StreamEnd } from './call.ts';
import { FaultError, type Fault } from './fault.ts';
import { field, readErrorBody } from './http-errors.ts';
import { openWire, type ErrorReader } from './wire.ts';

/** The longest that a timer takes, 24 days: deadlines are a middleware's. */
const noDeadlineMs = 2 ** 31 - 1;

/** What the vendors' clients are made with: no retries, deadline or log of their own. */
export interface ClientOptions {
  readonly apiKey: string;
  readonly baseURL: string;
  readonly maxRetries: 0;
  readonly timeout: number;
  readonly logLevel: 'off';
  readonly fetch: typeof fetch;
}

/** How a vendor differs from the others, below its SDK. */
export interface SdkWays {
  /** The only request headers to send; all when absent. */
  readonly headers?: readonly string[];
  /** For a vendor whose errors hold more than the usual. */
  readonly readError?: ErrorReader;
  /** What the SDK threw about the events of a stream; null for what is not the SDK's. */
  readonly readThrown?: (error: unknown) => Fault | null;
}

/**
 * One call through an SDK, over a connection that is watched from below: what happened there is read from
 * there, whatever the SDK threw about it.
 * @throws FaultError for all that is the provider's; anything else as it is
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
    readError: ways.readError,
  });
  try {
    const end = await run({
      apiKey: config.apiKey ?? 'none',
      baseURL: call.baseUrl,
      maxRetries: 0,
      timeout: noDeadlineMs,
      logLevel: 'off',
      fetch: wire.fetch,
    });
    const stray = end.finishReason === null ? wire.stray() : null;
    if (stray !== null) throw new FaultError(stray);
    return end;
  } catch (error) {
    if (error instanceof FaultError) throw error;
    const thrown = (ways.readThrown ?? errorEvent)(error);
    const fault = wire.fault() ?? (thrown === null ? null : (wire.stray() ?? thrown));
    throw fault === null ? error : new FaultError(fault, error);
  }
}

/** The SDKs of Anthropic and OpenAI throw an error event with what it held in `error`. */
function errorEvent(thrown: unknown): Fault | null {
  const held = thrown instanceof Error ? field(thrown, 'error') : undefined;
  return held === undefined ? null : readErrorBody(held);
}
