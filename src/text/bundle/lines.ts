/** A directive of the fenced form, as `FILE: src/a.js`. */
export interface Directive {
  readonly kind: 'FILE' | 'EDIT' | 'DELETE' | 'RENAME' | 'TEST' | 'COMMAND' | 'NOTES';
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

/** What models write for each directive beside its own word. */
const words: readonly (readonly [Directive['kind'], RegExp])[] = [
  [
    'FILE',
    /^(?:(?:NEW|CREATE|ADD|UPDATE|MODIFY|REPLACE)(?: FILE)?|FILE ?(?:NAME|PATH)|[Ff]ile(?: ?[Nn]ame| ?[Pp]ath)?)$/,
  ],
  ['EDIT', /^(?:EDIT FILE|[Ee]dit)$/],
  ['DELETE', /^(?:(?:DELETE|REMOVE) FILE|DELETED|REMOVED?|[Dd]elete)$/],
  ['RENAME', /^(?:(?:RENAME|MOVE) FILE|MOVED?|RENAMED|[Rr]ename|[Mm]ove)$/],
  ['TEST', /^TESTS$/],
];

// Headings, list marks, bold and code around a directive are models' usual slips.
const directivePattern =
  /^ {0,3}(?:#{1,6}\s+|[-*+]\s+|\d+[.)]\s+)?[*_`]{0,3}(FILE|EDIT|DELETE|RENAME|TEST|COMMAND|NOTES|[A-Za-z]{3,8}(?: ?[A-Za-z]{4})?)[*_`]{0,3}\s*[:：](.*)$/s;
/** A deletion whose colon was left out. */
const bareDeletion = /^(?:DELETE|REMOVE)(?: FILE)?\s+([^\s:]+)\s*$/;

/** Carriage returns at the end are not part of the line. */
export function readDirective(line: string): Directive | null {
  const [, word, rest] = directivePattern.exec(line) ?? [];
  if (word === undefined || rest === undefined) {
    const [, path = ''] = bareDeletion.exec(line) ?? [];
    return isPathLike(path) ? { kind: 'DELETE', value: path, plain: true } : null;
  }
  const value = rest.trim();
  if (isKind(word)) return { kind: word, value, plain: true };
  const [kind] = words.find(([, pattern]) => pattern.test(word)) ?? [];
  if (kind === undefined) return null;
  // Prose says «delete: the old form» and «TESTS: none»; above a block that does not matter.
  if (kind === 'RENAME' && readRename(value) === null) return null;
  if ((kind === 'DELETE' || kind === 'TEST') && value !== '' && !isPathLike(value)) return null;
  return { kind, value, plain: word.endsWith(' FILE') };
}

function isKind(word: string): word is Directive['kind'] {
  return /^(?:FILE|EDIT|DELETE|RENAME|TEST|COMMAND|NOTES)$/.test(word);
}

/** One word with a folder or an ending in it. */
function isPathLike(text: string): boolean {
  return /^[*_`"']{0,3}[^\s]*[^\s./][./][^\s]*$/.test(text) && !/^\w+:\/\//.test(text);
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
  const [, code] = /^[*\s]*`+([^`]+)`+(?:\s.*)?$/s.exec(value) ?? [];
  // A link to itself, an address in angle brackets, and words behind code.
  const bare = /^\[`?([^\]`]+)`?\]\(\1\)$/.exec(value)?.[1] ?? /^<([^<>\s]+)>$/.exec(value)?.[1];
  return (bare ?? code ?? value)
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

/** The path that a line names and says nothing beside, as `**src/a.js**` or `### 2. src/a.js:`; else null. */
export function barePath(line: string): string | null {
  if (line.length > longestValue) return null;
  const text = line
    .replace(/^ {0,3}(?:#{1,6}\s+)?(?:[-*+]\s+|\d+[.)]\s+)?/, '')
    .replace(/\s*:?\s*$/, '');
  const path = readValue('FILE', text.replace(/^\*\*(.+?):?\*\*$/, '$1'));
  if (path !== '' && /^(?:Dockerfile|Makefile|LICENSE|Procfile|Gemfile|Rakefile)$/.test(path))
    return path;
  return isPathLike(path) && /^[\p{L}\p{N}@._/+()[\]-]*[\p{L}\p{N})\]]$/u.test(path) ? path : null;
}

/** The path of an entry in a list of paths. */
export function listedPath(line: string): string | null {
  const [, text = ''] = /^\s*(?:[-*+]|\d+[.)])\s+(.*)$/s.exec(line) ?? [];
  return text === '' || readDirective(text) !== null ? null : readValue('DELETE', text);
}

export interface Rename {
  readonly from: string;
  readonly to: string;
}

/** The two paths of `RENAME: old -> new`; null where it names no two. */
export function readRename(text: string): Rename | null {
  if (text.length > longestValue) return null;
  const [, from = '', to = ''] =
    /^(\S.*?)\s+(?:->|→|=>|to)\s+(\S.*)$/.exec(text) ?? /^(\S+)\s+(\S+)$/.exec(text) ?? [];
  const rename = { from: readValue('DELETE', from), to: readValue('FILE', to) };
  return rename.from === '' || rename.to === '' ? null : rename;
}
