import { Lexer, type Token } from 'marked';

/** Characters of a paragraph or a heading up to which its inline marks are read: their cost grows by the square. */
export const longestInline = 4_000;

/** What was read last: a spec is asked for many things, one after another. */
let last: { readonly markdown: string; readonly blocks: readonly Token[] } = {
  markdown: '',
  blocks: [],
};

/**
 * Markdown as its blocks, in time by its length whatever it holds: inline marks of a very long paragraph are left as
 * they are written, and where blocks are nested too deeply, each line is a paragraph or a heading. White space at the
 * end is left out. Never throws.
 */
export function blocksOf(text: string): readonly Token[] {
  const markdown = text.trimEnd();
  if (last.markdown !== markdown) last = { markdown, blocks: read(markdown) };
  return last.blocks;
}

function read(markdown: string): Token[] {
  const source = markdown.replace(/\r\n|\r/g, '\n');
  try {
    const lexer = new Lexer();
    const blocks = lexer.blockTokens(source, []);
    for (const { src, tokens } of lexer.inlineQueue)
      if (src.length > longestInline) tokens.push({ type: 'text', raw: src, text: src });
      else lexer.inlineTokens(src, tokens);
    return blocks;
  } catch {
    return source.split('\n').map(lineBlock);
  }
}

function lineBlock(raw: string): Token {
  const [, marks = '', heading] = /^(#{1,6})[ \t]+(.*)$/.exec(raw) ?? [];
  const text = heading ?? raw;
  const tokens: Token[] = [{ type: 'text', raw: text, text }];
  const block = { raw: `${raw}\n`, text, tokens };
  return heading === undefined
    ? { type: 'paragraph', ...block }
    : { type: 'heading', depth: marks.length, ...block };
}
