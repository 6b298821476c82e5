import { cachedPart, userPart, type MessagePart } from '../models/language-model.ts';
import { fenced } from '../text/fence.ts';
import type { ContextFile } from './ports.ts';

/** The project's own files, or nothing when there are none. */
export function contextParts(files: readonly ContextFile[]): MessagePart[] {
  if (files.length === 0) return [];
  const text = files.map(({ path, text }) => `File ${path}:\n${fenced(text)}`).join('\n\n');
  return [cachedPart('context', `Files of the project as it stands, for reference:\n\n${text}`)];
}

/** A second round: the model's own reply, then what is wrong with it. */
export function correctionParts(reply: string, faults: string): MessagePart[] {
  return [
    // Some providers refuse an empty assistant turn.
    { role: 'assistant', name: 'reply', text: reply.trim() === '' ? '(empty)' : reply },
    userPart('faults', faults),
  ];
}

export function bullets(items: readonly string[]): string {
  return items.map((item) => `- ${item.replaceAll('\n', '\n  ')}`).join('\n');
}
