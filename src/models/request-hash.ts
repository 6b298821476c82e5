import { formatModelRef, type ModelRef } from '../domain/model-role.ts';
import { sha256 } from '../text/sha256.ts';
import type { MessagePart, ModelRequest } from './language-model.ts';

/**
 * SHA-256, hex, of all that decides a reply: the model, the words and their roles, the schema, the limits
 * and the salt. What a call is for, part names and cache hints are left out.
 */
export function requestHash(ref: ModelRef, request: ModelRequest): string {
  const { parts, schema, maxOutputTokens, effort, salt } = request;
  const known = hashes.get(parts);
  if (
    known !== undefined &&
    known.ref === ref &&
    known.schema === schema &&
    known.maxOutputTokens === maxOutputTokens &&
    known.effort === effort &&
    known.salt === salt
  )
    return known.hash;
  const content = [
    1,
    formatModelRef(ref),
    parts.map((part) => [part.role, part.text]),
    schema ?? null,
    maxOutputTokens,
    effort ?? null,
    salt ?? null,
  ];
  const hash = sha256(JSON.stringify(content));
  hashes.set(parts, { ref, schema, maxOutputTokens, effort, salt, hash });
  return hash;
}

/** A call's hash is asked for by all that stands around its model, with the same parts. */
const hashes = new WeakMap<
  readonly MessagePart[],
  Pick<ModelRequest, 'maxOutputTokens'> & {
    readonly ref: ModelRef;
    readonly schema: ModelRequest['schema'];
    readonly effort: ModelRequest['effort'];
    readonly salt: ModelRequest['salt'];
    readonly hash: string;
  }
>();
