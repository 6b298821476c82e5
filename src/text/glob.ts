/** More wild cards in a pattern than this are nobody's work, and could be matched in too many ways. */
const mostWild = 12;

/**
 * What a glob of slash paths matches as a whole: `*`, `?` and `[…]` within one name, `**` over any number of
 * names, `{a,b}` one of several. `./` before it and a slash behind it say nothing.
 */
export function globPattern(glob: string): RegExp {
  const plain = glob.replace(/^(?:\.?\/)+/, '').replace(/\/+$/, '');
  if ((plain.match(/\*+|\?/g) ?? []).length > mostWild) return /(?!)/;
  const source = plain.replace(
    part,
    (token, group: string | undefined, set: string | undefined) => {
      if (group !== undefined) return `(?:${group.split(',').map(escaped).join('|')})`;
      if (set !== undefined) return `[${set.replace(/^!/, '^').replace(/[\\[\]]/g, '\\$&')}]`;
      if (token === '/**') return '(?:/.*)?';
      if (token.startsWith('**/')) return '(?:.*/)?';
      if (token.startsWith('**')) return '.*';
      if (token.startsWith('*')) return '[^/]*';
      return token === '?' ? '[^/]' : escaped(token);
    },
  );
  try {
    return new RegExp(`^${source}$`, 's');
  } catch {
    // A set that runs backwards.
    return /(?!)/;
  }
}

const part = /\{([^{}]*,[^{}]*)\}|\[([^\]/]+)\]|\/\*\*(?=$)|\*\*+\/?|[^]/gu;

/** As characters of a pattern; in alternatives `*` keeps its meaning. */
function escaped(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*+/g, '[^/]*');
}
