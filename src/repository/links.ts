import type { ResolveImport } from './imports/import-resolver.ts';
import type { Corpus } from './index/corpus.ts';
import { importsOf } from './index/indexed-entry.ts';
import { rowsOf, turned, type Rows } from './rank/rows.ts';
import type { Links } from './rank/graph.ts';

/**
 * Which files import which, by their places.
 * @param known of each file that asks for the same as before, by its place; null for others
 */
export function linksOf(
  { files, places }: Corpus,
  resolve: ResolveImport,
  known: (place: number) => ArrayLike<number> | null = () => null,
): Links {
  const imports = files.map(({ path, entry }, place) => {
    if (entry === null || entry.grammar === null) return [];
    const before = known(place);
    if (before !== null) return before;
    const found = new Set<number>();
    for (const clause of importsOf(entry))
      for (const target of resolve(path, clause, entry.grammar)) {
        const to = places.get(target);
        if (to !== undefined && to !== place) found.add(to);
      }
    return [...found];
  });
  return bothWays(rowsOf(imports));
}

/** The same from both ends. */
export function bothWays(imports: Rows): Links {
  return { imports, importers: turned(imports) };
}
