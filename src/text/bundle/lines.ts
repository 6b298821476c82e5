/** A directive of the fenced form, as `FILE: src/a.js`. */
export interface Directive {
  readonly kind: 'FILE' | 'EDIT' | 'DELETE' | 'TEST' | 'COMMAND' | 'NOTES';
  readonly value: string;
  /** Written in capitals: meant as a directive even when what must follow is missing. */
  readonly plain: boolean;
}

export interface Fence {
  readonly mark: '`' | '~';
  readonly length: number;
  readonly indent: number;
  readonly info: string;
}

/** Lines as a text: each ends with a newline, and no line is the empty text. */
export function textOf(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

// Headings, list marks, bold and code around a directive are models' usual slips.
const directivePattern =
  /^ {0,3}(?:#{1,6}\s+|[-*+]\s+|\d+[.)]\s+)?[*_`]{0,3}(FILE|EDIT|DELETE|TEST|COMMAND|NOTES|[Ff]ile(?: ?[Nn]ame| ?[Pp]ath)?|[Ee]dit)[*_`]{0,3}\s*[:：](.*)$/s;

/** Carriage returns at the end are not part of the line. */
export function readDirective(line: string): Directive | null {
  const [, word, value] = directivePattern.exec(line) ?? [];
  if (word === undefined || value === undefined) return null;
  const kind = /^file/i.test(word) ? 'FILE' : (word.toUpperCase() as Directive['kind']);
  return { kind, value: value.trim(), plain: word === kind };
}

/** The opening line of a fenced block, or null. Backticks after backticks are inline code. */
export function readFence(line: string): Fence | null {
  const [, indent, run, info] = /^( {0,3})(`{3,}|~{3,})(.*)$/s.exec(line) ?? [];
  if (indent === undefined || run === undefined || info === undefined) return null;
  const mark = run.startsWith('`') ? '`' : '~';
  if (mark === '`' && info.includes('`')) return null;
  return { mark, length: run.length, indent: indent.length, info: info.trim() };
}

const longestValue = 2000;

/** A path or command as it stands after a directive, without the wrapping that models add. */
export function readValue(kind: Directive['kind'], text: string): string {
  const value = text.trim();
  // No path is that long, and the patterns below are not made for it.
  if (kind !== 'COMMAND' && value.length > longestValue && !value.startsWith('"')) return value;
  if (value.startsWith('"')) {
    try {
      const parsed: unknown = JSON.parse(value);
      if (typeof parsed === 'string') return parsed;
    } catch {
      // Not our quoting: taken as it is.
    }
    if (kind !== 'COMMAND' && value.length > longestValue) return value;
  }
  if (kind === 'COMMAND')
    return /^(`+)[^`]+\1$/.test(value) ? value.replace(/^`+|`+$/g, '') : value;
  return value
    .replace(/\s+\((?:new|changed|created?|modified|updated?|edited)\b[^()]*\)$/i, '')
    .replace(/^[*`'"\s]+|[*`'":\s]+$/g, '')
    .replace(/^(?:\.\/)+/, '');
}

/** `value` so that `readValue` gives it back: plain where that works, else as a JSON string. */
export function writeValue(kind: Directive['kind'], value: string): string {
  const plain = value !== '' && !value.includes('\n') && readValue(kind, value) === value;
  return plain ? value : JSON.stringify(value);
}

/** The path that a fence's info string names, as in `js src/a.js` or `js title="src/a.js"`. */
export function infoPath(info: string): string | null {
  if (info.length > longestValue) return null;
  const words = info.split(/[\s:]+/);
  const last = (words.at(-1) ?? '').replace(/^(?:title|file(?:name)?|path)=/, '');
  const path = last.replace(/^["'{]+|["'}]+$/g, '');
  const named = words.length > 1 ? /[./]/.test(path) : path.includes('/');
  return named && /^[\p{L}\p{N}@._/+()[\]-]+$/u.test(path) ? readValue('FILE', path) : null;
}
