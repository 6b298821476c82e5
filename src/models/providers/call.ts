import type { ResolvedProvider } from '../../config/resolved-config.ts';
import { InterruptedError, throwIfAborted } from '../../domain/errors.ts';
import { formatModelRef } from '../../domain/model-role.ts';
import { estimatePromptTokens, estimateTokens } from '../../domain/text.ts';
import type { Usage } from '../../domain/usage.ts';
import type {
  FinishReason,
  LanguageModel,
  ModelIdentity,
  ModelProvider,
  ModelRequest,
  ModelResult,
} from '../language-model.ts';
import { FaultError, type Fault } from './fault.ts';
import { connectionFault, isConnectionError } from './http-errors.ts';
import { modelError, type FaultContext } from './model-fault.ts';
import { arrangePrompt, type Prompt } from './prompt.ts';
import { textCounter, type ReplyLimits } from './reply-limits.ts';

/** One call as an adapter sees it. */
export interface Call {
  readonly request: ModelRequest;
  readonly prompt: Prompt;
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
  readonly finishReason: FinishReason | null;
  readonly rawFinishReason: string | null;
  /** Null when the provider reported none. */
  readonly usage: Usage | null;
  readonly servedBy: string | null;
  /** Why the provider refused, in its own words. */
  readonly refusal?: string;
}

/** What a vendor's adapter adds to what all share. */
export interface Vendor {
  readonly baseUrl: string | undefined;
  family(model: string): string;
  /** Streams one reply. @throws FaultError for all that its SDK throws */
  stream(model: string, call: Call): Promise<StreamEnd>;
}

/** A provider on top of a vendor's adapter. */
export function vendorProvider(
  config: ResolvedProvider,
  limits: ReplyLimits,
  vendor: Vendor,
): ModelProvider {
  return {
    name: config.name,
    unavailable: () => missing(config, vendor),
    model(id): LanguageModel {
      const identity: ModelIdentity = {
        ref: { provider: config.name, model: id },
        family: vendor.family(id),
      };
      return {
        identity,
        generate: (request) => generate({ config, limits, vendor, identity }, request),
      };
    },
  };
}

function missing(
  config: ResolvedProvider,
  vendor: Vendor,
): { reason: string; variables: readonly string[] } | null {
  if (vendor.baseUrl === undefined)
    return { reason: `providers.${config.name}.baseUrl is not set`, variables: [] };
  if (config.keyless || (config.apiKey ?? '').trim() !== '') return null;
  if (config.keyVariables.length === 0)
    return { reason: `providers.${config.name}.apiKeyEnv is not set`, variables: [] };
  return {
    reason: `${config.keyVariables.join(' or ')} is not set`,
    variables: config.keyVariables,
  };
}

interface Asked {
  readonly config: ResolvedProvider;
  readonly limits: ReplyLimits;
  readonly vendor: Vendor;
  readonly identity: ModelIdentity;
}

async function generate(asked: Asked, request: ModelRequest): Promise<ModelResult> {
  const { config, limits, vendor, identity } = asked;
  throwIfAborted(request.signal);
  const baseUrl = (vendor.baseUrl ?? '').replace(/\/+$/, '');
  const context: FaultContext = { config, model: formatModelRef(identity.ref), baseUrl };
  const lacking = missing(config, vendor);
  if (lacking !== null)
    throw modelError(context, { kind: 'auth', codes: [], message: lacking.reason }, '');
  // Node quotes a header's value when it cannot be sent, and with it the key.
  if (!/^[\x21-\x7e]*$/.test(config.apiKey ?? '')) {
    const message = 'the key holds blanks or characters that cannot be sent';
    throw modelError(context, { kind: 'auth', codes: [], message }, '');
  }
  const prompt = arrangePrompt(request.parts);
  if (prompt === null)
    throw modelError(context, { kind: 'bad_request', codes: [], message: 'empty prompt' }, '');

  let text = '';
  const countText = textCounter(limits);
  const over = new AbortController();
  let interrupt = (): void => over.abort();
  const interrupted = new Promise<never>((_resolve, reject) => {
    interrupt = () => {
      over.abort();
      reject(new InterruptedError());
    };
  });
  // A signal of this call alone: one that many calls listen on makes Node warn of a leak.
  const own = AbortSignal.any([request.signal]);
  own.addEventListener('abort', interrupt, { once: true });
  const stream = vendor.stream(identity.ref.model, {
    request,
    prompt,
    baseUrl,
    limits,
    signal: over.signal,
    text(delta) {
      if (over.signal.aborted || delta === '') return;
      countText(delta);
      text += delta;
      request.onText?.(delta);
    },
    alive() {
      if (!over.signal.aborted) request.onActivity?.();
    },
  });
  // The race does not wait for an SDK to notice an abort; what it throws later is of no interest.
  stream.catch(() => undefined);
  try {
    const end = await Promise.race([stream, interrupted]);
    return judge(end, text, identity, prompt);
  } catch (error) {
    if (error instanceof InterruptedError || request.signal.aborted) throw new InterruptedError();
    const fault = faultOf(error);
    if (fault === null) throw error;
    const cause = error instanceof FaultError ? error.cause : error;
    // What was written before a connection broke is charged for, though nobody says how much it was.
    const usage = fault.usage ?? (text === '' ? undefined : estimatedUsage(prompt, text));
    throw modelError(context, { ...fault, usage }, text, cause);
  } finally {
    own.removeEventListener('abort', interrupt);
    over.abort();
  }
}

function faultOf(error: unknown): Fault | null {
  if (error instanceof FaultError) return error.fault;
  if (error instanceof SyntaxError)
    return {
      kind: 'malformed',
      codes: [],
      message: 'the stream holds an event that is not JSON',
    };
  return isConnectionError(error) ? connectionFault(error) : null;
}

/** A whole, usable text, or the fault that it is not. */
function judge(end: StreamEnd, text: string, identity: ModelIdentity, prompt: Prompt): ModelResult {
  const fault = (kind: Fault['kind'], message: string): FaultError =>
    new FaultError({ kind, codes: [], message, usage: end.usage ?? undefined });
  const raw = end.rawFinishReason ?? '';
  if (end.finishReason === null) throw fault('network', 'the stream ended before the reply did');
  if (end.finishReason === 'refusal') throw fault('refused', end.refusal ?? raw);
  if (end.finishReason === 'length') throw fault('truncated', `the reply reached a limit (${raw})`);
  if (text.trim() === '') throw fault('malformed', `the reply is empty (${raw})`);
  return {
    text,
    finishReason: end.finishReason,
    rawFinishReason: end.rawFinishReason,
    usage: end.usage ?? estimatedUsage(prompt, text),
    identity,
    servedBy: end.servedBy ?? identity.ref.model,
    warnings: end.usage === null ? ['The provider reported no usage; it is estimated.'] : [],
  };
}

function estimatedUsage(prompt: Prompt, text: string): Usage {
  const parts = [...prompt.system, ...prompt.turns.flatMap((turn) => turn.parts)];
  const input = estimatePromptTokens(parts);
  return { input, cachedInput: 0, cacheWrite: 0, output: estimateTokens(text), reasoning: 0 };
}

/** A count as a provider reported it; 0 for anything else. */
export function count(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0;
}
