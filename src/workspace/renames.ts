import { pathKey } from '../domain/safe-path.ts';
import { decodeText, encodingToWrite, type Encoding, type FileBefore } from '../text/encoding.ts';

/** A file that goes in the same change. */
export interface GoneFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** As git has it: with so much in common, one file is another under a new name (git-diff, «--find-renames»). */
const leastInCommon = 0.5;

/**
 * The file whose place a new one takes, so that it keeps what is no content: the same name but for its case,
 * the same content, the only one of the same name in another folder, or the one that it has most lines of,
 * half of them at least. Null where there is none.
 */
export function renamedFrom<T extends GoneFile>(
  path: string,
  content: string | Uint8Array,
  gone: readonly T[],
): T | null {
  if (gone.length === 0) return null;
  const name = nameOf(path);
  const namesakes = gone.filter((file) => nameOf(file.path) === name);
  return (
    gone.find((file) => pathKey(file.path) === pathKey(path)) ??
    gone.find((file) => isSame(file, content)) ??
    (namesakes.length === 1 ? namesakes[0] : undefined) ??
    mostAlike(path, content, gone)
  );
}

/**
 * The encoding of a new file: that of the file which it is renamed from, or the one that it declares. A text
 * whose lines are all others has its byte order mark from one that goes.
 */
export function encodingOfNew(path: string, text: string, gone: readonly GoneFile[]): Encoding {
  const from = renamedFrom(path, text, gone);
  if (from !== null || !text.startsWith(mark))
    return encodingToWrite(path, text, from === null ? null : textBefore(from));
  const marked = gone.flatMap((file) => textBefore(file) ?? []);
  const encodings = marked
    .filter((file) => file.text.startsWith(mark))
    .map((file) => file.encoding);
  const [encoding, ...others] = new Set(encodings);
  return encoding === undefined || others.length > 0 ? 'utf-8' : encoding;
}

/** Null for what is no text. */
export function textBefore({ path, bytes }: GoneFile): FileBefore | null {
  const decoded = decodeText(bytes, path);
  return 'text' in decoded ? { path, ...decoded } : null;
}

const mark = '\ufeff';

function isSame(file: GoneFile, content: string | Uint8Array): boolean {
  if (content.length === 0) return false;
  return typeof content === 'string'
    ? textOf(file) === unmarked(content)
    : Buffer.compare(file.bytes, content) === 0;
}

function mostAlike<T extends GoneFile>(
  path: string,
  content: string | Uint8Array,
  gone: readonly T[],
): T | null {
  const isText = typeof content === 'string';
  const text = isText ? unmarked(content) : textOf({ path, bytes: content });
  if (text === null || text === '') return null;
  let found: T | null = null;
  let most = leastInCommon;
  for (const file of gone) {
    const common = inCommon(text, textOf(file) ?? '');
    if (common < most || (found !== null && common === most)) continue;
    [found, most] = [file, common];
  }
  return found;
}

/** How much of the longer text stands in lines that both have. */
function inCommon(one: string, other: string): number {
  const longer = Math.max(one.length, other.length);
  if (longer === 0 || Math.min(one.length, other.length) < leastInCommon * longer) return 0;
  const lines = new Map<string, number>();
  for (const line of linesOf(other)) lines.set(line, (lines.get(line) ?? 0) + 1);
  let common = 0;
  for (const line of linesOf(one)) {
    const left = lines.get(line) ?? 0;
    if (left === 0) continue;
    lines.set(line, left - 1);
    common += line.length;
  }
  return common / longer;
}

/** Each with its end. */
function linesOf(text: string): string[] {
  return text.split(/(?<=\n)/);
}

/** Without its byte order mark. */
function textOf(file: GoneFile): string | null {
  const before = textBefore(file);
  return before === null ? null : unmarked(before.text);
}

function unmarked(text: string): string {
  return text.startsWith(mark) ? text.slice(mark.length) : text;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
