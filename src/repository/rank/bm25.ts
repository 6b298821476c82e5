import { partsOf } from '../../text/words.ts';
import type { Corpus } from '../index/corpus.ts';
import { markedWords } from './marked-words.ts';

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
  const isAsked = new Uint8Array(terms.size);
  for (const [term, slot] of slots) {
    slotOf[term] = slot;
    isAsked[term] = 1;
  }
  const asked = markedWords(corpus, isAsked);
  // Place, slot and count of each time that a file holds a word, in turn.
  let hits = new Int32Array(3 * 4_096);
  let end = 0;
  const holding = new Uint32Array(slots.size);
  const lengths = new Float64Array(files.length);
  let total = 0;
  let texts = 0;
  for (let place = 0; place < files.length; place += 1) {
    const entry = files[place]?.entry ?? null;
    if (entry === null) continue;
    const { words, length } = entry;
    lengths[place] = length;
    total += length;
    texts += 1;
    const found = asked.find(words);
    for (let word = 0; word < found; word += 1) {
      const at = asked.places[word] ?? 0;
      const slot = slotOf[words[at] ?? 0] ?? 0;
      if (end === hits.length) hits = doubled(hits);
      hits[end] = place;
      hits[end + 1] = slot;
      hits[end + 2] = words[at + 1] ?? 0;
      end += 3;
      holding[slot] = (holding[slot] ?? 0) + 1;
    }
  }
  const mean = texts === 0 ? 1 : total / texts;
  const weightOf = [...weights.values()];
  const rarity = Array.from(holding, (count) => idf(count, texts));
  const worths = rarity.map((rare, slot) => (weightOf[slot] ?? 0) * rare);
  for (let hit = 0; hit < end; hit += 3) {
    const place = hits[hit] ?? 0;
    const worth = worths[hits[hit + 1] ?? 0] ?? 0;
    const count = hits[hit + 2] ?? 0;
    const length = lengths[place] ?? 0;
    const saturated = (count * (k1 + 1)) / (count + k1 * (1 - b + (b * length) / mean));
    scores[place] = (scores[place] ?? 0) + worth * saturated;
  }
  const mayHold = mentionOf(Array.from(slots.keys(), (term) => terms.wordOf(term)));
  const pathTerms = pathTermsOf(corpus);
  for (let place = 0; place < files.length; place += 1) {
    if (!mayHold(files[place]?.path ?? '')) continue;
    for (const term of pathTerms(place)) {
      const slot = slotOf[term] ?? -1;
      if (slot >= 0) scores[place] = (scores[place] ?? 0) + (worths[slot] ?? 0) * pathWeight;
    }
  }
  return scores;
}

function doubled(numbers: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * numbers.length);
  larger.set(numbers);
  return larger;
}

/** How much a word says that so many of the texts hold. */
export function idf(holding: number, texts: number): number {
  return Math.log(1 + (texts - holding + 0.5) / (holding + 0.5));
}

/** An expression of more words takes longer to compile than to do without. */
const mostMentions = 1_000;

/** Whether a path may hold one of some words: of most paths that is known before they are taken apart. */
function mentionOf(words: readonly string[]): (path: string) => boolean {
  if (words.length === 0) return () => false;
  if (words.length > mostMentions) return () => true;
  const mention = new RegExp(words.map((word) => word.replaceAll('$', '\\$')).join('|'), 'i');
  return (path) => mention.test(path);
}

const knownTerms = new WeakMap<Corpus, Map<number, readonly number[]>>();

/** Terms of the words in a file's path, each once; of each path they are found once. */
function pathTermsOf(corpus: Corpus): (place: number) => readonly number[] {
  const known = knownTerms.get(corpus) ?? new Map<number, readonly number[]>();
  knownTerms.set(corpus, known);
  return (place) => {
    const found = known.get(place) ?? termsIn(corpus.files[place]?.path ?? '', corpus);
    known.set(place, found);
    return found;
  };
}

function termsIn(path: string, { terms }: Corpus): number[] {
  const found: number[] = [];
  for (const step of path.split(/[^\p{L}\p{N}_$]+/u))
    for (const word of step === '' ? [] : [step, ...partsOf(step)]) {
      const term = terms.find(word);
      if (term !== null && !found.includes(term)) found.push(term);
    }
  return found;
}
