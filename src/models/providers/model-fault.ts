import type { ResolvedProvider } from '../../config/resolved-config.ts';
import { ModelError, type ModelErrorKind } from '../../domain/model-error.ts';
import { toSingleLine } from '../../domain/text.ts';
import { faultKind, type Fault } from './fault.ts';

/** One provider's model, as its errors speak of it. */
export interface FaultContext {
  readonly config: ResolvedProvider;
  /** `provider/model`. */
  readonly model: string;
  readonly baseUrl: string;
}

/** So much of an unusable reply is kept, characters: a long one as a rule repeats itself. */
const keptReply = 500_000;

const words: Record<ModelErrorKind, string> = {
  auth: 'did not accept the key',
  rate_limit: 'is limited for now',
  quota_exhausted: 'has no credit or quota left',
  overloaded: 'is overloaded or broken for now',
  timeout: 'took too long',
  network: 'could not be reached, or the connection broke',
  bad_request: 'rejected the request',
  context_too_long: 'got more text than it takes',
  refused: 'refused to answer',
  truncated: 'was cut short',
  malformed: 'gave an unusable reply',
  unavailable: 'is not available',
};

/** The error that a fault becomes: kind, words, and a fix that names the variable or address at fault. */
export function modelError(
  context: FaultContext,
  fault: Fault,
  soFar: string,
  cause?: unknown,
): ModelError {
  const kind = faultKind(fault);
  const hide = (text: string): string =>
    withoutKey(text.replaceAll(context.baseUrl, shownUrl(context.baseUrl)), context.config.apiKey);
  const detail = toSingleLine(hide(fault.message), 300);
  const status = fault.status === undefined ? '' : ` (HTTP ${fault.status})`;
  const raw = fault.rawReply ?? soFar;
  return new ModelError({
    kind,
    model: context.model,
    message: `${context.model} ${words[kind]}${status}${detail === '' ? '' : `: ${detail}`}`,
    fix: fault.fix ?? fix(kind, context, fault.retryAfterMs, soFar !== ''),
    status: fault.status,
    retryAfterMs: fault.retryAfterMs,
    usage: fault.usage,
    ...(raw !== '' && { rawReply: hide(raw.slice(0, keptReply)) }),
    // A cause that quotes the key would carry it into every log.
    cause: holdsKey(cause, context.config.apiKey) ? undefined : cause,
  });
}

function fix(
  kind: ModelErrorKind,
  { config, baseUrl }: FaultContext,
  retryAfterMs: number | undefined,
  begun: boolean,
): string {
  const variable = config.keyVariables[0];
  const address = `providers.${config.name}.baseUrl (now ${shownUrl(baseUrl)})`;
  const another = 'put another model first for this role';
  const again = `Run the same command again, or ${another}.`;
  switch (kind) {
    case 'auth':
      return variable === undefined
        ? `Name the variable that holds the key in providers.${config.name}.apiKeyEnv.`
        : `Check that ${variable} holds a valid key that may use this model.`;
    case 'quota_exhausted':
      return `Add credit to the account behind ${variable ?? config.name}, or ${another}.`;
    case 'rate_limit':
      return `${wait(retryAfterMs)}, lower executor.concurrency in the config, or ${another}.`;
    case 'overloaded':
      return `Try again later, or ${another}.`;
    case 'timeout':
      return `Try again, or ${another}.`;
    case 'network':
      return begun ? again : `Check the network and ${address}.`;
    case 'unavailable':
      return `Check the model's id, and ${address}.`;
    case 'context_too_long':
      return `Lower executor.contextTokens in the config, or put a model with a larger window first for this role.`;
    case 'truncated':
      return `Raise executor.maxOutputTokens in the config, or split the task.`;
    case 'refused':
      return `Put the task in other words, or ${another}.`;
    case 'malformed':
      return again;
    case 'bad_request':
      return config.kind === 'openai-compatible'
        ? `Set providers.${config.name}.structured to json_object or none if the server knows no schemas, or ${another}.`
        : `Check the model's id, or ${another}.`;
  }
}

function wait(retryAfterMs: number | undefined): string {
  return retryAfterMs === undefined ? 'Wait' : `Wait ${Math.ceil(retryAfterMs / 1000)} s`;
}

/** Without credentials and query. */
export function shownUrl(text: string): string {
  try {
    const url = new URL(text);
    return `${url.origin}${url.pathname}`;
  } catch {
    return 'not a URL';
  }
}

function withoutKey(text: string, key: string | undefined): string {
  const bare = key?.trim() ?? '';
  return bare === '' ? text : text.replaceAll(bare, '[key]');
}

function holdsKey(error: unknown, key: string | undefined): boolean {
  const bare = key?.trim() ?? '';
  if (bare === '') return false;
  for (let at = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth++) {
    if (`${at.message}${at.stack ?? ''}${JSON.stringify(at)}`.includes(bare)) return true;
  }
  return false;
}
