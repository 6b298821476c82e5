/** What stands where a secret stood. */
export const hidden = '[redacted]';

interface Shape {
  /** Texts without any of these are not searched. */
  readonly hints: readonly string[];
  readonly pattern: RegExp;
  /** Of the match and its groups; the match itself for what only looks like one. */
  readonly replace?: (match: string, ...groups: string[]) => string;
}

/** Words are long too; keys hold letters and digits in one unbroken piece. */
const keyLike = (text: string): boolean =>
  text
    .split('-')
    .some((piece) => piece.length >= 16 && /[0-9]/.test(piece) && /[A-Za-z]/.test(piece));

const ifKeyLike = (match: string): string => (keyLike(match) ? hidden : match);

/*
 * Formats as their issuers document them. Each pattern begins where no word, path or base64 text goes on,
 * and no part of it can be matched in two ways, so that searching takes time in proportion to the text.
 */
const shapes: readonly Shape[] = [
  {
    hints: ['PRIVATE KEY'],
    // Whole, or cut off at the text's end; line breaks may be those of JSON or of a source's string.
    pattern:
      /-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:(?:\\[rn]|[A-Za-z0-9+/=\s:,.]|-(?!----)){32,20000}-----END (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----|(?:\\[rn]|[A-Za-z0-9+/=\s]){32,20000}$)/g,
  },
  { hints: ['sk-ant-'], pattern: /(?<![\w-])sk-ant-[a-z]{3,8}\d\d-[\w-]{16,}/g },
  { hints: ['sk-'], pattern: /(?<![\w-])sk-[\w-]{20,}/g, replace: ifKeyLike },
  { hints: ['xai-'], pattern: /(?<![\w-])xai-[A-Za-z0-9]{20,}/g, replace: ifKeyLike },
  { hints: ['AIza'], pattern: /(?<![\w+/-])AIza[\w-]{35}(?![\w-])/g },
  { hints: ['gsk_'], pattern: /(?<![\w-])gsk_[A-Za-z0-9]{20,}/g },
  { hints: ['gh'], pattern: /(?<![\w-])gh[opsur]_[A-Za-z0-9]{36,}/g },
  { hints: ['github_pat_'], pattern: /(?<![\w-])github_pat_\w{22,}/g },
  { hints: ['glpat-'], pattern: /(?<![\w-])glpat-[\w-]{20,}/g },
  { hints: ['npm_'], pattern: /(?<![\w-])npm_[A-Za-z0-9]{36}(?!\w)/g },
  { hints: ['hf_'], pattern: /(?<![\w-])hf_[A-Za-z0-9]{30,}/g },
  { hints: ['xox'], pattern: /(?<![\w-])xox[abeoprs]-[A-Za-z0-9-]{20,}/g },
  { hints: ['k_live_'], pattern: /(?<![\w-])[rs]k_live_[A-Za-z0-9]{16,}/g },
  { hints: ['AKIA', 'ASIA'], pattern: /(?<![\w+/-])A[KS]IA[A-Z2-7]{16}(?![\w+/=-])/g },
  {
    hints: ['eyJ'],
    pattern: /(?<![\w+/-])eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}/g,
  },
  {
    hints: ['earer', 'EARER'],
    pattern: /(?<!\w)(bearer\s{1,4})([\w.~+/-]{16,}=*)/gi,
    replace: (match, scheme = '', token = '') => (keyLike(token) ? `${scheme}${hidden}` : match),
  },
  {
    hints: ['asic', 'ASIC'],
    pattern: /(authorization["']?\s{0,4}[:=]\s{0,4}["']?basic\s{1,4})[\w+/]{8,}=*/gi,
    replace: (_match, before = '') => `${before}${hidden}`,
  },
  {
    hints: ['://'],
    pattern:
      /(?<![A-Za-z0-9+.-])([A-Za-z][A-Za-z0-9+.-]{1,20}:\/\/[^\s/:@'"<>`${}\\[\]]{0,100}:)([^\s/:@'"<>`${}\\[\]]{1,200})(?=@)/g,
    replace: (_match, before = '') => `${before}${hidden}`,
  },
];

/** The text without what has the form of a key, token or private key, whoever's it is. */
export function hideShapes(text: string): string {
  return shapes.reduce((clean, { hints, pattern, replace }) => {
    if (!hints.some((hint) => clean.includes(hint))) return clean;
    // A replacement text would give `$` a meaning.
    return clean.replace(pattern, replace ?? (() => hidden));
  }, text);
}

/** So much of a text that may yet become a secret is held back, in characters. */
const heldAtMost = 8_192;
const privateBegins = /^-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----/;
const privateEnds = /-----END [^-]{0,60}-----/;

/**
 * Where a streamed text can be cut so that no secret of a known form stands on both sides: before the
 * last word, a scheme before it, and a private key that has not ended.
 */
export function safeCut(text: string): number {
  const floor = text.length - heldAtMost;
  let cut = text.length;
  while (cut > floor && cut > 0 && isUnbroken(text.charAt(cut - 1))) cut--;
  const scheme = /bearer\s{0,4}$|basic\s{0,4}$/i.exec(text.slice(Math.max(0, cut - 12), cut));
  if (scheme !== null) cut -= scheme[0].length;
  const dashes = text.lastIndexOf('-----BEGIN');
  if (dashes !== -1 && dashes >= floor && dashes < cut) {
    const open = text.slice(dashes);
    const line = open.length < 60 && !/[\r\n]/.test(open);
    if (privateBegins.test(open)) {
      const end = privateEnds.exec(open);
      if (end === null || dashes + end.index + end[0].length > cut) return dashes;
    } else if (line) return dashes;
  }
  // Such a long word is no key of these forms.
  return cut <= floor ? text.length : cut;
}

/** One word, as `safeCut` sees words. */
export function isUnbroken(text: string): boolean {
  return !/[^\w+=@~%./:-]/.test(text);
}
