import { expect, test } from 'vitest';
import { errorKind, type ErrorFacts } from '../../../src/models/providers/provider-error.ts';
import {
  connectionError,
  isConnectionError,
  readErrorBody,
  retryAfterMs,
} from '../../../src/models/providers/http-errors.ts';

test.each<[Partial<ErrorFacts>, string]>([
  [{ kind: 'refused', status: 500 }, 'refused'],
  [{ status: 429, codes: ['rate_limit_error', 'contract_spend_limit_reached'] }, 'quota_exhausted'],
  [{ status: 400, codes: ['invalid_request_error', 'organization_on_hold'] }, 'auth'],
  [{ status: 400, message: 'Incorrect API key provided' }, 'auth'],
  [{ status: 400, codes: ['model_decommissioned'] }, 'unavailable'],
  [{ status: 403, message: 'Insufficient credits' }, 'quota_exhausted'],
  [{ status: 500, message: 'insufficient balance of memory' }, 'overloaded'],
  [{ status: 429, message: 'too many tokens this minute' }, 'rate_limit'],
  [{ status: 405 }, 'unavailable'],
  [{ status: 418 }, 'bad_request'],
  [{ status: 302 }, 'unavailable'],
  [{ codes: ['invalid_request_error', 'model_not_found'] }, 'unavailable'],
  [{ codes: ['UNAVAILABLE'] }, 'overloaded'],
  [{ codes: ['DEADLINE_EXCEEDED'] }, 'timeout'],
  [{ codes: ['invalid_request_error'] }, 'bad_request'],
  [{ codes: ['402'] }, 'quota_exhausted'],
  [{ message: 'prompt is too long' }, 'context_too_long'],
  [{}, 'unavailable'],
])('%o is %s', (fault, kind) => {
  expect(errorKind({ codes: [], message: '', ...fault })).toBe(kind);
});

test.each<[Record<string, string>, number | undefined]>([
  [{}, undefined],
  [{ 'retry-after': '2' }, 2000],
  [{ 'retry-after': '0.5' }, 500],
  [{ 'retry-after-ms': '40', 'retry-after': '2' }, 40],
  [{ 'retry-after-ms': 'soon', 'retry-after': '2' }, 2000],
  [{ 'retry-after': 'Wed, 21 Oct 2026 07:28:09 GMT' }, undefined],
  [{ 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT', date: 'Wed, 21 Oct 2026 07:28:09 GMT' }, 0],
  [{ 'retry-after': '-1' }, undefined],
])('%o asks for a wait of %s ms', (headers, wait) => {
  expect(retryAfterMs(new Headers(headers))).toBe(wait);
});

test.each<[unknown, { codes: string[]; message: string }]>([
  [{ error: { type: 'a', code: 'b', message: 'm' } }, { codes: ['a', 'b'], message: 'm' }],
  [[{ error: { code: 429, status: 'C', message: 'm' } }], { codes: ['429', 'C'], message: 'm' }],
  [{ error: 'm' }, { codes: [], message: 'm' }],
  [{ detail: 'm' }, { codes: [], message: 'm' }],
  [{ error: { odd: 1 } }, { codes: [], message: '{"odd":1}' }],
  ['m', { codes: [], message: 'm' }],
  [null, { codes: [], message: '' }],
  [undefined, { codes: [], message: '' }],
  [{ error: { type: null, code: null, message: 'm' } }, { codes: [], message: 'm' }],
])('reads the error in %j', (body, read) => {
  expect(readErrorBody(body)).toEqual(read);
});

test('finds the reason of a failed connection in its causes', () => {
  const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
  const failed = new TypeError('fetch failed', { cause: reset });
  expect(isConnectionError(failed)).toBe(true);
  expect(isConnectionError(new TypeError('x is not a function'))).toBe(false);
  expect(connectionError(failed)).toEqual({
    kind: 'network',
    codes: ['ECONNRESET'],
    message: 'read ECONNRESET',
  });
  const refused = Object.assign(new Error('connect ECONNREFUSED ::1'), { code: 'ECONNREFUSED' });
  const both = new TypeError('fetch failed', { cause: new AggregateError([refused]) });
  expect(connectionError(both)).toMatchObject({ message: 'connect ECONNREFUSED ::1' });
  const silent = Object.assign(new Error('Headers Timeout'), { code: 'UND_ERR_HEADERS_TIMEOUT' });
  expect(connectionError(new TypeError('fetch failed', { cause: silent })).kind).toBe('timeout');
});
