import { field, isText, items } from './json-fields.ts';
import type { ErrorFacts } from './provider-error.ts';

/**
 * The wait that a reply's headers ask for, in ms: `retry-after-ms`, else `retry-after` as seconds or as a
 * date, which is read against the reply's own `date`.
 */
export function retryAfterMs(headers: Headers | undefined): number | undefined {
  const ms = positive(headers?.get('retry-after-ms'));
  if (ms !== undefined) return ms;
  const after = headers?.get('retry-after');
  const seconds = positive(after);
  if (seconds !== undefined) return seconds * 1000;
  const wait = Date.parse(after ?? '') - Date.parse(headers?.get('date') ?? '');
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

function positive(text: string | null | undefined): number | undefined {
  if (text === null || text === undefined || !/^\s*\d+(\.\d+)?\s*$/.test(text)) return undefined;
  return Number(text);
}

/**
 * What an error body says, in any of the shapes that providers use: `{error: {…}}`, `{error: "…"}`,
 * `[{error: {…}}]`, the inner object alone, or text.
 */
export function readErrorBody(body: unknown): Omit<ErrorFacts, 'status'> {
  const outer = Array.isArray(body) ? (body as unknown[])[0] : body;
  // A page from something between us and the provider.
  if (typeof outer === 'string') return { codes: [], message: outer.slice(0, 200) };
  const inner = field(outer, 'error') ?? outer ?? undefined;
  if (typeof inner === 'string') return { codes: [], message: inner };
  const words = ['type', 'code', 'status']
    .map((name) => field(inner, name))
    .filter((value) => typeof value === 'string' || typeof value === 'number');
  const finer = field(field(inner, 'details'), 'error_code');
  const codes = [...words.map(String), ...(typeof finer === 'string' ? [finer] : [])];
  const text = field(inner, 'message') ?? field(inner, 'detail');
  const message =
    typeof text === 'string' ? text : inner === undefined ? '' : (JSON.stringify(inner) ?? '');
  const failed = field(inner, 'failed_generation');
  return {
    codes,
    message,
    ...(typeof failed === 'string' && { rawReply: failed }),
    ...detailFacts(items(inner, 'details'), codes, message),
  };
}

/** What Google's details add: reasons, a wait, and whether a limit is a passing one. */
function detailFacts(
  details: readonly unknown[],
  codes: readonly string[],
  message: string,
): Pick<ErrorFacts, 'codes' | 'retryAfterMs' | 'kind'> {
  const delay = details.map((detail) => field(detail, 'retryDelay')).find(isText);
  const seconds = /^(\d+(?:\.\d+)?)s$/.exec(delay ?? '')?.[1];
  const reasons = details.map((detail) => field(detail, 'reason')).filter(isText);
  const quotas = details
    .flatMap((detail) => items(detail, 'violations'))
    .map((violation) => field(violation, 'quotaId'))
    .filter(isText);
  // A daily limit comes with a short delay too, and a passing one also speaks of billing.
  const daily = quotas.some((quota) => /PerDay/i.test(quota));
  const unpaid = seconds === undefined && quotas.length === 0 && /billing/i.test(message);
  const limited = codes.some((code) => code === '429' || code === 'RESOURCE_EXHAUSTED');
  return {
    codes: [...reasons, ...codes],
    ...(seconds !== undefined && { retryAfterMs: Math.round(Number(seconds) * 1000) }),
    ...(limited && (daily || unpaid) && { kind: 'quota_exhausted' as const }),
  };
}

const timeouts = new Set([
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);

/** An error below HTTP: refused, reset, unknown host. Node's `fetch` nests the reason in causes. */
export function connectionError(error: unknown): ErrorFacts {
  const reasons: string[] = [];
  let code: string | undefined;
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 8; depth++) {
    if (at.message !== '') reasons.push(at.message);
    const own = field(at, 'code');
    if (typeof own === 'string') code = own;
    const inner: unknown = at instanceof AggregateError ? at.errors[0] : undefined;
    at = at.cause ?? inner;
  }
  return {
    kind: code !== undefined && timeouts.has(code) ? 'timeout' : 'network',
    codes: code === undefined ? [] : [code],
    message: reasons.at(-1) ?? 'the connection failed',
  };
}

/** Whether an error is one of Node's for a connection that failed or broke. */
export function isConnectionError(error: unknown): boolean {
  return (
    error instanceof TypeError &&
    (error.cause instanceof Error || error.message === 'terminated' || /fetch/.test(error.message))
  );
}
