const texts = new WeakMap<readonly unknown[], string>();

/** The JSON of a list that nobody changes any more, made once. */
export function keptJson(list: readonly unknown[]): string {
  const text = texts.get(list) ?? JSON.stringify(list);
  texts.set(list, text);
  return text;
}

/** For a list whose JSON follows from that of another one. */
export function keepJson(list: readonly unknown[], text: string): void {
  texts.set(list, text);
}

/** The JSON of a list where it was made before, else undefined. */
export function knownJson(list: readonly unknown[]): string | undefined {
  return texts.get(list);
}
