import { joinParts, schemaInWords, type Prompt } from '../prompt.ts';
import type { ResponseSchema } from '../../language-model.ts';

/** For programs that are given one text: the whole prompt, turns told apart. */
export function conversation(
  prompt: Prompt,
  wanted: { readonly system: boolean; readonly schema?: ResponseSchema | undefined },
): string {
  const system = wanted.system && prompt.system.length > 0 ? [joinParts(prompt.system)] : [];
  const turns =
    prompt.turns.length === 1
      ? prompt.turns.map((turn) => joinParts(turn.parts))
      : prompt.turns.map(
          (turn) =>
            `${turn.role === 'user' ? '# Request' : '# Your reply to it'}\n\n${joinParts(turn.parts)}`,
        );
  const schema = wanted.schema === undefined ? [] : [schemaInWords(wanted.schema)];
  const text = [...system, ...turns, ...schema].join('\n\n');
  // A first character as this would make it a command of the program's own.
  return /^\s*[/!@#]/.test(text) ? `The request:\n\n${text}` : text;
}

/** The instructions as a text of their own, for programs that take them apart from the prompt. */
export function instructions(prompt: Prompt): string {
  return prompt.system.length > 0
    ? joinParts(prompt.system)
    : 'Answer the request with text. You have no tools.';
}
