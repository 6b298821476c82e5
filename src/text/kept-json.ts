const texts = new WeakMap<object, string>();

/** The JSON of a list that nobody changes any more, made once: long records share most of theirs with the next. */
export function keptJson(list: readonly (string | null)[]): string {
  const known = texts.get(list);
  if (known !== undefined) return known;
  const text = JSON.stringify(Object.freeze(list));
  texts.set(list, text);
  return text;
}

/** The same where it was asked for before, else undefined. */
export function knownJson(list: readonly unknown[]): string | undefined {
  return texts.get(list);
}
