import { createImportResolver } from '../../src/repository/imports/resolver.ts';
import { corpusOf, type Corpus } from '../../src/repository/index/corpus.ts';
import { packEntry } from '../../src/repository/index/indexed-entry.ts';
import { blobHash, keyOf } from '../../src/repository/index/refresh.ts';
import { createSlabs } from '../../src/repository/index/slabs.ts';
import { createTermTable } from '../../src/repository/index/terms.ts';
import { linksOf } from '../../src/repository/links.ts';
import { packagesIn } from '../../src/repository/packages/packages-in.ts';
import type { Graph } from '../../src/repository/rank/edges.ts';
import { graphOf, type Links } from '../../src/repository/rank/graph.ts';
import { readEntry } from '../../src/repository/read-entry.ts';

export interface SmallProject {
  readonly corpus: Corpus;
  readonly links: Links;
  readonly graph: Graph;
  readonly place: (path: string) => number;
}

/** A project of these texts by path, as ranking sees it. */
export async function smallProject(texts: Readonly<Record<string, string>>): Promise<SmallProject> {
  const terms = createTermTable();
  const slabs = createSlabs();
  const paths = Object.keys(texts).sort();
  const files = await Promise.all(
    paths.map(async (path) => {
      const bytes = Buffer.from(texts[path] ?? '');
      const entry = packEntry(await readEntry(path, bytes), terms, slabs);
      return { path, size: bytes.length, key: keyOf(path, blobHash(bytes)), entry };
    }),
  );
  const corpus = corpusOf(files, terms);
  const view = { files: new Set(paths), read: async (path: string) => texts[path] ?? null };
  const links = linksOf(corpus, await createImportResolver(view, await packagesIn(view)));
  const place = (path: string): number => corpus.places.get(path) ?? -1;
  return { corpus, links, graph: graphOf(corpus, links), place };
}
