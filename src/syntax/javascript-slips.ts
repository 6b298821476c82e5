import type { Node } from 'web-tree-sitter';
import type { Grammar, SyntaxError } from './languages.ts';

/** Their grammars take more for a name than the language does, and an object for a statement. */
const family: ReadonlySet<Grammar> = new Set(['javascript', 'typescript', 'tsx']);

/** In no name; within strings, comments and regular expressions it may stand. */
const nameless = /[^\p{ID_Continue}\s\0-\x7f\u200c\u200d\ufeff]/gu;

/** The first thing in a text of the family that its grammar reads and the language does not know. */
export function slipIn(grammar: Grammar, text: string, root: Node): SyntaxError | null {
  if (!family.has(grammar)) return null;
  const first = root.firstNamedChild;
  if (first?.type === 'expression_statement' && text[first.startIndex] === '{')
    return { line: first.startPosition.row + 1, message: 'an object is no statement' };
  for (const { 0: character, index } of text.matchAll(nameless)) {
    const node = root.descendantForIndex(index);
    if (node?.type.includes('identifier') === true)
      return { line: node.startPosition.row + 1, message: `no name can hold «${character}»` };
  }
  return null;
}
