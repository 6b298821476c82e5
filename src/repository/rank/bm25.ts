import { partsOf } from '../../text/words.ts';
import type { Corpus } from '../index/corpus.ts';

/** As Robertson and Zaragoza, The Probabilistic Relevance Framework (2009), give them. */
const k1 = 1.5;
const b = 0.75;

/** How much a word in a file's path counts, in times of one in its text. */
const pathWeight = 1.5;

/**
 * How well each file fits weighted words, by BM25 over its text and the words of its path; 0 for none of
 * them. All files are gone through: a project's words are few enough, and no second index has to be kept.
 * @returns by place
 */
export function bm25(corpus: Corpus, weights: ReadonlyMap<number, number>): Float64Array {
  const { files, terms } = corpus;
  const scores = new Float64Array(files.length);
  const slots = new Map([...weights.keys()].map((term, slot) => [term, slot]));
  const slotOf = new Int32Array(terms.size).fill(-1);
  for (const [term, slot] of slots) slotOf[term] = slot;
  const hits: Hit[] = [];
  const holding = new Uint32Array(slots.size);
  let total = 0;
  let texts = 0;
  for (const [place, { entry }] of files.entries()) {
    if (entry === null) continue;
    const { words, length } = entry;
    total += length;
    texts += 1;
    for (let at = 0; at < words.length; at += 2) {
      const slot = slotOf[words[at] ?? 0] ?? -1;
      if (slot < 0) continue;
      hits.push({ place, slot, count: words[at + 1] ?? 0, length });
      holding[slot] = (holding[slot] ?? 0) + 1;
    }
  }
  const mean = texts === 0 ? 1 : total / texts;
  const weightOf = [...weights.values()];
  const rarity = Array.from(holding, (count) => idf(count, texts));
  for (const { place, slot, count, length } of hits) {
    const worth = (weightOf[slot] ?? 0) * (rarity[slot] ?? 0);
    const saturated = (count * (k1 + 1)) / (count + k1 * (1 - b + (b * length) / mean));
    scores[place] = (scores[place] ?? 0) + worth * saturated;
  }
  for (const [place, words] of pathWordsOf(corpus).entries())
    for (const term of words) {
      const slot = slotOf[term] ?? -1;
      if (slot < 0) continue;
      const worth = (weightOf[slot] ?? 0) * (rarity[slot] ?? 0);
      scores[place] = (scores[place] ?? 0) + worth * pathWeight;
    }
  return scores;
}

interface Hit {
  readonly place: number;
  readonly slot: number;
  readonly count: number;
  readonly length: number;
}

/** How much a word says that so many of the texts hold. */
export function idf(holding: number, texts: number): number {
  return Math.log(1 + (texts - holding + 0.5) / (holding + 0.5));
}

const pathWords = new WeakMap<Corpus, readonly Uint32Array[]>();

function pathWordsOf(corpus: Corpus): readonly Uint32Array[] {
  const known = pathWords.get(corpus);
  if (known !== undefined) return known;
  // Most folders stand in many paths.
  const termsOf = new Map<string, readonly number[]>();
  const found = corpus.files.map(({ path }) => {
    const words = new Set<number>();
    for (const step of path.split(/[^\p{L}\p{N}_$]+/u)) {
      const terms =
        termsOf.get(step) ??
        [step, ...partsOf(step)].flatMap((word) => corpus.terms.find(word) ?? []);
      termsOf.set(step, terms);
      for (const term of terms) words.add(term);
    }
    return Uint32Array.from(words);
  });
  pathWords.set(corpus, found);
  return found;
}
