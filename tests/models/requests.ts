import type { ModelRequest } from '../../src/models/language-model.ts';

/** A request with nothing special about it. */
export function request(more: Partial<ModelRequest> = {}): ModelRequest {
  return {
    role: 'coder',
    purpose: { stage: 'execute', feature: 'f', task: 'T1', attempt: 1, round: 1 },
    parts: [
      { role: 'system', name: 'instructions', text: 'Do it.' },
      { role: 'user', name: 'task', text: 'The task.' },
    ],
    maxOutputTokens: 1000,
    signal: new AbortController().signal,
    ...more,
  };
}
