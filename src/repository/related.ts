import { kindOf } from './file-kind.ts';
import type { Corpus } from './index/corpus.ts';
import type { Links } from './rank/graph.ts';
import type { RankedFile } from './rank/rank.ts';
import { rowOf } from './rank/rows.ts';
import type { RelatedFile, Relation } from './project.ts';

/** What is known of the files that a piece of work names or builds on. */
export interface WorkFile {
  readonly path: string;
  /** Paths that it imports as it stands for the work. */
  readonly imports: readonly string[];
}

export interface RelatedInput {
  /** Files that the work names, there or still to be made. */
  readonly named: readonly WorkFile[];
  /** Files that were made before it. */
  readonly produced: readonly WorkFile[];
  /** The whole project in the order of its rank for the work. */
  readonly ranked: readonly RankedFile[];
  /** Words of the work that files hold, by place. */
  readonly shared: ReadonlyMap<number, readonly string[]>;
}

/** Callers and tests that are shown for what the work changes; the rest comes by rank. */
const mostCallers = 12;
const mostTests = 8;
/** Files by rank alone. */
export const mostRanked = 150;

/**
 * The files that have to do with a piece of work, each once with the first reason: what its files import,
 * who calls and tests them, what the files before it import, then by rank.
 */
export function relatedFiles(
  { files, places }: Corpus,
  { importers }: Links,
  { named, produced, ranked, shared }: RelatedInput,
): RelatedFile[] {
  const found = new Map<string, RelatedFile>();
  const known = new Set([...named, ...produced].map(({ path }) => path));
  const add = (path: string, relation: Relation, reason: string): void => {
    if (!known.has(path) && !found.has(path)) found.set(path, { path, relation, reason });
  };
  const rankOf = new Map(ranked.map(({ place }, rank) => [place, rank]));
  const byRank = (list: Iterable<number>): number[] =>
    [...list].sort((a, b) => (rankOf.get(a) ?? Infinity) - (rankOf.get(b) ?? Infinity) || a - b);
  const callersOf = (path: string, tests: boolean): string[] => {
    const place = places.get(path);
    const all = byRank(place === undefined ? [] : rowOf(importers, place));
    return all.flatMap((one) => {
      const file = files[one];
      return file !== undefined && (kindOf(file.path) === 'test') === tests ? file.path : [];
    });
  };

  for (const { path, imports } of named)
    for (const one of imports) add(one, 'import', `imported by ${path}`);
  for (const { path } of named) {
    for (const one of callersOf(path, true).slice(0, mostTests)) add(one, 'test', `tests ${path}`);
    for (const one of callersOf(path, false).slice(0, mostCallers))
      add(one, 'caller', `uses ${path}`);
  }
  for (const { path, imports } of produced)
    for (const one of imports) add(one, 'import', `imported by ${path}`);
  for (const { place } of ranked.slice(0, mostRanked)) {
    const file = files[place];
    if (file === undefined || file.entry === null) continue;
    const words = shared.get(place) ?? [];
    const reason = words.length === 0 ? 'near to what fits' : `shares ${words.join(', ')}`;
    add(file.path, 'rank', reason);
  }
  return [...found.values()];
}
