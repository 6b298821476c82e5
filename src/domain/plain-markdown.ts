import { Lexer, type Token, type Tokens } from 'marked';
import { longestInline } from './markdown-blocks.ts';

/**
 * Inline Markdown as its words: without the marks of code and of strong emphasis, all else as it is written.
 * What only looks like emphasis stays, as `__init__`, a glob or a power: whoever wrote it meant the signs.
 */
export function plainText(tokens: readonly Token[]): string {
  let text = '';
  let before = '';
  tokens.forEach((token, at) => {
    const after = tokens[at + 1]?.raw ?? '';
    text += plainToken(token, before.at(-1) ?? '', after[0] ?? '');
    before = token.raw;
  });
  return text;
}

/** As `plainText`, of the source of one line or paragraph; a very long one is left as it is written. */
export function plainLine(markdown: string): string {
  return markdown.length > longestInline ? markdown : plainText(Lexer.lexInline(markdown));
}

function plainToken(token: Token, before: string, after: string): string {
  switch (token.type) {
    case 'codespan':
      return (token as Tokens.Codespan).text;
    case 'escape':
      // A backslash before another sign is as likely a path's or a pattern's.
      return /^\\[*_`~]$/.test(token.raw) ? token.raw.slice(1) : token.raw;
    case 'strong': {
      const inner = plainText((token as Tokens.Strong).tokens);
      const mark = token.raw.slice(0, 2);
      return isEmphasis(inner, mark, before, after) ? inner : mark + inner + mark;
    }
    case 'em': {
      const mark = token.raw.slice(0, 1);
      return mark + plainText((token as Tokens.Em).tokens) + mark;
    }
    case 'text': {
      const inner = (token as Tokens.Text).tokens;
      return inner === undefined ? token.raw : plainText(inner);
    }
    default:
      return token.raw;
  }
}

/** Words in their marks, rather than `__name__`, `src/**\/x` or `a**b**c`. */
function isEmphasis(inner: string, mark: string, before: string, after: string): boolean {
  if (/[\w/*.\\]/.test(before) || /[\w/*\\]/.test(after)) return false;
  if (/^[/*.\\]|[/*\\]$/.test(inner)) return false;
  return mark === '**' || /\s/.test(inner.trim()) || /^R[-_ ]?\d/.test(inner);
}
