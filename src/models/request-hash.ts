import { formatModelRef, type ModelRef } from '../domain/model-role.ts';
import type { ModelRequest } from './language-model.ts';
import { sha256 } from '../text/sha256.ts';

/**
 * SHA-256, hex, of all that decides a reply: the model, the words and their roles, the schema, the limits
 * and the salt. What a call is for, part names and cache hints are left out.
 */
export function requestHash(ref: ModelRef, request: ModelRequest): string {
  const content = [
    1,
    formatModelRef(ref),
    request.parts.map((part) => [part.role, part.text]),
    request.schema ?? null,
    request.maxOutputTokens,
    request.effort ?? null,
    request.salt ?? null,
  ];
  return sha256(JSON.stringify(content));
}
