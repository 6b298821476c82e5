import { toSingleLine } from '../domain/text.ts';
import { cachedPart, userPart, type MessagePart } from '../models/language-model.ts';
import { fenced } from '../text/fence.ts';
import type { ContextFile } from './ports.ts';

/** The project's own files, or nothing when there are none. */
export function contextParts(files: readonly ContextFile[]): MessagePart[] {
  if (files.length === 0) return [];
  const text = `Files of the project as it stands, for reference:\n\n${contextText(files)}`;
  return [cachedPart('context', text)];
}

/** Files under their names, which may hold anything that a file system takes. */
export function contextText(files: readonly ContextFile[]): string {
  return files
    .map(({ path, text }) => `File ${toSingleLine(path, 1_000)}:\n${fenced(text)}`)
    .join('\n\n');
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
