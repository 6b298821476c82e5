import { createHash } from 'node:crypto';
import { formatModelRef, type ModelRef } from '../domain/model-role.ts';
import type { ModelRequest } from './language-model.ts';

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
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}
