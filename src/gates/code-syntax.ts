import { weakGrammars, withoutGaps } from './grammar-gaps.ts';
import { engineAccepts } from './javascript-opinion.ts';
import type { Grammar, SyntaxError } from '../syntax/languages.ts';
import { readSyntax } from '../syntax/read-syntax.ts';

/**
 * What is wrong with a source file; empty when it is sound. What a grammar refuses is looked at again,
 * as no grammar knows all of its language: known gaps are filled, JavaScript is shown to the engine, and
 * grammars with many gaps only block a file whose brackets do not match.
 * @throws Error when it takes longer than `limitMs`.
 */
export async function codeErrors(
  path: string,
  grammars: readonly Grammar[],
  text: string,
  limitMs: number,
  signal?: AbortSignal,
): Promise<SyntaxError[]> {
  let first: SyntaxError[] | null = null;
  for (const grammar of grammars) {
    const errors = await errorsOf(grammar, text, limitMs, signal);
    if (errors.length === 0) return [];
    first ??= errors;
  }
  const errors = first ?? [];
  if (grammars.includes('javascript') && (await engineAccepts(path, text, limitMs))) return [];
  const weak = grammars.some((grammar) => weakGrammars.has(grammar));
  if (!weak || unbalanced(text, grammars)) return errors;
  return errors.map((error) => ({ ...error, doubtful: true }));
}

async function errorsOf(
  grammar: Grammar,
  text: string,
  limitMs: number,
  signal?: AbortSignal,
): Promise<SyntaxError[]> {
  const read = (one: string): Promise<SyntaxError[]> =>
    readSyntax({ kind: 'errors', grammar, text: one, limitMs }, signal);
  const errors = await read(text);
  if (errors.length === 0) return [];
  const filled = withoutGaps(grammar, text);
  return filled === text ? errors : read(filled);
}

/** Whether opening and closing braces differ in number, comments and strings left out. */
function unbalanced(text: string, grammars: readonly Grammar[]): boolean {
  const cFamily = grammars.includes('c') || grammars.includes('cpp');
  // Branches of the preprocessor may open the same brace twice.
  if (cFamily && /^[ \t]*#[ \t]*(?:if|ifdef|ifndef)\b/m.test(text)) return false;
  // What is never closed ends with the text or the line, so that no part is looked at twice.
  const noise = new RegExp(
    [
      String.raw`\/\*[\s\S]*?(?:\*\/|$)`,
      ...(grammars.includes('css') ? [] : [String.raw`\/\/[^\n]*`]),
      String.raw`"""[\s\S]*?(?:"""|$)`,
      String.raw`"(?:\\.|[^"\\\n])*"?`,
      String.raw`'(?:\\.|[^'\\\n]){0,80}'`,
    ].join('|'),
    'g',
  );
  const bare = text.replace(noise, '');
  return (bare.match(/\{/g)?.length ?? 0) !== (bare.match(/\}/g)?.length ?? 0);
}
