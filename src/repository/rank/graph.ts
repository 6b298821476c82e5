import type { Grammar } from '../../syntax/languages.ts';
import type { Corpus } from '../index/corpus.ts';
import { idf } from './bm25.ts';
import { createEdges, type Graph } from './edges.ts';
import { markedWords } from './marked-words.ts';
import { rowOf, type Rows } from './rows.ts';

/** What files ask of each other. */
export interface Links {
  /** Places of the files that each file imports, by place. */
  readonly imports: Rows;
  /** The same from the other end, ascending. */
  readonly importers: Rows;
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

/**
 * Edges from each file to those that it imports and those that define names which it uses, weighted by how
 * rare the name is, and a part of each the other way.
 */
export function graphOf(corpus: Corpus, { imports }: Links): Graph {
  const { files, terms } = corpus;
  const { starts, definers, users, isTelling } = namesOf(corpus);
  const telling = markedWords(corpus, isTelling);
  const edges = createEdges(files.length);
  // By place, for the file at hand: 0 where it leads nowhere.
  const own = new Float64Array(files.length);
  const isImported = new Uint8Array(files.length);
  let touched: number[] = [];
  const lead = (to: number, weight: number): void => {
    if (own[to] === 0) touched.push(to);
    own[to] = (own[to] ?? 0) + weight;
  };
  for (const [place, { entry }] of files.entries()) {
    if (entry === null || entry.grammar === null) continue;
    const { words, grammar } = entry;
    const imported = rowOf(imports, place);
    for (const to of imported) {
      isImported[to] = 1;
      lead(to, importWeight);
    }
    const found = telling.find(words);
    for (let name = 0; name < found; name += 1) {
      const at = telling.places[name] ?? 0;
      const term = words[at] ?? 0;
      const from = starts[term] ?? 0;
      const end = starts[term + 1] ?? 0;
      const count = end - from;
      let direct = 0;
      let isOwn = false;
      for (let one = from; one < end; one += 1) {
        const definer = definers[one] ?? 0;
        if (definer === place) isOwn = true;
        direct += isImported[definer] ?? 0;
      }
      if (isOwn || (direct === 0 && terms.wordOf(term).length < shortestName)) continue;
      const worth = idf(users[term] ?? 0, files.length) * Math.sqrt(words[at + 1] ?? 1);
      for (let one = from; one < end; one += 1) {
        const definer = definers[one] ?? 0;
        if (direct > 0) {
          if (isImported[definer] === 1) lead(definer, (importedNameWeight * worth) / direct);
        } else if (isKindred(files[definer]?.entry?.grammar ?? null, grammar))
          lead(definer, worth / count ** 2 / 4);
      }
    }
    if (touched.length > mostEdges) touched.sort((a, b) => (own[b] ?? 0) - (own[a] ?? 0) || a - b);
    for (const to of touched.slice(0, mostEdges))
      if (to !== place) edges.add(place, to, own[to] ?? 0);
    for (const to of touched) own[to] = 0;
    for (const to of imported) isImported[to] = 0;
    touched = [];
  }
  return edges.bothWays();
}

/** Where each term is defined, in rows as those of a graph, and how many files use it. */
interface Names {
  readonly starts: Uint32Array;
  readonly definers: Uint32Array;
  readonly users: Uint32Array;
  /** 1 for a term that so few files define that it tells of them. */
  readonly isTelling: Uint8Array;
}

function namesOf({ files, terms }: Corpus): Names {
  const users = new Uint32Array(terms.size);
  const starts = new Uint32Array(terms.size + 1);
  const isTelling = new Uint8Array(terms.size);
  for (const { entry } of files) {
    if (entry === null) continue;
    countTerms(entry.defines, 1, starts.subarray(1));
    countTerms(entry.words, 2, users);
  }
  for (let term = 0; term < terms.size; term += 1) {
    const count = starts[term + 1] ?? 0;
    if (count > 0 && count <= mostDefiners) isTelling[term] = 1;
    starts[term + 1] = count + (starts[term] ?? 0);
  }
  const next = starts.slice();
  const definers = new Uint32Array(starts[terms.size] ?? 0);
  for (const [place, { entry }] of files.entries())
    for (const term of entry?.defines ?? []) {
      const at = next[term] ?? 0;
      definers[at] = place;
      next[term] = at + 1;
    }
  return { starts, definers, users, isTelling };
}

/** By itself, so that V8 soon makes machine code of it. */
function countTerms(terms: Uint32Array, step: number, counts: Uint32Array): void {
  for (let at = 0; at < terms.length; at += step) {
    const term = terms[at] ?? 0;
    counts[term] = (counts[term] ?? 0) + 1;
  }
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
