import type { ResolvedProvider } from '../../config/resolved-config.ts';
import { InterruptedError } from '../../domain/errors.ts';
import { FaultError, type Fault } from './fault.ts';
import { connectionFault, field, readErrorBody } from './http-errors.ts';
import { modelError, shownUrl } from './model-fault.ts';

/** A model as its provider's list tells of it. */
export interface ListedModel {
  readonly id: string;
  /** Null where the list does not tell. */
  readonly contextTokens: number | null;
}

/** What a vendor's client is made with to ask for its list. */
export interface ListOptions {
  readonly apiKey: string;
  readonly baseURL: string;
  readonly maxRetries: 0;
  readonly logLevel: 'off';
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal;
}

type ErrorReader = (body: unknown, status?: number) => Omit<Fault, 'status'>;

export interface ListCall {
  readonly config: ResolvedProvider;
  readonly baseUrl: string;
  readonly signal: AbortSignal;
  readonly deadlineMs: number;
  /** For a vendor whose errors hold more than the usual. */
  readonly readError?: ErrorReader;
}

/** Asks for the models that a provider has. @throws ModelError with the fix */
export type Lister = (call: ListCall) => Promise<ListedModel[]>;

/** More than any provider's list has; what is longer is none. */
const longestList = 20_000_000;

/**
 * Asks one provider for its list, within the deadline and without a second try.
 * @throws ModelError with the fix, whatever went wrong at the provider
 * @throws InterruptedError when `call.signal` ended it
 */
export async function askForList(
  call: ListCall,
  ask: (options: ListOptions) => Promise<ListedModel[]>,
): Promise<ListedModel[]> {
  const { config } = call;
  const baseUrl = call.baseUrl.replace(/\/+$/, '');
  const deadline = AbortSignal.timeout(call.deadlineMs);
  const signal = AbortSignal.any([call.signal, deadline]);
  let noted: Fault | null = null;
  const asked = ask({
    apiKey: config.apiKey ?? 'none',
    baseURL: baseUrl,
    maxRetries: 0,
    logLevel: 'off',
    signal,
    async fetch(input, init) {
      try {
        return await fetchJson(input, withoutStandIn(init, config), call.readError);
      } catch (error) {
        // SDKs wrap what their fetch throws, and keep of it only what they expect.
        if (error instanceof FaultError) noted = error.fault;
        throw error;
      }
    },
  });
  try {
    return await raced(asked, signal);
  } catch (error) {
    if (call.signal.aborted) throw new InterruptedError();
    const fault = deadline.aborted ? silent(call.deadlineMs) : (noted ?? faultOf(error));
    throw modelError(
      { config, model: config.name, baseUrl },
      { ...fault, ...fixFor(fault, baseUrl, config.name) },
      '',
    );
  }
}

/** An SDK need not notice an abort at once; a deadline does not wait for that. */
async function raced<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  work.catch(() => undefined);
  let stop = (): void => undefined;
  const ended = new Promise<never>((_resolve, reject) => {
    stop = () => reject(new Error('ended'));
  });
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, ended]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/**
 * One request whose reply is to be a JSON document.
 * @throws FaultError for anything else: no connection, an error status, a page, an error in a good status
 */
export async function fetchJson(
  input: Parameters<typeof fetch>[0],
  init: RequestInit | undefined,
  readError: ErrorReader = readErrorBody,
): Promise<Response> {
  // A key must not follow a redirect to another host.
  const response = await fetch(input, { ...init, redirect: 'manual' }).catch((error: unknown) => {
    throw new FaultError(connectionFault(error), error);
  });
  const { status, headers } = response;
  const text = await bodyOf(response);
  const body = parsed(text);
  if (!response.ok) {
    const moved = headers.get('location');
    const said =
      status < 400 && moved !== null
        ? { codes: [], message: `the address points on to ${shownUrl(moved)}` }
        : readError(body ?? text, status);
    throw new FaultError({ ...said, status });
  }
  if (body === undefined) {
    const message = `answered something else than JSON: ${text.slice(0, 200)}`;
    throw new FaultError({ kind: 'unavailable', codes: [], message });
  }
  if (field(body, 'error') !== undefined) throw new FaultError(readError(body));
  return new Response(text, { status, headers: { 'content-type': 'application/json' } });
}

async function bodyOf(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      if (text.length > longestList) {
        const message = `the reply is longer than ${longestList} characters`;
        throw new FaultError({ kind: 'malformed', codes: [], message });
      }
    }
  } catch (error) {
    throw error instanceof FaultError ? error : new FaultError(connectionFault(error), error);
  }
  return text;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The key that an SDK insists on is not sent to a server that asks for none. */
function withoutStandIn(
  init: RequestInit | undefined,
  config: ResolvedProvider,
): RequestInit | undefined {
  if (config.apiKey !== undefined) return init;
  const headers = new Headers(init?.headers);
  headers.delete('authorization');
  return { ...init, headers };
}

function faultOf(error: unknown): Fault {
  if (error instanceof FaultError) return error.fault;
  const message = error instanceof Error ? error.message : String(error);
  return { kind: 'malformed', codes: [], message: `its list cannot be read: ${message}` };
}

function silent(deadlineMs: number): Fault {
  const message = `no list of models within ${deadlineMs / 1000} s`;
  return { kind: 'timeout', codes: [], message };
}

/** The usual advice speaks of models and roles; here the address alone is in question. */
function fixFor(fault: Fault, baseUrl: string, name: string): { fix?: string } {
  const { status } = fault;
  const isAddress =
    fault.kind === 'unavailable' || fault.kind === 'malformed' || fault.kind === 'timeout';
  const elsewhere = status !== undefined && (status < 400 || status === 404 || status === 405);
  if (!isAddress && !elsewhere) return {};
  return {
    fix: `Check providers.${name}.baseUrl (now ${shownUrl(baseUrl)}) and what answers there.`,
  };
}
