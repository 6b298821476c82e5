import type { MessagePart } from '../../src/models/language-model.ts';

/** A prompt as a person would read it, for snapshots. */
export function shownPrompt(parts: readonly MessagePart[]): string {
  return parts
    .map(({ role, name, text, cache }) => `=== ${role} ${name}${cache ? ' (cache)' : ''}\n${text}`)
    .join('\n\n');
}
