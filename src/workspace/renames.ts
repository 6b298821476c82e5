import { pathKey } from '../domain/safe-path.ts';
import { decodeText, type Encoding } from '../text/encoding.ts';

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
    gone.find((file) => isSame(file.bytes, content)) ??
    (namesakes.length === 1 ? namesakes[0] : undefined) ??
    mostAlike(content, gone)
  );
}

/**
 * The encoding of a new file: that of the file which it is renamed from. A text whose lines are all others
 * has its byte order mark from one that goes.
 */
export function encodingOfNew(path: string, text: string, gone: readonly GoneFile[]): Encoding {
  const from = renamedFrom(path, text, gone);
  const sources = from !== null ? [from] : text.startsWith(mark) ? gone : [];
  const encodings = new Set<Encoding>();
  for (const { bytes } of sources) {
    const decoded = decodeText(bytes);
    if ('text' in decoded && (from !== null || decoded.text.startsWith(mark)))
      encodings.add(decoded.encoding);
  }
  const [encoding, ...others] = encodings;
  return encoding === undefined || others.length > 0 ? 'utf-8' : encoding;
}

const mark = '\ufeff';

function isSame(bytes: Uint8Array, content: string | Uint8Array): boolean {
  if (content.length === 0) return false;
  return typeof content === 'string'
    ? textOf(bytes) === unmarked(content)
    : Buffer.compare(bytes, content) === 0;
}

function mostAlike<T extends GoneFile>(content: string | Uint8Array, gone: readonly T[]): T | null {
  const text = typeof content === 'string' ? unmarked(content) : textOf(content);
  if (text === null || text === '') return null;
  let found: T | null = null;
  let most = leastInCommon;
  for (const file of gone) {
    const common = inCommon(text, textOf(file.bytes) ?? '');
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
function textOf(bytes: Uint8Array): string | null {
  const decoded = decodeText(bytes);
  return 'text' in decoded ? unmarked(decoded.text) : null;
}

function unmarked(text: string): string {
  return text.startsWith(mark) ? text.slice(mark.length) : text;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
