import { commonWords } from '../../text/common-words.ts';
import { partsOf, wordsOf } from '../../text/words.ts';
import type { Corpus } from '../index/corpus.ts';
import { otherForms } from './word-forms.ts';

/** What a text names of a project. */
export interface Query {
  /** Weight by term. */
  readonly terms: ReadonlyMap<number, number>;
  /** Places of the files that it names by path, or by a name that few files have. */
  readonly named: ReadonlySet<number>;
}

/** Ids of tasks and requirements say nothing of code. */
const isPlanId = /^[RT]\d{1,4}$/;

/** A name that more files have than this names none of them. */
const mostOfAName = 5;

export function queryOf(text: string, corpus: Corpus): Query {
  const terms = new Map<number, number>();
  const add = (word: string, weight: number): void => {
    const id = corpus.terms.find(word);
    if (id !== null) terms.set(id, Math.max(terms.get(id) ?? 0, weight));
  };
  for (const [word, count] of wordsOf(text)) {
    if (commonWords.has(word.toLowerCase()) || isPlanId.test(word)) continue;
    const weight = 1 + Math.log(count);
    // Written as a name, it means that name.
    const isName = partsOf(word).length > 1;
    add(word, isName ? weight * nameWeight : weight);
    if (!isName) for (const form of otherForms(word)) add(form, weight * formWeight);
  }
  return { terms, named: namedIn(text, corpus) };
}

const nameWeight = 2;
/** Of another form of a word that the text holds. */
const formWeight = 0.7;

function namedIn(text: string, corpus: Corpus): Set<number> {
  const named = new Set<number>();
  for (const [mention] of text.matchAll(
    /[\p{L}\p{N}_@.$[\]()-]+(?:\/[\p{L}\p{N}_@.$[\]()-]+)*/gu,
  )) {
    const path = mention.replace(/^(?:\.\/)+|[.)\]]+$/g, '');
    if (!/[./]/.test(path)) continue;
    const whole = corpus.places.get(path);
    const places = whole === undefined ? withEnd(path, corpus) : [whole];
    if (places.length <= mostOfAName) for (const place of places) named.add(place);
  }
  return named;
}

/** Places of the files whose path ends with these steps. */
function withEnd(end: string, corpus: Corpus): readonly number[] {
  const name = end.slice(end.lastIndexOf('/') + 1);
  const places = byName(corpus).get(name) ?? [];
  return places.filter((place) => {
    const path = corpus.files[place]?.path ?? '';
    return path === end || path.endsWith(`/${end}`);
  });
}

const names = new WeakMap<Corpus, Map<string, number[]>>();

function byName(corpus: Corpus): ReadonlyMap<string, readonly number[]> {
  const known = names.get(corpus);
  if (known !== undefined) return known;
  const found = new Map<string, number[]>();
  for (const [place, { path }] of corpus.files.entries()) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const places = found.get(name);
    if (places === undefined) found.set(name, [place]);
    else places.push(place);
  }
  names.set(corpus, found);
  return found;
}
