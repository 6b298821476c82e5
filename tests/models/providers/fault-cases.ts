import type { ResolvedConfig } from '../../../src/config/resolved-config.ts';
import type { ModelErrorKind } from '../../../src/domain/model-error.ts';
import { frame, type ErrorReply, type Reply } from '../../helpers/loopback/server.ts';

export type VendorName = 'anthropic' | 'openai' | 'groq' | 'google';
type Each<T> = Readonly<Record<VendorName, T>>;

/** What a provider does wrong. */
export interface FaultCase {
  readonly title: string;
  /** The same for all, or as each says it; `silence` never answers, `closed` is a port where nobody listens. */
  readonly reply: Reply | 'silence' | 'closed' | { readonly each: Each<Reply> };
  readonly kind: ModelErrorKind;
  /** Calls where one retry is allowed; by default as the kind says. */
  readonly calls?: number;
  /** The model answers, but not what was asked for: no call fails, and the role's next model is not asked. */
  readonly answered?: boolean;
  /** Tokens were spent. */
  readonly paid?: boolean;
  readonly limits?: Partial<ResolvedConfig['calls']>;
}

type ErrorFields = Partial<ErrorReply['error']>;

const error = (status: number, message: string, more: ErrorFields = {}): Reply => ({
  error: { status, message, ...more },
});
/** One error as each vendor words it; what is not given is said without codes. */
const each = (status: number, words: Each<[string, ErrorFields?]>): { each: Each<Reply> } => {
  const one = ([message, more]: [string, ErrorFields?]): Reply => error(status, message, more);
  return {
    each: {
      anthropic: one(words.anthropic),
      openai: one(words.openai),
      groq: one(words.groq),
      google: one(words.google),
    },
  };
};
const sse = { 'content-type': 'text/event-stream' };
const json = (body: unknown): Reply => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  chunks: [JSON.stringify(body)],
});
const page = (status: number): Reply => ({
  status,
  headers: { 'content-type': 'text/html' },
  chunks: [`<html><body><h1>Bad gateway</h1>${'<p>nginx</p>'.repeat(500)}</body></html>`],
});
const broken = (start: string): Reply => ({ status: 200, headers: sse, chunks: [`${start}\n\n`] });

const quotaWords = 'You exceeded your current quota, please check your plan and billing details.';
const perDay = {
  '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
  violations: [{ quotaId: 'GenerateRequestsPerDayPerProjectPerModel-FreeTier' }],
};

export const rejections: readonly FaultCase[] = [
  {
    title: '401, a wrong key',
    reply: each(401, {
      anthropic: ['invalid x-api-key', { type: 'authentication_error' }],
      openai: ['Incorrect API key provided.', { code: 'invalid_api_key' }],
      groq: ['Invalid API Key', { code: 'invalid_api_key' }],
      google: ['API key not valid. Please pass a valid API key.'],
    }),
    kind: 'auth',
  },
  {
    title: '403, a key without the right',
    reply: each(403, {
      anthropic: [
        'Your API key does not have permission to use this resource.',
        { type: 'permission_error' },
      ],
      openai: ['Your project may not use this model.', { code: 'permission_denied' }],
      groq: ['Your organization may not use this model.', { code: 'permissions_error' }],
      google: ["Your API key doesn't have permission."],
    }),
    kind: 'auth',
  },
  {
    title: '404, an unknown model',
    reply: each(404, {
      anthropic: ['model: claude-nope', { type: 'not_found_error' }],
      openai: ["The model 'gpt-nope' does not exist.", { code: 'model_not_found' }],
      groq: ["The model 'llama-nope' does not exist.", { code: 'model_not_found' }],
      google: ['models/gemini-nope is not found for API version v1beta.'],
    }),
    kind: 'unavailable',
  },
  {
    title: '400, too long',
    reply: each(400, {
      anthropic: [
        'prompt is too long: 300000 tokens > 200000 maximum',
        { type: 'invalid_request_error' },
      ],
      openai: [
        'Your input exceeds the context window of this model.',
        { code: 'context_length_exceeded' },
      ],
      groq: ['Please reduce the length of the messages or completion.'],
      google: ['The input token count (2000000) exceeds the maximum allowed (1048576).'],
    }),
    kind: 'context_too_long',
  },
  { title: '400, anything else', reply: error(400, 'schema: not supported'), kind: 'bad_request' },
  { title: '408', reply: error(408, 'Request timeout'), kind: 'timeout' },
  {
    title: '409',
    reply: error(409, 'Conflict', { type: 'conflict_error' }),
    kind: 'overloaded',
  },
  {
    title: '429 with retry-after',
    reply: error(429, 'Too many requests.', { headers: { 'retry-after': '1' } }),
    kind: 'rate_limit',
  },
  {
    title: '429 without retry-after',
    reply: error(429, 'Too many requests.'),
    kind: 'rate_limit',
  },
  {
    title: '429 with a retry-after of an hour',
    reply: error(429, 'Too many requests.', { headers: { 'retry-after': '3600' } }),
    kind: 'rate_limit',
    calls: 1,
  },
  {
    title: '429, no quota or credit left',
    reply: each(429, {
      anthropic: ['Your spend limit is reached.', { type: 'billing_error' }],
      openai: [quotaWords, { type: 'insufficient_quota', code: 'insufficient_quota' }],
      groq: [quotaWords, { code: 'insufficient_quota' }],
      google: [quotaWords, { details: [perDay] }],
    }),
    kind: 'quota_exhausted',
  },
  { title: '500', reply: error(500, 'Internal server error'), kind: 'overloaded' },
  { title: '502', reply: error(502, 'Bad gateway'), kind: 'overloaded' },
  { title: '503', reply: error(503, 'Service unavailable'), kind: 'overloaded' },
  { title: '529', reply: error(529, 'Overloaded'), kind: 'overloaded' },
  { title: '502 with an HTML page', reply: page(502), kind: 'overloaded' },
  { title: '200 with an HTML page', reply: page(200), kind: 'unavailable' },
  {
    title: '200 with an error object',
    reply: {
      each: {
        anthropic: json({ type: 'error', error: { type: 'overloaded_error', message: 'Busy' } }),
        openai: json({ error: { type: 'server_error', code: 'server_error', message: 'Busy' } }),
        groq: json({ error: { code: 503, message: 'Busy' } }),
        google: json([{ error: { code: 503, status: 'UNAVAILABLE', message: 'Busy' } }]),
      },
    },
    kind: 'overloaded',
  },
];

export const breakdowns: readonly FaultCase[] = [
  { title: 'a refused connection', reply: 'closed', kind: 'network' },
  {
    title: 'no first byte in time',
    reply: 'silence',
    kind: 'timeout',
    limits: { firstByteMs: 300 },
  },
  {
    title: 'a stream that stalls',
    reply: { text: ['{"name": ', '"half'], cut: 'hang' },
    kind: 'timeout',
    limits: { idleMs: 300 },
  },
  {
    title: 'a connection reset in mid-stream',
    reply: { text: ['{"name": ', '"half'], cut: 'reset' },
    kind: 'network',
    paid: true,
  },
  {
    title: 'a stream cut before its end event',
    reply: { text: ['{"name": ', '"half'], cut: 'end' },
    kind: 'network',
    paid: true,
  },
  {
    title: 'an error event in the stream',
    reply: error(503, 'Busy', { type: 'overloaded_error', code: 503, inStream: true }),
    kind: 'overloaded',
  },
  {
    title: 'an event that is not JSON',
    reply: {
      each: {
        anthropic: broken('event: message_start\ndata: {"type": "mess'),
        openai: broken('event: response.created\ndata: {"type": "resp'),
        groq: broken('data: {"id": "chat'),
        google: broken('data: {"candidates": '),
      },
    },
    kind: 'malformed',
  },
];

export const replies: readonly FaultCase[] = [
  { title: 'an empty reply', reply: { text: '' }, kind: 'malformed', paid: true },
  {
    title: 'prose instead of JSON',
    reply: 'I would rather talk about it.',
    kind: 'malformed',
    calls: 2,
    answered: true,
  },
  {
    title: 'JSON cut at the token limit',
    reply: { text: '{"name": "ha', finish: 'length' },
    kind: 'truncated',
    paid: true,
  },
  {
    title: 'a refusal',
    reply: { text: 'I cannot help with that.', finish: 'refusal' },
    kind: 'refused',
    paid: true,
  },
  {
    title: 'a prompt that a filter blocks',
    reply: {
      each: {
        anthropic: { text: [], finish: 'refusal' },
        openai: error(400, 'Your prompt was flagged.', { code: 'invalid_prompt' }),
        groq: error(400, 'The prompt was filtered.', { code: 'content_filter' }),
        google: {
          status: 200,
          headers: sse,
          chunks: [frame({ promptFeedback: { blockReason: 'PROHIBITED_CONTENT' } })],
        },
      },
    },
    kind: 'refused',
  },
  {
    title: 'a reply of 20 MB',
    reply: { text: Array<string>(20).fill('x'.repeat(1_000_000)) },
    kind: 'malformed',
    paid: true,
  },
];
