/**
 * Characters that a person does not see, or that change how others are seen: controls but tab and line ends,
 * marks of direction, of width zero, fillers, tags, line and paragraph separators, selectors of variants.
 */
const hidden =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/gu;

/** What bends the order of what is read, or is read by programs alone: no source needs it as a character. */
const deceiving =
  /[\u0000-\u0008\u000e-\u001a\u001c-\u001f\u007f-\u0084\u0086-\u009f\u061c\u202a-\u202e\u2066-\u2069\u206a-\u206f\u{e0000}-\u{e007f}]/u;

/** Letters join, or do not, at such a mark: Arabic, Persian, Syriac and the scripts of India and around it. */
const joining =
  /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const pictograph = /[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f]/u;

export interface HiddenCharacter {
  readonly index: number;
  readonly character: string;
  /** What no source needs. */
  readonly deceives: boolean;
  /** Stands between letters, digits or underscores: names that look alike are others. */
  readonly inName: boolean;
}

/** Those that the text holds, without what real text needs: joined emoji, joiners between letters that join. */
export function hiddenCharacters(text: string): HiddenCharacter[] {
  return [...text.matchAll(hidden)].flatMap(({ 0: character, index }) => {
    const before = characterBefore(text, index);
    const after = String.fromCodePoint(text.codePointAt(index + character.length) ?? 0x20);
    if (isNeeded(character, before, after)) return [];
    return [
      {
        index,
        character,
        deceives: deceiving.test(character),
        inName: /[\p{L}\p{N}_$]/u.test(before) && /[\p{L}\p{N}_$]/u.test(after),
      },
    ];
  });
}

function isNeeded(character: string, before: string, after: string): boolean {
  if (character === '\ufe0f' || character === '\ufe0e')
    return /[\p{Extended_Pictographic}0-9#*]/u.test(before);
  if (character === '\u200d')
    return (
      (pictograph.test(before) && pictograph.test(after)) ||
      (joining.test(before) && joining.test(after))
    );
  if (character === '\u200c') return joining.test(before) && joining.test(after);
  // Variants of Chinese characters.
  return /[\ufe00-\ufe02\u{e0100}-\u{e01ef}]/u.test(character) && /\p{Script=Han}/u.test(before);
}

function characterBefore(text: string, index: number): string {
  const last = text.slice(Math.max(0, index - 2), index);
  return [...last].at(-1) ?? ' ';
}

/** `\u{202e}` */
export function escapeOf(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

/** The text with each hidden character as an escape; what real text needs stays. */
export function withHiddenShown(text: string): string {
  if (text.search(hidden) === -1) return text;
  let shown = '';
  let from = 0;
  for (const { index, character } of hiddenCharacters(text)) {
    shown += text.slice(from, index) + escapeOf(character);
    from = index + character.length;
  }
  return shown + text.slice(from);
}

/** A JSON text in which hidden characters are escaped: the same value, and nothing that drives a terminal. */
export function jsonWithHiddenShown(json: string): string {
  return json.replace(hidden, (character) =>
    [...Array(character.length).keys()]
      .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}

/**
 * The text with escapes of such characters as the characters, where `withHiddenShown` may have written them.
 * What its author wrote as an escape is turned too: who wants the text compares it with a hash.
 */
export function withEscapesTurned(text: string): string {
  return text.replace(/\\u\{([0-9a-f]{1,6})\}/g, (escape, code: string) => {
    const point = Number.parseInt(code, 16);
    const character = point > 0x10ffff ? escape : String.fromCodePoint(point);
    return character.search(hidden) === 0 ? character : escape;
  });
}
