import type { ResolvedProvider } from '../../config/resolved-config.ts';
import { ModelError, type ModelErrorKind } from '../../domain/model-error.ts';
import { toSingleLine } from '../../domain/text.ts';
import { createRedactor, secretsOf, type Redactor } from '../../text/redact.ts';
import { causeWithout } from '../cause-without.ts';
import { adviceFor } from './refusals.ts';
import { errorKind, type ErrorFacts } from './provider-error.ts';

/** One provider's model, as its errors speak of it. */
export interface ErrorContext {
  readonly config: ResolvedProvider;
  /** `provider/model`. */
  readonly model: string;
  readonly baseUrl: string;
  /** Where the provider's words and advice are other than a server's. */
  readonly own?:
    | Partial<Record<ModelErrorKind, { readonly words?: string; readonly fix: string }>>
    | undefined;
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
  reply_too_large: 'gave a reply that is too large',
  unavailable: 'is not available',
};

/**
 * The error that a provider's becomes: kind, words, and a fix that names the variable or address at fault.
 * @param soFar what the reply holds until then
 */
export function modelError(
  context: ErrorContext,
  facts: ErrorFacts,
  soFar = '',
  cause?: unknown,
): ModelError {
  const { config, model, baseUrl, own } = context;
  const kind = errorKind(facts);
  const redactor = redactorFor(config);
  const hide = (text: string): string =>
    redactor.all(baseUrl === '' ? text : text.replaceAll(baseUrl, shownUrl(baseUrl)));
  const detail = toSingleLine(hide(facts.message), 300);
  const raw = facts.rawReply ?? soFar;
  return new ModelError({
    kind,
    model,
    message: `${model} ${own?.[kind]?.words ?? words[kind]}${code(facts)}${detail === '' ? '' : `: ${detail}`}`,
    fix: facts.fix ?? own?.[kind]?.fix ?? fix(kind, context, facts, soFar !== ''),
    status: facts.status,
    retryAfterMs: facts.retryAfterMs,
    usage: facts.usage,
    ...(raw !== '' && { rawReply: hide(redactor.cutText(raw.slice(0, keptReply))) }),
    cause: causeWithout(cause, redactor),
  });
}

function code({ status, exitCode }: ErrorFacts): string {
  if (exitCode !== undefined) return ` (exit code ${exitCode})`;
  return status === undefined ? '' : ` (HTTP ${status})`;
}

function fix(
  kind: ModelErrorKind,
  { config, baseUrl }: ErrorContext,
  { retryAfterMs, message, status }: ErrorFacts,
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
      return `Check the model's id, and ${address}${status === 404 ? versionHint(config, baseUrl) : ''}.`;
    case 'context_too_long':
      return `Lower executor.contextTokens in the config, or put a model with a larger window first for this role.`;
    case 'truncated':
      return `Raise executor.maxOutputTokens in the config, or split the task.`;
    case 'refused':
      return `Put the task in other words, or ${another}.`;
    case 'malformed':
    case 'reply_too_large':
      return again;
    case 'bad_request':
      return `${adviceFor(message, config.name) ?? `Check the model's id`}, or ${another}.`;
  }
}

/** Servers that speak as OpenAI's do it below a version. */
function versionHint({ kind }: ResolvedProvider, baseUrl: string): string {
  const root = shownUrl(baseUrl);
  return kind.startsWith('openai') && root.endsWith('/')
    ? `: as a rule it ends in a version, as ${root}v1`
    : '';
}

function wait(retryAfterMs: number | undefined): string {
  return retryAfterMs === undefined ? 'Wait' : `Wait ${Math.ceil(retryAfterMs / 1000)} s`;
}

const secretNames = /KEY|TOKEN|SECRET|PASSWORD/i;

/** Hides the key, what a program is given to sign in with, and whatever has the form of a key. */
function redactorFor({ apiKey, cli, keyVariables }: ResolvedProvider): Redactor {
  const known = { ...cli?.environment, key: apiKey };
  const named = Object.keys(known).filter((name) => secretNames.test(name));
  return createRedactor(secretsOf(known, [...named, ...keyVariables]));
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
