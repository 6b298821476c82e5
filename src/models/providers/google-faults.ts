import type { Fault } from './fault.ts';
import { field, readErrorBody } from './http-errors.ts';

/** What an error object of Google's says, with its details: a wait, reasons, and which limit it was. */
export function googleError(body: unknown, status?: number): Omit<Fault, 'status'> {
  const said = readErrorBody(body);
  const outer = Array.isArray(body) ? (body as unknown[])[0] : body;
  const listed = field(field(outer, 'error'), 'details');
  const details = Array.isArray(listed) ? (listed as unknown[]) : [];
  const limited =
    (status ?? 429) === 429 && said.codes.some((code) => /^(429|RESOURCE_EXHAUSTED)$/.test(code));
  const more = detailFault(details, said.message, limited);
  return { ...said, ...more, codes: [...more.codes, ...said.codes] };
}

/** What the SDK threw about the events themselves; it names what it throws in the message alone. */
export function googleThrown(error: unknown): Fault | null {
  if (!(error instanceof Error)) return null;
  const prefix = '[GoogleGenerativeAI Error]: ';
  if (!error.message.startsWith(prefix)) return null;
  const message = error.message.slice(prefix.length);
  if (message.startsWith('Error parsing JSON response'))
    return { kind: 'malformed', codes: [], message: 'the stream holds an event that is not JSON' };
  // Half an event is left over.
  if (message === 'Failed to parse stream')
    return { kind: 'network', codes: [], message: 'the stream ended within an event' };
  return { kind: 'malformed', codes: [], message };
}

/** What the error's details add: a wait, reasons, and whether a limit is a passing one. */
function detailFault(
  details: readonly unknown[],
  words: string,
  limited: boolean,
): Pick<Fault, 'codes' | 'retryAfterMs' | 'kind'> {
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
    ...(limited && (daily || unpaid) && { kind: 'quota_exhausted' as const }),
  };
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
