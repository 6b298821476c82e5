import type { ResolvedCli, ResolvedProvider } from '../../../config/resolved-config.ts';
import { ModelError, type ModelErrorKind } from '../../../domain/model-error.ts';
import { createRedactor, secretsOf, type Redactor } from '../../../text/redact.ts';
import { toSingleLine } from '../../../domain/text.ts';
import type { Usage } from '../../../domain/usage.ts';
import type { Cli } from './cli.ts';

/** One program's model, as its errors speak of it. */
export interface CliErrorContext {
  readonly config: ResolvedProvider;
  readonly resolved: ResolvedCli;
  readonly cli: Cli;
  /** `provider/model`. */
  readonly model: string;
}

export interface CliErrorFacts {
  readonly kind: ModelErrorKind;
  readonly message: string;
  readonly exitCode?: number | null;
  readonly status?: number | undefined;
  readonly rawReply?: string | undefined;
  readonly usage?: Usage | undefined;
  /** In place of the kind's own. */
  readonly fix?: string | undefined;
  readonly cause?: unknown;
}

const phrases: Record<ModelErrorKind, string> = {
  auth: 'is not signed in, or its key is not accepted',
  rate_limit: 'is limited for now',
  quota_exhausted: 'has no credit or quota left',
  overloaded: 'is overloaded or broken for now',
  timeout: 'took too long',
  network: 'could not reach its service',
  bad_request: 'rejected the request',
  context_too_long: 'got more text than it takes',
  refused: 'refused to answer',
  truncated: 'was cut short',
  malformed: 'gave an unusable reply',
  unavailable: 'is not available',
};

/** The error that a program's failure becomes; no value of a secret variable is in it. */
export function cliError(context: CliErrorContext, facts: CliErrorFacts): ModelError {
  const { kind, exitCode, status } = facts;
  const { all, cutText } = redactorFor(context);
  const detail = toSingleLine(all(facts.message), 300);
  const code = exitCode === undefined || exitCode === null ? '' : ` (exit code ${exitCode})`;
  return new ModelError({
    kind,
    model: context.model,
    message: `${context.model} ${phrases[kind]}${code}${detail === '' ? '' : `: ${detail}`}`,
    fix: facts.fix ?? fixOf(kind, context),
    status,
    usage: facts.usage,
    ...(facts.rawReply !== undefined &&
      facts.rawReply.trim() !== '' && { rawReply: all(cutText(facts.rawReply)) }),
    cause: facts.cause,
  });
}

function fixOf(kind: ModelErrorKind, { config, cli }: CliErrorContext): string {
  const another = 'put another model first for this role';
  switch (kind) {
    case 'auth':
      return cli.login;
    case 'quota_exhausted':
      return `Wait until the limit of the account behind ${cli.title} is reset, or ${another}.`;
    case 'rate_limit':
      return `Wait, lower executor.concurrency in the config, or ${another}.`;
    case 'overloaded':
    case 'timeout':
      return `Try again later, or ${another}.`;
    case 'network':
      return `Check the network, and that ${cli.title} works in a terminal.`;
    case 'unavailable':
      return `Check the model's id, and that ${cli.title} works in a terminal.`;
    case 'context_too_long':
      return 'Lower executor.contextTokens in the config, or put a model with a larger window first for this role.';
    case 'truncated':
      return 'Raise executor.maxOutputTokens in the config, or split the task.';
    case 'refused':
      return `Put the task in other words, or ${another}.`;
    case 'malformed':
      return `Run the same command again, or ${another}.`;
    case 'bad_request':
      return `Check providers.${config.name} in the config, or ${another}.`;
  }
}

const secretNames = /KEY|TOKEN|SECRET|PASSWORD/i;

/** Hides what the program was given to sign in with, however short, and whatever has the form of a key. */
function redactorFor({ config, resolved: { environment } }: CliErrorContext): Redactor {
  const named = Object.keys(environment).filter((name) => secretNames.test(name));
  return createRedactor(secretsOf(environment, [...named, ...config.keyVariables]));
}
