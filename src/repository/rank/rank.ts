import type { Corpus } from '../index/corpus.ts';
import { bm25 } from './bm25.ts';
import type { Graph } from './edges.ts';
import { pageRank } from './page-rank.ts';
import type { Query } from './query.ts';

/** A file with how much it matters for a text, 0 to 1, the highest first. */
export interface RankedFile {
  readonly place: number;
  readonly score: number;
}

/** The shares of what a file says itself and of what leads to it; measured by `npm run bench -- --only recall`. */
const textShare = 0.6;

/** Walks begin at the files that fit a text best. */
const mostBeginnings = 15;

export interface Ranking {
  /** What ranks: the text of the files alone, what leads to them alone, or both. */
  readonly by?: 'text' | 'graph' | 'both';
}

/**
 * The files that matter for a text: those that it names first, then by the words they share with it and by
 * what leads to and from files that share them. Files of score 0 are left out; a text that names nothing of
 * the project gets the files that most lead to.
 */
export function rankFiles(
  corpus: Corpus,
  graph: Graph,
  query: Query,
  { by = 'both' }: Ranking = {},
): RankedFile[] {
  const fits = scaled(bm25(corpus, query.terms));
  const begin = new Float64Array(corpus.files.length);
  for (const place of best(fits, mostBeginnings)) begin[place] = (fits[place] ?? 0) ** 2;
  for (const place of query.named) begin[place] = (begin[place] ?? 0) + 1;
  const leads = by === 'text' ? fits : scaled(pageRank(graph, begin));
  const share = by === 'text' ? 1 : by === 'graph' ? 0 : textShare;
  const scores = fits.map((fit, place) => share * fit + (1 - share) * (leads[place] ?? 0));
  for (const place of query.named) scores[place] = 1 + (scores[place] ?? 0);
  return sorted(scores);
}

/** The places of the highest scores, of equals the first ones. */
function best(scores: Float64Array, most: number): number[] {
  const found: number[] = [];
  for (const [place, score] of scores.entries()) {
    if (score <= (found.length < most ? 0 : (scores[found.at(-1) ?? 0] ?? 0))) continue;
    const at = found.findLastIndex((other) => (scores[other] ?? 0) >= score) + 1;
    found.splice(at, 0, place);
    if (found.length > most) found.pop();
  }
  return found;
}

function sorted(scores: Float64Array): RankedFile[] {
  const found: RankedFile[] = [];
  for (const [place, score] of scores.entries()) if (score > 0) found.push({ place, score });
  return found.sort((a, b) => b.score - a.score || a.place - b.place);
}

function scaled(scores: Float64Array): Float64Array {
  const most = scores.reduce((max, score) => Math.max(max, score), 0);
  return most === 0 ? scores : scores.map((score) => score / most);
}
