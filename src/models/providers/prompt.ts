import type { MessagePart, ResponseSchema } from '../language-model.ts';

export interface Turn {
  readonly role: 'user' | 'assistant';
  readonly parts: readonly MessagePart[];
}

export interface Prompt {
  readonly system: readonly MessagePart[];
  /** Roles alternate; the first and the last are the user's. */
  readonly turns: readonly Turn[];
}

/**
 * The parts as vendors take them: system apart, neighbours of one role as one turn, blank parts left out
 * (vendors reject them). A prompt of system parts alone asks with the last of them.
 * @returns null when no part says anything.
 */
export function arrangePrompt(parts: readonly MessagePart[]): Prompt | null {
  const said = parts.filter((part) => part.text.trim() !== '');
  if (said.length === 0) return null;
  const system = said.filter((part) => part.role === 'system');
  const turns: { role: Turn['role']; parts: MessagePart[] }[] = [];
  for (const part of said) {
    if (part.role === 'system') continue;
    const last = turns.at(-1);
    if (last?.role === part.role) last.parts.push(part);
    else turns.push({ role: part.role, parts: [part] });
  }
  if (turns.length === 0) {
    const question = system.pop();
    if (question !== undefined) turns.push({ role: 'user', parts: [question] });
  }
  if (turns[0]?.role === 'assistant') turns.unshift(nudge('Here is what you have written so far.'));
  // Current models take no half-written reply to complete.
  if (turns.at(-1)?.role === 'assistant') turns.push(nudge('Go on.'));
  return { system, turns };
}

function nudge(text: string): { role: 'user'; parts: MessagePart[] } {
  return { role: 'user', parts: [{ role: 'user', name: 'nudge', text }] };
}

/** For vendors that take one text a message. */
export function joinParts(parts: readonly MessagePart[]): string {
  return parts.map((part) => part.text).join('\n\n');
}

/** At most so many places to end a cached prefix; the first and the latest are worth most. */
export function cachePoints(
  parts: readonly MessagePart[],
  limit: number,
): ReadonlySet<MessagePart> {
  const marked = parts.filter((part) => part.cache === true);
  if (marked.length <= limit) return new Set(marked);
  return new Set([...marked.slice(0, 1), ...marked.slice(1 - limit)]);
}

/** For providers that cannot be held to a schema: the schema in words. */
export function schemaInWords(schema: ResponseSchema): string {
  return [
    // Some servers look for the word «json», in small letters.
    'Answer in json: one object alone, no words before or after it, no fence.',
    `It must match this JSON Schema («${schema.name}»):`,
    JSON.stringify(schema.json),
  ].join('\n');
}
