import type { Fault } from './fault.ts';
import { FaultError } from './fault.ts';
import { connectionFault, field, readErrorBody } from './http-errors.ts';

/** How far a call came; the SDK's errors do not say. */
export interface Progress {
  /** The provider answered with a good status. */
  opened: boolean;
  events: number;
}

/** The SDK's error classes, as far as they are read here. */
interface GoogleErrors {
  readonly GoogleGenerativeAIError: new (message: string) => Error;
  readonly GoogleGenerativeAIFetchError: new (
    message: string,
  ) => Error & { readonly status?: number; readonly errorDetails?: readonly unknown[] };
}

/** What the SDK threw, as a fault; anything else as it is. It keeps neither headers, body nor causes. */
export function googleFault(error: unknown, progress: Progress, sdk: GoogleErrors): unknown {
  if (error instanceof sdk.GoogleGenerativeAIFetchError) {
    const details = error.errorDetails ?? [];
    const words = spokenPart(error.message, details);
    const fault = { ...detailFault(details, words, error.status), status: error.status };
    return new FaultError({ ...fault, message: words }, error);
  }
  if (!(error instanceof sdk.GoogleGenerativeAIError)) return error;
  const message = error.message.replace(/^\[GoogleGenerativeAI Error\]: /, '');
  if (!progress.opened) return new FaultError({ ...connectionFault(error), message }, error);
  if (message.startsWith('Error parsing JSON response'))
    return new FaultError({ kind: 'malformed', codes: [], message }, error);
  // Text is left over that is no event: a page where there was no event before, else a cut stream.
  if (message === 'Failed to parse stream' && progress.events === 0) {
    const words = 'answered something else than a stream of events, as a page';
    return new FaultError({ kind: 'unavailable', codes: [], message: words }, error);
  }
  return new FaultError({ kind: 'network', codes: [], message }, error);
}

/** An error object where an event should be. */
export function errorInStream(event: unknown): Fault {
  const body = readErrorBody(event);
  const details = field(field(event, 'error'), 'details');
  const listed = Array.isArray(details) ? (details as unknown[]) : [];
  const limited = body.codes.some((code) => code === '429' || code === 'RESOURCE_EXHAUSTED');
  const fault = detailFault(listed, body.message, limited ? 429 : undefined);
  return { ...fault, message: body.message, codes: [...fault.codes, ...body.codes] };
}

/** The SDK puts address and status before the provider's words, and the details after them. */
function spokenPart(message: string, details: readonly unknown[]): string {
  const words = /\[\d{3} [^\]]*\] ?(.*)$/s.exec(message)?.[1] ?? message;
  const suffix = JSON.stringify(details);
  return (words.endsWith(suffix) ? words.slice(0, -suffix.length) : words).trim();
}

/** What the error's details add: a wait, reasons, and whether a limit is a passing one. */
function detailFault(
  details: readonly unknown[],
  words: string,
  status: number | undefined,
): Omit<Fault, 'message'> {
  const delay = details.map((detail) => field(detail, 'retryDelay')).find(isText);
  const seconds = /^(\d+(?:\.\d+)?)s$/.exec(delay ?? '')?.[1];
  const reasons = details.map((detail) => field(detail, 'reason')).filter(isText);
  const quotas = details
    .flatMap((detail) => {
      const violations = field(detail, 'violations');
      return Array.isArray(violations) ? (violations as unknown[]) : [];
    })
    .map((violation) => field(violation, 'quotaId'))
    .filter(isText);
  // A daily limit comes with a short delay too, and a passing one also speaks of billing.
  const daily = quotas.some((quota) => /PerDay/i.test(quota));
  const unpaid = seconds === undefined && quotas.length === 0 && /billing/i.test(words);
  return {
    codes: reasons,
    ...(seconds !== undefined && { retryAfterMs: Math.round(Number(seconds) * 1000) }),
    ...(status === 429 && (daily || unpaid) && { kind: 'quota_exhausted' as const }),
  };
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
