import type { Grammar } from '../../syntax/languages.ts';
import type { Corpus } from '../index/corpus.ts';
import { idf } from './bm25.ts';

/** Who leads to whom, in rows: the edges of place `p` are those from `starts[p]` to `starts[p + 1]`. */
export interface Graph {
  readonly starts: Uint32Array;
  readonly targets: Uint32Array;
  readonly weights: Float32Array;
}

/** What files ask of each other. */
export interface Links {
  /** Places of the files that each file imports, by place. */
  readonly imports: readonly ReadonlySet<number>[];
  /** The same from the other end. */
  readonly importers: readonly ReadonlySet<number>[];
}

/** A name that more files define than this tells of none of them. */
const mostDefiners = 6;
/** A short name is used by chance. */
const shortestName = 4;
/** What an import weighs by itself, and how much more a name weighs whose file is imported. */
const importWeight = 2;
const importedNameWeight = 4;
/** Edges of one file at most, the heaviest ones. */
const mostEdges = 150;
/** How much the way back from a file to those that use it weighs. */
const backWeight = 0.25;

/**
 * Edges from each file to those that it imports and those that define names which it uses, weighted by how
 * rare the name is, and a part of each the other way.
 */
export function graphOf(corpus: Corpus, { imports }: Links): Graph {
  const { files } = corpus;
  const { definers, users } = namesOf(corpus);
  const rows = files.map(() => new Map<number, number>());
  const add = (from: number, to: number, weight: number): void => {
    const row = rows[from];
    if (row !== undefined && from !== to) row.set(to, (row.get(to) ?? 0) + weight);
  };
  for (const [place, { entry }] of files.entries()) {
    if (entry === null || entry.grammar === null) continue;
    const own = new Map<number, number>();
    const imported = imports[place] ?? new Set();
    for (const to of imported) own.set(to, importWeight);
    for (let at = 0; at < entry.words.length; at += 2) {
      const term = entry.words[at] ?? 0;
      const among = definers.get(term);
      if (among === undefined || among.length > mostDefiners || among.includes(place)) continue;
      const direct = among.filter((one) => imported.has(one));
      const rarity = idf(users[term] ?? 0, files.length);
      const often = Math.sqrt(entry.words[at + 1] ?? 1);
      if (direct.length > 0)
        for (const to of direct)
          own.set(to, (own.get(to) ?? 0) + (importedNameWeight * rarity * often) / direct.length);
      else if (corpus.terms.wordOf(term).length >= shortestName)
        for (const to of among)
          if (isKindred(files[to]?.entry?.grammar ?? null, entry.grammar))
            own.set(to, (own.get(to) ?? 0) + (rarity * often) / among.length ** 2 / 4);
    }
    const heaviest = [...own].sort(([a, x], [c, y]) => y - x || a - c).slice(0, mostEdges);
    for (const [to, weight] of heaviest) {
      add(place, to, weight);
      add(to, place, weight * backWeight);
    }
  }
  return inRows(rows);
}

function namesOf(corpus: Corpus): { definers: ReadonlyMap<number, number[]>; users: Uint32Array } {
  const definers = new Map<number, number[]>();
  const users = new Uint32Array(corpus.terms.size);
  for (const [place, { entry }] of corpus.files.entries()) {
    if (entry === null) continue;
    for (const term of entry.defines) {
      const places = definers.get(term);
      if (places === undefined) definers.set(term, [place]);
      else if (places.length <= mostDefiners) places.push(place);
    }
    for (let at = 0; at < entry.words.length; at += 2) {
      const term = entry.words[at] ?? 0;
      users[term] = (users[term] ?? 0) + 1;
    }
  }
  return { definers, users };
}

const kin: readonly (readonly Grammar[])[] = [
  ['javascript', 'typescript', 'tsx', 'vue'],
  ['c', 'cpp'],
];

function isKindred(one: Grammar | null, other: Grammar): boolean {
  return (
    one === other || (one !== null && kin.some((all) => all.includes(one) && all.includes(other)))
  );
}

function inRows(rows: readonly ReadonlyMap<number, number>[]): Graph {
  const count = rows.reduce((sum, { size }) => sum + size, 0);
  const starts = new Uint32Array(rows.length + 1);
  const targets = new Uint32Array(count);
  const weights = new Float32Array(count);
  let at = 0;
  for (const [place, row] of rows.entries()) {
    starts[place] = at;
    for (const [to, weight] of row) {
      targets[at] = to;
      weights[at++] = weight;
    }
  }
  starts[rows.length] = at;
  return { starts, targets, weights };
}
