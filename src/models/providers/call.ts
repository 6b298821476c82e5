import type { ResolvedProvider } from '../../config/resolved-config.ts';
import { InterruptedError, throwIfAborted } from '../../domain/errors.ts';
import { formatModelRef } from '../../domain/model-role.ts';
import type { Usage } from '../../domain/usage.ts';
import type {
  LanguageModel,
  ModelIdentity,
  ModelProvider,
  ModelRequest,
  ModelResult,
} from '../language-model.ts';
import { untilAborted } from '../until-aborted.ts';
import { isWholeJson } from '../../text/json-reply.ts';
import type { ReplyEnd } from './finish-reason.ts';
import { connectionError, isConnectionError } from './http-errors.ts';
import { modelError, shownUrl, type ErrorContext } from './model-error.ts';
import { arrangePrompt, type Prompt } from './prompt.ts';
import { ProviderError, type ErrorFacts } from './provider-error.ts';
import { createRefusals, isNothingThere, otherWay, type Refusals } from './refusals.ts';
import { completed } from './reply-usage.ts';
import { textCounter, type ReplyLimits } from './reply-limits.ts';
import { inWays, usualWays, type Ways } from './ways.ts';

/** One call as an adapter sees it. */
export interface Call {
  readonly request: ModelRequest;
  readonly prompt: Prompt;
  readonly ways: Ways;
  /** Ends with the request's signal, and when the call is over. */
  readonly signal: AbortSignal;
  /** The base URL, without a slash at its end. */
  readonly baseUrl: string;
  readonly limits: ReplyLimits;
  readonly text: (delta: string) => void;
  readonly alive: () => void;
}

/** How a stream ended. */
export interface StreamEnd {
  /** Null when it stopped before the provider said that it was whole. */
  readonly finishReason: ReplyEnd | null;
  readonly rawFinishReason: string | null;
  /** Null when the provider reported none. */
  readonly usage: Usage | null;
  readonly servedBy: string | null;
  /** Why the provider refused, in its own words. */
  readonly refusal?: string;
  /** The whole reply, where it is not what was streamed. */
  readonly text?: string;
  readonly warnings?: readonly string[];
}

/** What is missing before a provider can be asked. */
export type Missing = NonNullable<ReturnType<ModelProvider['unavailable']>>;

/** What a vendor's adapter adds to what all share. */
export interface Vendor {
  /** Absent where there is none: for a program. */
  readonly baseUrl?: string | undefined;
  /** How its errors speak of it, where other than of a server. */
  readonly errors?: ErrorContext['own'];
  /** For what needs something else than an address and a key. */
  readonly missing?: () => Missing | null;
  /** The error when something is missing. */
  readonly whenMissing?: Pick<ErrorFacts, 'kind' | 'fix'>;
  /** It ends by itself when its signal does, and is waited for. */
  readonly endsWithSignal?: true;
  family(model: string): string;
  /** Streams one reply. @throws ProviderError for all that its SDK throws */
  stream(model: string, call: Call): Promise<StreamEnd>;
}

/** A provider on top of a vendor's adapter. */
export function vendorProvider(
  config: ResolvedProvider,
  limits: ReplyLimits,
  vendor: Vendor,
): ModelProvider {
  const refusals = createRefusals(usualWays(config));
  return {
    name: config.name,
    unavailable: () => missingFor(config, vendor),
    model(id): LanguageModel {
      const identity: ModelIdentity = {
        ref: { provider: config.name, model: id },
        family: vendor.family(id),
      };
      return {
        identity,
        generate: (request) => generate({ config, limits, vendor, identity, refusals }, request),
      };
    },
  };
}

function missingFor(
  { name, keyless, apiKey, keyFault, keyVariables }: ResolvedProvider,
  { missing, baseUrl }: Vendor,
): Missing | null {
  if (missing !== undefined) return missing();
  if (baseUrl === undefined)
    return { reason: `providers.${name}.baseUrl is not set`, variables: [] };
  if (keyless || (apiKey ?? '').trim() !== '') return null;
  if (keyFault !== undefined) return { reason: keyFault, variables: keyVariables };
  const variables = keyVariables.join(' or ') || `providers.${name}.apiKeyEnv`;
  return { reason: `${variables} is not set`, variables: keyVariables };
}

interface Asked {
  readonly config: ResolvedProvider;
  readonly limits: ReplyLimits;
  readonly vendor: Vendor;
  readonly identity: ModelIdentity;
  readonly refusals: Refusals;
}

async function generate(asked: Asked, request: ModelRequest): Promise<ModelResult> {
  const { config, limits, vendor, identity, refusals } = asked;
  throwIfAborted(request.signal);
  const baseUrl = (vendor.baseUrl ?? '').replace(/\/+$/, '');
  const context: ErrorContext = {
    config,
    model: formatModelRef(identity.ref),
    baseUrl,
    own: vendor.errors,
  };
  const missing = missingFor(config, vendor);
  if (missing !== null)
    throw modelError(context, { kind: 'auth', ...vendor.whenMissing, message: missing.reason });
  // Node quotes a header's value when it cannot be sent, and with it the key.
  if (vendor.baseUrl !== undefined && !/^[\x21-\x7e]*$/.test(config.apiKey ?? '')) {
    const message = 'the key holds blanks or characters that cannot be sent';
    throw modelError(context, { kind: 'auth', message });
  }
  const prompt = arrangePrompt(request.parts);
  if (prompt === null) throw modelError(context, { kind: 'bad_request', message: 'empty prompt' });

  let text = '';
  const countText = textCounter(limits);
  const over = new AbortController();
  // A signal of this call alone: one that many calls listen on makes Node warn of a leak.
  const signal = AbortSignal.any([request.signal, over.signal]);
  const { model } = identity.ref;
  const rest = {
    limits,
    signal,
    text(delta: string) {
      if (signal.aborted || delta === '') return;
      countText(delta);
      text += delta;
      request.onText?.(delta);
    },
    alive() {
      if (!signal.aborted) request.onActivity?.();
    },
  };
  const streamIn = async (ways: Ways): Promise<StreamEnd> => {
    const question = inWays({ request, prompt }, ways);
    try {
      const address = `${baseUrl}${ways.below}`;
      return await vendor.stream(model, { ...question, ...rest, baseUrl: address, ways });
    } catch (error) {
      if (!(error instanceof ProviderError) || text !== '' || signal.aborted) throw error;
      const lower = lacksVersion(config, baseUrl, ways) && isNothingThere(error.facts);
      const found = lower ? await belowVersion(ways) : null;
      if (found !== null) return found;
      const other = otherWay(error.facts, ways, question);
      if (other === null) throw error;
      if (other.ways.api === ways.api) {
        if (other.lasting) refusals.note(model, other.ways);
        return streamIn(other.ways);
      }
      const end = await streamIn(other.ways).catch((second: unknown) => {
        // Where there is neither interface, what the first said is the news.
        throw second instanceof ProviderError && isNothingThere(second.facts) ? error : second;
      });
      refusals.note(model, { ...refusals.waysOf(model), api: other.ways.api });
      return end;
    }
  };
  /** Below `/v1`, and from then on; null where there is nothing either. */
  const belowVersion = async (ways: Ways): Promise<StreamEnd | null> => {
    try {
      const end = await streamIn({ ...ways, below: '/v1' });
      refusals.note(model, { ...refusals.waysOf(model), below: '/v1' });
      const address = `${shownUrl(baseUrl).replace(/\/$/, '')}/v1`;
      const warning = `${config.name} answers below /v1: set providers.${config.name}.baseUrl to ${address}.`;
      return { ...end, warnings: [...(end.warnings ?? []), warning] };
    } catch (error) {
      if (error instanceof ProviderError && isNothingThere(error.facts)) return null;
      throw error;
    }
  };
  const stream = streamIn(refusals.waysOf(model));
  try {
    const end = await (vendor.endsWithSignal === true ? stream : untilAborted(stream, signal));
    throwIfAborted(request.signal);
    return judged(end, text, identity, prompt, request);
  } catch (error) {
    if (error instanceof InterruptedError || request.signal.aborted) throw new InterruptedError();
    const facts = factsOf(error);
    if (facts === null) throw error;
    const cause = error instanceof ProviderError ? error.cause : error;
    // What was written before a connection broke is charged for, though nobody says how much it was.
    const usage = facts.usage ?? (text === '' ? undefined : completed(null, prompt, text).usage);
    throw modelError(context, { ...facts, usage }, text, cause);
  } finally {
    over.abort();
  }
}

/** Whether a server that speaks as OpenAI's is addressed without the version that its paths begin with. */
function lacksVersion({ kind }: ResolvedProvider, baseUrl: string, ways: Ways): boolean {
  return kind.startsWith('openai') && ways.below === '' && shownUrl(baseUrl).endsWith('/');
}

function factsOf(error: unknown): ErrorFacts | null {
  if (error instanceof ProviderError) return error.facts;
  if (error instanceof SyntaxError)
    return { kind: 'malformed', message: 'the stream holds an event that is not JSON' };
  return isConnectionError(error) ? connectionError(error) : null;
}

/** A whole, usable text. @throws ProviderError where there is none */
function judged(
  end: StreamEnd,
  streamed: string,
  identity: ModelIdentity,
  prompt: Prompt,
  { schema }: Pick<ModelRequest, 'schema'>,
): ModelResult {
  const { finishReason, rawFinishReason, usage, servedBy, text = streamed, warnings = [] } = end;
  const { usage: counted, warning } = completed(usage, prompt, text);
  const unusable = (kind: ErrorFacts['kind'], message: string): ProviderError =>
    new ProviderError({ kind, message, usage: counted });
  const raw = rawFinishReason ?? '';
  if (finishReason === null)
    throw new ProviderError({
      kind: 'network',
      message: 'the stream ended before the reply did',
      usage: usage === null ? undefined : counted,
    });
  if (finishReason === 'refusal') throw unusable('refused', end.refusal ?? raw);
  // DeepSeek, OpenRouter and vLLM name their own breakdowns as if the model had finished.
  if (finishReason === 'broken')
    throw unusable('overloaded', `the server gave the reply up (${raw})`);
  if (finishReason === 'length') throw unusable('truncated', `the reply reached a limit (${raw})`);
  if (text.trim() === '')
    throw unusable('malformed', `the reply is empty${raw === '' ? '' : ` (${raw})`}`);
  // JSON shows by itself that it is whole; half a text or half of several files look like all of it.
  if (finishReason === 'other' && (schema === undefined || !isWholeJson(text)))
    throw unusable('truncated', `the reply ended ${unknownEnd(raw)}, so it may not be whole`);
  return {
    text,
    finishReason,
    rawFinishReason,
    usage: counted,
    identity,
    servedBy: servedBy ?? identity.ref.model,
    warnings: [
      ...(warning === null ? [] : [warning]),
      ...(finishReason === 'other'
        ? [`The reply ended ${unknownEnd(raw)}; its JSON is whole.`]
        : []),
      ...warnings,
    ],
  };
}

function unknownEnd(raw: string): string {
  return raw === '' ? 'without a reason' : `with «${raw}», which is no known end`;
}
