import type { Fault } from './fault.ts';

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
export function readErrorBody(body: unknown): Pick<Fault, 'codes' | 'message' | 'rawReply'> {
  const outer = Array.isArray(body) ? (body as unknown[])[0] : body;
  // A page from something between us and the provider.
  if (typeof outer === 'string') return { codes: [], message: outer.slice(0, 200) };
  const inner = field(outer, 'error') ?? outer ?? undefined;
  if (typeof inner === 'string') return { codes: [], message: inner };
  const words = ['type', 'code', 'status']
    .map((name) => field(inner, name))
    .filter((value) => typeof value === 'string' || typeof value === 'number');
  const finer = field(field(inner, 'details'), 'error_code');
  const message = field(inner, 'message') ?? field(inner, 'detail');
  const failed = field(inner, 'failed_generation');
  return {
    codes: [...words.map(String), ...(typeof finer === 'string' ? [finer] : [])],
    message: typeof message === 'string' ? message : inner === undefined ? '' : asText(inner),
    ...(typeof failed === 'string' && { rawReply: failed }),
  };
}

function asText(value: unknown): string {
  return JSON.stringify(value) ?? '';
}

/** A property of a value of which nothing is known. */
export function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  const found = (value as Record<string, unknown>)[name];
  return found === null ? undefined : found;
}

const timeouts = new Set([
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);

/** A fault below HTTP: refused, reset, unknown host. Node's `fetch` nests the reason in causes. */
export function connectionFault(error: unknown): Fault {
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
