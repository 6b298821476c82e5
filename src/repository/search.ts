import MiniSearch from 'minisearch';
import { throwIfAborted } from '../domain/errors.ts';
import { wordsOf } from '../text/words.ts';
import { chunksOf, type Chunk } from './chunks.ts';
import type { Corpus } from './index/corpus.ts';
import { symbolsOf } from './index/indexed-entry.ts';
import { bm25 } from './rank/bm25.ts';
import { queryOf } from './rank/query.ts';

/** A piece of a file that fits a query. */
export interface SearchHit extends Chunk {
  readonly path: string;
  /** The higher the better; of one search only. */
  readonly score: number;
}

export interface SearchOptions {
  /** Pieces at most. */
  readonly limit: number;
  /** The text of a file as it stands now; null where it is gone. */
  readonly read: (path: string) => Promise<string | null>;
  readonly signal: AbortSignal;
}

/** Files that are cut into pieces: those that fit the query best as a whole. */
const mostFiles = 40;

/**
 * The pieces of the project that fit a query best, by BM25 over whole files and then over their pieces. The
 * second is made for each search: what is found is what stands in the files now.
 */
export async function searchCorpus(
  corpus: Corpus,
  query: string,
  { limit, read, signal }: SearchOptions,
): Promise<SearchHit[]> {
  const { terms, named } = queryOf(query, corpus);
  const scores = bm25(corpus, terms);
  const highest = scores.reduce((most, score) => Math.max(most, score), 1);
  for (const place of named) scores[place] = (scores[place] ?? 0) + highest;
  const best = bestOf(scores, mostFiles);
  const pieces: (Chunk & { readonly id: number; readonly path: string })[] = [];
  for (const place of best) {
    throwIfAborted(signal);
    const file = corpus.files[place];
    const text = file === undefined ? null : await read(file.path);
    if (file === undefined || file.entry === null || text === null) continue;
    for (const chunk of chunksOf(file.path, text, { symbols: symbolsOf(file.entry) }))
      pieces.push({ ...chunk, id: pieces.length, path: file.path });
  }
  // The pieces of a file share its path.
  const wordsOfPath = new Map<string, string[]>();
  const pathWords = (path: string): string[] => {
    const words = wordsOfPath.get(path) ?? wordsIn(path);
    wordsOfPath.set(path, words);
    return words;
  };
  const wanted = new Set([...terms.keys()].map((term) => corpus.terms.wordOf(term)));
  const index = new MiniSearch<(typeof pieces)[number]>({
    fields: ['text', 'path', 'heading'],
    tokenize: (text, field) => (field === 'path' ? pathWords(text) : wordsIn(text)),
    // Other words count for the length of a piece; nobody asks for them.
    processTerm: (term) => (wanted.has(term) ? term : null),
  });
  index.addAll(pieces);
  const found = index.search([...wanted].join(' '), { boost: { path: 1.5, heading: 2 } });
  return found.slice(0, limit).flatMap(({ id, score }) => {
    const piece = pieces[Number(id)];
    if (piece === undefined) return [];
    const { path, line, endLine, text, heading } = piece;
    return [{ path, line, endLine, text, heading, score }];
  });
}

function wordsIn(text: string): string[] {
  return [...wordsOf(text).keys()];
}

/** Places of the highest scores above 0, so many at most; of equal ones the first. */
function bestOf(scores: Float64Array, most: number): number[] {
  const best: number[] = [];
  for (const [place, score] of scores.entries()) {
    if (score <= 0 || (best.length === most && score <= (scores[best[most - 1] ?? 0] ?? 0)))
      continue;
    const at = best.findIndex((other) => (scores[other] ?? 0) < score);
    best.splice(at === -1 ? best.length : at, 0, place);
    best.length = Math.min(best.length, most);
  }
  return best;
}
