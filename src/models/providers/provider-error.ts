import { modelErrorKinds, type ModelErrorKind } from '../../domain/model-error.ts';
import type { Usage } from '../../domain/usage.ts';

/** What a provider said when it did not answer, stripped of the form in which it said it. */
export interface ErrorFacts {
  /** HTTP status; absent when the error came inside a stream or below HTTP. */
  readonly status?: number | undefined;
  /** With what a program ended that failed. */
  readonly exitCode?: number | undefined;
  /** The provider's machine-readable words for it: `type`, `code`, `status`, reasons. */
  readonly codes?: readonly string[];
  /** The provider's words for people. */
  readonly message: string;
  readonly retryAfterMs?: number | undefined;
  /** Set where the adapter knows more than status and codes say. */
  readonly kind?: ModelErrorKind | undefined;
  /** Where the adapter knows what the tokens of a failed reply were. */
  readonly usage?: Usage | undefined;
  /** Replaces the usual advice for the kind. */
  readonly fix?: string | undefined;
  /** Replaces the reply's text so far as what is kept. */
  readonly rawReply?: string | undefined;
}

/** Thrown inside an adapter; never leaves it. */
export class ProviderError extends Error {
  readonly facts: ErrorFacts;

  constructor(facts: ErrorFacts, cause?: unknown) {
    super(facts.message, { cause });
    this.facts = facts;
  }
}

const codesByKind: Partial<Record<ModelErrorKind, readonly string[]>> = {
  auth: [
    'api_key_invalid',
    'authentication_error',
    'invalid_api_key',
    'invalid_authentication',
    'organization_on_hold',
    'permission_denied',
    'permission_error',
    'unauthenticated',
    'unauthorized',
  ],
  quota_exhausted: [
    'billing_error',
    'billing_hard_limit_reached',
    'billing_not_active',
    'contract_spend_limit_reached',
    'enforced_spend_limit_reached',
    'insufficient_balance',
    'insufficient_credits',
    'insufficient_quota',
    'linked_organization_spend_limit_reached',
    'usage_limit_exceeded',
    'usage_limit_reached',
    'usage_not_included',
  ],
  rate_limit: ['rate_limit_error', 'rate_limit_exceeded', 'resource_exhausted'],
  overloaded: [
    'aborted',
    'api_error',
    'conflict_error',
    'internal',
    'internal_error',
    'internal_server_error',
    'overloaded_error',
    'server_overloaded',
    'server_error',
    'service_unavailable',
    'unavailable',
  ],
  timeout: ['deadline_exceeded', 'timeout_error'],
  context_too_long: [
    'context_length_exceeded',
    'context_window_exceeded',
    'request_too_large',
    'string_above_max_length',
  ],
  refused: [
    'bio_policy',
    'content_filter',
    'content_policy_violation',
    'cyber_policy',
    'invalid_prompt',
  ],
  unavailable: ['model_decommissioned', 'model_not_found', 'not_found', 'not_found_error'],
  malformed: ['json_validate_failed'],
  bad_request: ['failed_precondition', 'invalid_argument', 'invalid_request_error'],
};
const kindByCode: ReadonlyMap<string, ModelErrorKind> = new Map(
  modelErrorKinds.flatMap((kind) =>
    (codesByKind[kind] ?? []).map((code): [string, ModelErrorKind] => [code, kind]),
  ),
);

/** Codes that say more than the status they come with. */
const telling: ReadonlySet<ModelErrorKind> = new Set([
  'quota_exhausted',
  'context_too_long',
  'refused',
  'malformed',
]);

// Providers without a code for these say them in words alone.
const tooLong =
  /prompt is too long|input is too long|maximum context length|context (length|window|size)|input token count|too many (input )?tokens|reduce the length/i;
const noCredit =
  /credit balance is too low|insufficient (balance|credits?|funds)|(run|ran) out of credits?|more credits|used all available credits|spending limit/i;
const badKey = /api[ _-]?key (is )?(not valid|invalid|expired)|(invalid|incorrect) api[ _-]?key/i;
const noModel = /\bmodel\b.{0,120}\b(not found|does not exist|not exist|decommissioned)/i;

/** The kind of an error: from its codes where they say more than the status, then words, then status. */
export function errorKind({ kind, codes = [], message, ...facts }: ErrorFacts): ModelErrorKind {
  if (kind !== undefined) return kind;
  const status = facts.status ?? statusAmong(codes);
  const coded = kindsOf(codes);
  const specific = coded.find((found) => telling.has(found));
  if (specific !== undefined) return specific;
  if (status === undefined || (status >= 400 && status < 500)) {
    if (status !== 429 && tooLong.test(message)) return 'context_too_long';
    if (noCredit.test(message)) return 'quota_exhausted';
  }
  if (status === 400) {
    if (coded.includes('auth') || badKey.test(message)) return 'auth';
    if (coded.includes('unavailable') || noModel.test(message)) return 'unavailable';
  }
  if (status !== undefined) return statusKind(status);
  // The first is the provider's most general word: `invalid_request_error` comes with finer codes.
  return coded.find((found) => found !== 'bad_request') ?? coded[0] ?? 'unavailable';
}

function kindsOf(codes: readonly string[]): ModelErrorKind[] {
  return codes
    .map((code) => kindByCode.get(code.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase()))
    .filter((found) => found !== undefined);
}

/** What codes alone say, and whether that is more than a status or words would; null for unknown codes. */
export function codedKind(
  codes: readonly string[],
): { readonly kind: ModelErrorKind; readonly telling: boolean } | null {
  const coded = kindsOf(codes);
  const specific = coded.find((found) => telling.has(found));
  if (specific !== undefined) return { kind: specific, telling: true };
  const [kind] = coded;
  return kind === undefined ? null : { kind, telling: false };
}

const kindByStatus: Readonly<Record<number, ModelErrorKind>> = {
  401: 'auth',
  402: 'quota_exhausted',
  403: 'auth',
  404: 'unavailable',
  405: 'unavailable',
  408: 'timeout',
  409: 'overloaded',
  410: 'unavailable',
  413: 'context_too_long',
  425: 'overloaded',
  429: 'rate_limit',
  // Groq's «flex capacity exceeded».
  498: 'overloaded',
};

function statusKind(status: number): ModelErrorKind {
  if (status >= 500) return 'overloaded';
  return kindByStatus[status] ?? (status >= 400 ? 'bad_request' : 'unavailable');
}

/** Some providers put the status into a code: OpenRouter and Google, with HTTP 200 around it. */
function statusAmong(codes: readonly string[]): number | undefined {
  const code = codes.find((text) => /^[45]\d\d$/.test(text));
  return code === undefined ? undefined : Number(code);
}
