/** Words that are shorter tell nothing; longer ones are keys, hashes and the like. */
const shortest = 2;
const longest = 60;

export interface WordOptions {
  /** Left out as they are written; as parts of other words they count. */
  readonly without?: ReadonlySet<string>;
  /** At most so many distinct words: the most frequent, of equals the first ones. */
  readonly most?: number;
}

/**
 * How often each word occurs in a text: identifiers as they are written, and their parts in lower case where
 * these say something else (`readFile` counts for `readFile`, `read` and `file`; `read` for itself alone).
 * Numbers that stand alone are no words. In the order of first places.
 */
export function wordsOf(text: string, options: WordOptions = {}): Map<string, number> {
  const words = new Map<string, number>();
  const add = (word: string, count: number): void => {
    words.set(word, (words.get(word) ?? 0) + count);
  };
  for (const [identifier, count] of identifiersOf(text)) {
    if (options.without?.has(identifier) === true) continue;
    if (identifier.length <= longest) add(identifier, count);
    for (const part of partsOf(identifier)) if (part !== identifier) add(part, count);
  }
  return options.most === undefined ? words : mostFrequent(words, options.most);
}

/** A run of one case, of digits, or of letters that have no case; capitals before a word are one of their own. */
const part = /\p{Lu}+(?!\p{Ll})|\p{Lu}?[\p{Ll}\p{M}]+|[\p{Lo}\p{Lm}\p{M}]+|\p{N}+/gu;
const plainPart = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+/g;

/**
 * The parts of an identifier in lower case, of two characters and more, each once: split at changes of case,
 * at digits and at everything that is neither. `readFile2HTML` → read, file, html; `sha256_of` → sha, 256, of.
 */
export function partsOf(identifier: string): string[] {
  const found = identifier.match(isAscii(identifier) ? plainPart : part) ?? [];
  if (found.length === 1) return fits(found[0]) ? [found[0].toLowerCase()] : [];
  const parts: string[] = [];
  for (const one of found) {
    const lower = one.toLowerCase();
    if (fits(lower) && !parts.includes(lower)) parts.push(lower);
  }
  return parts;
}

function fits(word: string | undefined): word is string {
  return word !== undefined && word.length >= shortest && word.length <= longest;
}

/** Letters, digits and `_` of ASCII, and all beyond ASCII that is a letter, a mark or a number. */
const isWordCode = new Uint8Array(128);
for (let code = 0; code < 128; code += 1)
  if (/\w/.test(String.fromCharCode(code))) isWordCode[code] = 1;
const wordBeyondAscii = /[\p{L}\p{M}\p{N}\p{Cs}]/u;
/** Of the characters beyond ASCII that a process met: 1 for a word's, 2 for others. */
const beyond = new Uint8Array(0x10000);

/** Runs of word characters that do not begin with a digit; a loop, as a regular expression takes thrice the time. */
function identifiersOf(text: string): Map<string, number> {
  const found = new Map<string, number>();
  const { length } = text;
  let at = 0;
  while (at < length) {
    while (at < length && !isWord(text.charCodeAt(at))) at += 1;
    const start = at;
    while (at < length && isWord(text.charCodeAt(at))) at += 1;
    const size = at - start;
    if (size < shortest || size > longest * 4) continue;
    const first = text.charCodeAt(start);
    if (first >= 48 && first <= 57) continue;
    const identifier = text.slice(start, at);
    found.set(identifier, (found.get(identifier) ?? 0) + 1);
  }
  return found;
}

function isWord(code: number): boolean {
  if (code < 128) return isWordCode[code] === 1;
  let known = beyond[code];
  if (known === 0) {
    known = wordBeyondAscii.test(String.fromCharCode(code)) ? 1 : 2;
    beyond[code] = known;
  }
  return known === 1;
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 127) return false;
  return true;
}

function mostFrequent(words: Map<string, number>, most: number): Map<string, number> {
  if (words.size <= most) return words;
  // Sorting is stable: equals stay in their order.
  return new Map([...words].sort(([, a], [, b]) => b - a).slice(0, most));
}
