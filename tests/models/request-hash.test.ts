import { expect, it } from 'vitest';
import { requestHash } from '../../src/models/request-hash.ts';
import { request } from './requests.ts';

const ref = { provider: 'p', model: 'm' };
const base = request();
const schema = { name: 's', json: { type: 'object' } };

it('does not depend on what the call is for, on part names, cache hints or listeners', () => {
  const other = request({
    purpose: { stage: 'review', feature: 'g', task: null, attempt: 7, round: 3 },
    role: 'reviewer',
    parts: base.parts.map((part) => ({ ...part, name: 'other', cache: true })),
    signal: AbortSignal.abort(),
    onText: () => undefined,
    onActivity: () => undefined,
  });
  expect(requestHash(ref, other)).toBe(requestHash(ref, base));
  expect(requestHash(ref, base)).toMatch(/^[0-9a-f]{64}$/);
});

it('depends on all that decides the reply', () => {
  const [system, user] = base.parts;
  if (system === undefined || user === undefined) throw new Error('The request has two parts');
  const hashes = [
    requestHash(ref, base),
    requestHash({ provider: 'p', model: 'n' }, base),
    requestHash({ provider: 'q', model: 'm' }, base),
    requestHash(ref, request({ parts: [system, { ...user, text: 'Another task.' }] })),
    requestHash(ref, request({ parts: [system, { ...user, role: 'assistant' }] })),
    requestHash(ref, request({ parts: [user, system] })),
    requestHash(ref, request({ parts: [{ ...system, text: system.text + user.text }] })),
    requestHash(ref, request({ schema })),
    requestHash(ref, request({ schema: { ...schema, name: 't' } })),
    requestHash(ref, request({ schema: { ...schema, json: { type: 'array' } } })),
    requestHash(ref, request({ salt: 'attempt-2' })),
    requestHash(ref, request({ salt: 'attempt-3' })),
    requestHash(ref, request({ maxOutputTokens: 1001 })),
    requestHash(ref, request({ effort: 'high' })),
  ];
  expect(new Set(hashes).size).toBe(hashes.length);
});
