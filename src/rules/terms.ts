const stopWords = new Set(
  `a about above after all also an and any are as at based be because been before being below between both but by can
could do does done each either every few first for from get gets had has have having he her here his how i if in
into is it its just like made make many may me more most must my need needs new no nor of off on once one only or
other our out over own per same shall she should so some such than that the their them then there these they this
those through to too under until up upon us use used user users uses using via want wants was we were what when where
which while who whom why will with within without would you your works work way allow allows able support supports
provide provides show shows test`.split(/\s+/),
);

const segmenter = new Intl.Segmenter('und', { granularity: 'word' });

/** A text's words in order, folded to lower case; for scripts without spaces as the platform cuts them. */
export function wordsOf(text: string): string[] {
  return [...segmenter.segment(text.toLowerCase())].flatMap(({ segment, isWordLike }) =>
    isWordLike === true ? segment : [],
  );
}

/** The words of a text that say what it is about, in order. */
export function tellingWordsOf(text: string): string[] {
  return wordsOf(text).filter(
    (word) => !stopWords.has(word) && (word.length > 2 || !/^[a-z]+$/.test(word)),
  );
}

/** The telling words of a text, cut to a rough English stem so that `parses` and `parsing` are one. */
export function termsOf(text: string): Set<string> {
  return new Set(
    tellingWordsOf(text)
      .filter((word) => !/^\d+$/.test(word))
      .map(stem),
  );
}

function stem(word: string): string {
  if (word.length <= 4 || !/^[a-z]+$/.test(word)) return word;
  return word
    .replace(/ies$/, 'y')
    .replace(/(ss|sh|ch|x)es$/, '$1')
    .replace(/([^s])s$/, '$1')
    .replace(/(?:ing|ed|er|ion)$/, '')
    .replace(/e$/, '');
}

export function shared(a: ReadonlySet<string>, b: ReadonlySet<string>): string[] {
  return [...a].filter((term) => b.has(term));
}

/** Items by a key, in order of appearance. */
export function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    groups.set(key, groups.get(key) ?? []);
    groups.get(key)?.push(item);
  }
  return groups;
}
