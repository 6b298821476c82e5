import * as z from 'zod';
import type { ModelError } from '../../domain/model-error.ts';
import {
  formatModelRef,
  parseModelRef,
  rulesAuthor,
  type ModelRef,
  type ModelRole,
} from '../../domain/model-role.ts';
import type { Redactor } from '../../text/redact.ts';
import type { ModelIdentity, ModelRequest, ModelResult } from '../language-model.ts';
import { requestHash } from '../request-hash.ts';

/** What was asked, so that a request that is not in the recording can be compared with it. */
const requestSchema = z.strictObject({
  maxOutputTokens: z.int(),
  effort: z.enum(['low', 'medium', 'high']).optional(),
  salt: z.string().optional(),
  schema: z.strictObject({ name: z.string(), json: z.record(z.string(), z.json()) }).optional(),
  parts: z.array(
    z.strictObject({
      role: z.enum(['system', 'user', 'assistant']),
      name: z.string(),
      text: z.string(),
    }),
  ),
});
export type RecordedRequest = z.infer<typeof requestSchema>;

/** What a recording holds of a call beside what any script's entry holds. */
export const recordedSchema = z.strictObject({
  hash: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe('of the request, without secrets'),
  model: z.string().refine((text) => parseModelRef(text) !== null, {
    error: 'must be provider/model',
  }),
  family: z.string(),
  rules: z.boolean().optional().describe('of version 0.1.0; not read'),
  servedBy: z.string().optional(),
  rawFinishReason: z.string().nullable().optional(),
  warnings: z.array(z.string()).default([]),
  stored: z.boolean().describe('the reply came from the call store'),
  at: z.string(),
  durationMs: z.number().min(0),
  request: requestSchema.optional(),
});
export type RecordedCall = z.infer<typeof recordedSchema>;

/** The first line of a recording. */
export const recordingHeader = {
  script: 1,
  recording: 1,
  note: 'Recorded by blueprint --record; play it with --replay.',
} as const;

/** The hash that a recording's calls are found by: of the request's text without secrets of any kind. */
export function recordedHash(
  ref: ModelRef,
  request: ModelRequest,
  { all }: Pick<Redactor, 'all'>,
): string {
  const parts = request.parts.map((part) => ({ ...part, text: all(part.text) }));
  return requestHash(ref, { ...request, parts });
}

/** How a call ended. */
export type CallEnd = { readonly result: ModelResult } | { readonly error: ModelError };

/** The line of a recording for a call that has ended. What is secret in it is for the caller to hide. */
export function recordedEntry(call: {
  identity: ModelIdentity;
  request: ModelRequest;
  hash: string;
  end: CallEnd;
  at: Date;
  durationMs: number;
}): object {
  const { identity, request, hash, end, at, durationMs } = call;
  return {
    // What is undefined is no part of the line.
    when: { ...request.purpose, feature: undefined, role: request.role },
    ...('result' in end ? replyOf(end.result) : { error: errorOf(end.error) }),
    recorded: {
      hash,
      model: formatModelRef(identity.ref),
      family: identity.family,
      ...('result' in end && {
        servedBy: end.result.servedBy,
        rawFinishReason: end.result.rawFinishReason,
        warnings: end.result.warnings,
      }),
      stored: 'result' in end && end.result.stored === true,
      at: at.toISOString(),
      durationMs: Math.max(0, durationMs),
      request: asked(request),
    },
  };
}

/** The line that says that rules stood in for a role. It answers no request. */
export function rulesEntry(role: ModelRole, hash: string, at: Date): object {
  return {
    when: { stage: 'rules', role },
    reply: { text: '' },
    recorded: {
      hash,
      model: formatModelRef(rulesAuthor.ref),
      family: rulesAuthor.family,
      stored: false,
      at: at.toISOString(),
      durationMs: 0,
    },
  };
}

function replyOf({ text, finishReason, usage }: ModelResult): object {
  return { reply: { text }, finishReason, usage };
}

function errorOf({ kind, message, fix, status, retryAfterMs, rawReply, usage }: ModelError) {
  return { kind, message, fix, status, retryAfterMs, rawReply, usage };
}

/** What decides a reply, and the names of the parts, for people. */
export function asked(request: ModelRequest): RecordedRequest {
  const { maxOutputTokens, effort, salt, schema, parts } = request;
  return {
    maxOutputTokens,
    effort,
    salt,
    // The schemas are made by zod as JSON.
    schema: schema as RecordedRequest['schema'],
    parts: parts.map(({ role, name, text }) => ({ role, name, text })),
  };
}
