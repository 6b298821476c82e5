import { whole, type LanguageQuery } from './language-query.ts';

/** Its selectors are no symbols that other files name. */
export const css: LanguageQuery = {
  query: '(import_statement) @import',
  depth: 2,
  isExported: () => false,
  importsOf: (clause) => {
    const [, written = '', bare = written] =
      /@import\s+(?:url\(\s*)?(?:["']([^"']+)["']|([^"'\s);]+))/.exec(clause) ?? [];
    return whole(bare);
  },
};
