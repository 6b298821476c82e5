import type { ResolveImport } from './imports/import-resolver.ts';
import type { Corpus } from './index/corpus.ts';
import type { Links } from './rank/graph.ts';

/** Which files import which, by their places. */
export function linksOf({ files, places }: Corpus, resolve: ResolveImport): Links {
  const imports = files.map((): number[] => []);
  const importers = files.map((): number[] => []);
  for (const [place, { path, entry }] of files.entries()) {
    if (entry === null || entry.grammar === null) continue;
    for (const clause of entry.imports)
      for (const target of resolve(path, clause, entry.grammar)) {
        const to = places.get(target);
        if (to === undefined || to === place) continue;
        const found = imports[place];
        if (found === undefined || found.includes(to)) continue;
        found.push(to);
        importers[to]?.push(place);
      }
  }
  return { imports, importers };
}
