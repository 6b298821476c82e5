import type { ResolvedProvider } from '../../config/resolved-config.ts';
import { InterruptedError, messageOf } from '../../domain/errors.ts';
import { untilAborted } from '../until-aborted.ts';
import { readErrorBody } from './http-errors.ts';
import { field, parsedJson } from './json-fields.ts';
import { modelError, shownUrl } from './model-error.ts';
import { ProviderError, type ErrorFacts } from './provider-error.ts';
import { clientOptions, type ClientOptions } from './sdk-call.ts';
import { readStart, send, type SendOptions } from './wire.ts';

/** A model as its provider's list tells of it. */
export interface ListedModel {
  readonly id: string;
  /** Null where the list does not tell. */
  readonly contextTokens: number | null;
}

export interface ListCall {
  readonly config: ResolvedProvider;
  readonly baseUrl: string;
  readonly signal: AbortSignal;
  readonly deadlineMs: number;
}

/** Asks for the models that a provider has. @throws ModelError with the fix */
export type Lister = (call: ListCall) => Promise<ListedModel[]>;

/** More than any provider's list has; what is longer is none. */
const longestList = 20_000_000;

/**
 * Asks one provider for its list, within the deadline and without a second try.
 * @param ask is given what a vendor's client is made with, and the signal for its calls
 * @throws ModelError with the fix, whatever went wrong at the provider
 * @throws InterruptedError when `call.signal` ended it
 */
export async function askForList(
  call: ListCall,
  ask: (options: ClientOptions, signal: AbortSignal) => Promise<ListedModel[]>,
): Promise<ListedModel[]> {
  const { config } = call;
  const baseUrl = call.baseUrl.replace(/\/+$/, '');
  const deadline = AbortSignal.timeout(call.deadlineMs);
  const signal = AbortSignal.any([call.signal, deadline]);
  let noted: ErrorFacts | null = null;
  const options = clientOptions(config, baseUrl, async (input, init) => {
    try {
      return await fetchJson(input, init, {
        keyless: config.apiKey === undefined,
        query: config.query,
      });
    } catch (error) {
      // SDKs wrap what their fetch throws, and keep of it only what they expect.
      if (error instanceof ProviderError) noted = error.facts;
      throw error;
    }
  });
  try {
    return await untilAborted(ask(options, signal), signal);
  } catch (error) {
    if (call.signal.aborted) throw new InterruptedError();
    const message = `no list of models within ${call.deadlineMs / 1000} s`;
    const facts = deadline.aborted
      ? { kind: 'timeout' as const, message }
      : (noted ?? factsOf(error));
    throw modelError(
      { config, model: config.name, baseUrl },
      { ...facts, ...fixFor(facts, baseUrl, config.name) },
    );
  }
}

/**
 * One request whose reply is to be a JSON document.
 * @throws ProviderError for anything else: no connection, an error status, a page, an error in a good status
 */
export async function fetchJson(
  input: Parameters<typeof fetch>[0],
  init: RequestInit | undefined,
  options: SendOptions,
): Promise<Response> {
  const { status, body } = await send(input, init, options);
  const text = body === null ? '' : await readStart(body, longestList);
  if (text.length > longestList) {
    const message = `the reply is longer than ${longestList} characters`;
    throw new ProviderError({ kind: 'malformed', message });
  }
  const value = parsedJson(text);
  if (value === undefined) {
    const message = `answered something else than JSON: ${text.slice(0, 200)}`;
    throw new ProviderError({ kind: 'unavailable', message });
  }
  if (field(value, 'error') !== undefined) throw new ProviderError(readErrorBody(value));
  return new Response(text, { status, headers: { 'content-type': 'application/json' } });
}

function factsOf(error: unknown): ErrorFacts {
  if (error instanceof ProviderError) return error.facts;
  const message = messageOf(error);
  return { kind: 'malformed', message: `its list cannot be read: ${message}` };
}

/** The usual advice speaks of models and roles; here the address alone is in question. */
function fixFor(facts: ErrorFacts, baseUrl: string, name: string): { fix?: string } {
  const { kind, status } = facts;
  const isAddress = kind === 'unavailable' || kind === 'malformed' || kind === 'timeout';
  const elsewhere = status !== undefined && (status < 400 || status === 404 || status === 405);
  if (!isAddress && !elsewhere) return {};
  return {
    fix: `Check providers.${name}.baseUrl (now ${shownUrl(baseUrl)}) and what answers there.`,
  };
}
