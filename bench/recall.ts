import { createImportResolver } from '../src/repository/imports/resolver.ts';
import { corpusOf, entryAt, type Corpus, type CorpusFile } from '../src/repository/index/corpus.ts';
import { packEntry, symbolsOf, type IndexedEntry } from '../src/repository/index/indexed-entry.ts';
import { isUnread, keyOf, largestFile } from '../src/repository/index/refresh.ts';
import { createSlabs } from '../src/repository/index/slabs.ts';
import { createTermTable } from '../src/repository/index/terms.ts';
import { kindOf } from '../src/repository/file-kind.ts';
import { linksOf } from '../src/repository/links.ts';
import { outlineOf } from '../src/repository/outline.ts';
import { packagesIn } from '../src/repository/packages/packages-in.ts';
import type { Graph } from '../src/repository/rank/edges.ts';
import { graphOf } from '../src/repository/rank/graph.ts';
import { queryOf } from '../src/repository/rank/query.ts';
import { rankFiles } from '../src/repository/rank/rank.ts';
import { readEntry } from '../src/repository/read-entry.ts';
import { fillPack, type FilledFile } from '../src/workflows/fill-pack.ts';
import { openHistory, type History, type HistoricCommit, type LineRange } from './history.ts';

/** How much of what a commit changed stood in a pack that was made from its message alone. */
export interface Recall {
  readonly way: Way;
  /** Shares, means over commits. */
  readonly files: number;
  readonly wholeFiles: number;
  readonly symbols: number;
}

export const ways = ['nothing', 'text alone', 'map alone', 'both', 'oracle'] as const;
export type Way = (typeof ways)[number];

interface Found extends Omit<Recall, 'way' | 'symbols'> {
  readonly symbols: number | null;
}

const packTokens = 30_000;
/** As many as a pack tries. */
const mostCandidates = 150;

/** For commits of a real history: the message is the task, what was changed is what should be in the pack. */
export async function recallOf(
  folder: string,
  count: number,
): Promise<{ commits: number; recalls: Recall[] }> {
  const history = openHistory(folder);
  const found = new Map<Way, Found[]>(ways.map((way) => [way, []]));
  const isSource = (path: string): boolean => ['source', 'test'].includes(kindOf(path));
  const commits = history.commits(count, isSource);
  const reader = entryReader(history);
  for (const commit of commits) {
    const known = await reader(commit);
    for (const way of ways) found.get(way)?.push(await recallIn(way, commit, known, history));
  }
  history.close();
  return {
    commits: commits.length,
    recalls: [...found].map(([way, all]) => ({
      way,
      files: mean(all.map(({ files }) => files)),
      wholeFiles: mean(all.map(({ wholeFiles }) => wholeFiles)),
      // Commits that touch no symbol say nothing of them.
      symbols: mean(all.flatMap(({ symbols }) => symbols ?? [])),
    })),
  };
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / Math.max(1, numbers.length);
}

interface KnownTree {
  readonly corpus: Corpus;
  readonly graph: Graph;
  readonly blobs: ReadonlyMap<string, string>;
}

/** The project as it was before each commit. A content that two trees share is read once. */
function entryReader(history: History): (commit: HistoricCommit) => Promise<KnownTree> {
  const terms = createTermTable();
  const slabs = createSlabs();
  const entries = new Map<string, IndexedEntry>();
  const { signal } = new AbortController();
  return async ({ id }) => {
    const tree = history.treeBefore(id);
    const blobs = new Map(tree.map(({ path, blob }) => [path, blob]));
    const files: CorpusFile[] = [];
    for (const { path, blob, size } of tree) {
      const key = keyOf(path, blob);
      if (!isUnread(kindOf(path)) && size <= largestFile && !entries.has(key))
        entries.set(
          key,
          packEntry(await readEntry(path, await history.blob(blob), signal), terms, slabs),
        );
      files.push({ path, size, key, entry: entries.get(key) ?? null });
    }
    files.sort((a, b) => (a.path < b.path ? -1 : 1));
    const corpus = corpusOf(files, terms);
    const read = async (path: string): Promise<string | null> => {
      const blob = blobs.get(path);
      return blob === undefined ? null : (await history.blob(blob)).toString('utf8');
    };
    const view = { files: new Set(blobs.keys()), read };
    const resolve = await createImportResolver(view, await packagesIn(view));
    return { corpus, graph: graphOf(corpus, linksOf(corpus, resolve)), blobs };
  };
}

async function recallIn(
  way: Way,
  { message, changed }: HistoricCommit,
  { corpus, graph, blobs }: KnownTree,
  history: History,
): Promise<Found> {
  const filled = await fillPack(
    orderOf(way, message, changed, corpus, graph).map((place) => {
      const file = corpus.files[place];
      const path = file?.path ?? '';
      const entry = entryAt(corpus, place);
      return {
        path,
        whole: async () => {
          const blob = blobs.get(path);
          return blob === undefined ? null : (await history.blob(blob)).toString('utf8');
        },
        outline: async () => (entry === null ? null : outlineOf({ symbols: symbolsOf(entry) })),
      };
    }),
    packTokens,
  );
  const shown = new Map(filled.map((file) => [file.path, file]));
  let symbols = 0;
  let seen = 0;
  for (const [path, ranges] of changed)
    for (const line of touched(corpus, path, ranges)) {
      symbols += 1;
      if (holds(shown.get(path), line)) seen += 1;
    }
  const files = [...changed.keys()];
  return {
    files: files.filter((path) => shown.has(path)).length / files.length,
    wholeFiles: files.filter((path) => shown.get(path)?.form === 'whole').length / files.length,
    symbols: symbols === 0 ? null : seen / symbols,
  };
}

function orderOf(
  way: Way,
  message: string,
  changed: HistoricCommit['changed'],
  corpus: Corpus,
  graph: Graph,
): number[] {
  if (way === 'nothing') return [];
  if (way === 'oracle') return [...changed.keys()].flatMap((path) => corpus.places.get(path) ?? []);
  const by = { 'text alone': 'text', 'map alone': 'graph', both: 'both' } as const;
  return rankFiles(corpus, graph, queryOf(message, corpus), { by: by[way] })
    .map(({ place }) => place)
    .filter((place) => entryAt(corpus, place) !== null)
    .slice(0, mostCandidates);
}

/** Signatures of the symbols that a change touches, the innermost ones. */
function touched(corpus: Corpus, path: string, ranges: readonly LineRange[]): Set<string> {
  const entry = entryAt(corpus, corpus.places.get(path) ?? -1);
  const symbols = entry === null ? [] : symbolsOf(entry);
  const found = new Set<string>();
  for (const [from, to] of ranges) {
    const holding = symbols.filter(({ line, endLine }) => line <= to && endLine >= from);
    for (const symbol of holding)
      if (!holding.some((other) => other !== symbol && isWithin(other, symbol)))
        found.add(symbol.signature);
  }
  return found;
}

function isWithin(
  inner: { line: number; endLine: number },
  outer: { line: number; endLine: number },
): boolean {
  return inner.line >= outer.line && inner.endLine <= outer.endLine;
}

function holds(file: FilledFile | undefined, signature: string): boolean {
  return file !== undefined && (file.form === 'whole' || file.text.includes(signature));
}
