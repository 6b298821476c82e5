import { isReplaceMark, isSearchMark } from './edits.ts';
import { type Fence, infoPath, readDirective, readFence } from './lines.ts';

export interface Block {
  readonly lines: readonly string[];
  /** Index of the line after the closing fence. */
  readonly next: number;
}

type Closing = { readonly close: number } | { readonly fault: string };

/** How many lines were looked at, over and over, to find where blocks end. */
export interface Looks {
  count: number;
}

/** What a block holds, which tells how its end is found. */
export interface BlockKind {
  readonly holds: 'file' | 'edits' | 'notes';
  /** A fence stands around the whole reply: its end is the last line. */
  readonly wrapped: boolean;
}

/**
 * The block that opens at `lines[open]`. Contents may hold shorter fences always, and fences of the
 * block's own length where only one reading is sound; else the fault says so: a file is never cut.
 */
export function readBlock(
  lines: readonly string[],
  open: number,
  fence: Fence,
  kind: BlockKind,
  looks: Looks,
): Block | { readonly fault: string } {
  const closing = findClosing(lines, open, fence, kind, looks);
  if ('fault' in closing) return closing;
  const indent = new RegExp(`^ {0,${fence.indent}}`);
  const carried = (lines[open] ?? '').endsWith('\r');
  const content = lines
    .slice(open + 1, closing.close)
    .map((line) => (fence.indent > 0 ? line.replace(indent, '') : line))
    // A reply that came with CRLF throughout is the transport's doing, not the file's.
    .map((line) => (carried && line.endsWith('\r') ? line.slice(0, -1) : line));
  return { lines: content, next: closing.close + 1 };
}

function findClosing(
  lines: readonly string[],
  open: number,
  fence: Fence,
  { holds, wrapped }: BlockKind,
  looks: Looks,
): Closing {
  const behindEdit = holds === 'edits' ? closeOfEdits(lines, open, fence, looks) : null;
  if (behindEdit !== null) return { close: behindEdit };
  const { first, balanced, nested, directive } = walk(lines, open, fence, looks);
  if (first === null) return { fault: 'is never closed; the reply may have been cut short' };
  const advice = `open and close the block with more than ${fence.length} of «${fence.mark}»`;
  const close = nested ? balanced : first;
  const within = `is never closed, or holds fences as long as its own; ${advice}`;
  if (close !== null) {
    if (holds !== 'file' || !mayCloseLater(lines, close, fence, wrapped, looks)) return { close };
    const inside = lines.slice(open + 1, close).map(readDirective);
    if (inside.some((found) => found?.plain === true && found.kind === 'FILE'))
      return { fault: within };
    return { fault: `may be closed by any of several lines; ${advice}` };
  }
  if (endsAfter(lines, first) && (directive === null || first < directive)) return { close: first };
  return { fault: within };
}

interface Walk {
  /** The first line that could close the block. */
  readonly first: number | null;
  /** The line that closes it when inner fences with an info string are paired with their ends. */
  readonly balanced: number | null;
  /** An inner fence opens before `first`. */
  readonly nested: boolean;
  /** A `FILE:` with a fence below it: the block was most likely never closed before it. */
  readonly directive: number | null;
}

function walk(lines: readonly string[], open: number, fence: Fence, looks: Looks): Walk {
  let first: number | null = null;
  let nested = false;
  let depth = 0;
  for (let line = open + 1; line < lines.length; line++) {
    const text = lines[line] ?? '';
    looks.count++;
    if (closes(text, fence)) {
      first ??= line;
      if (depth === 0) return { first, balanced: line, nested, directive: null };
      depth--;
    } else if (isFenceOf(text, fence)) {
      nested = true;
      depth++;
    } else if (opensFile(lines, line, fence)) {
      first ??= lines.findIndex((other, at) => at > line && closes(other, fence));
      return { first: first === -1 ? null : first, balanced: null, nested: true, directive: line };
    }
  }
  return { first, balanced: null, nested, directive: null };
}

function isFenceOf(text: string, fence: Fence): boolean {
  const other = readFence(text);
  return other?.mark === fence.mark && other.length >= fence.length;
}

function closes(text: string, fence: Fence): boolean {
  return isFenceOf(text, fence) && readFence(text)?.info === '';
}

/** The first line after this one that is not blank; one past the end where there is none. */
export function nextSpoken(lines: readonly string[], line: number): number {
  let next = line + 1;
  while (next < lines.length && (lines[next] ?? '').trim() === '') next++;
  return next;
}

/** The last line before this one that is not blank; -1 where there is none. */
export function lastSpoken(lines: readonly string[], line: number): number {
  let last = line - 1;
  while (last >= 0 && (lines[last] ?? '').trim() === '') last--;
  return last;
}

/** Whether after this line the reply ends or goes on with a directive. */
function endsAfter(lines: readonly string[], line: number): boolean {
  const next = nextSpoken(lines, line);
  return next >= lines.length || readDirective(lines[next] ?? '')?.plain === true;
}

/** Three backticks are what a model writes without thought; longer fences are taken at their word. */
function opensFile(lines: readonly string[], line: number, fence: Fence): boolean {
  const kind = readDirective(lines[line] ?? '')?.kind;
  if (kind !== 'FILE' && kind !== 'EDIT') return false;
  const below = lines[nextSpoken(lines, line)] ?? '';
  return isFenceOf(below, fence) && (fence.length === 3 || !closes(below, fence));
}

/** Edits end behind a REPLACE mark, whatever fences their texts hold. */
function closeOfEdits(
  lines: readonly string[],
  open: number,
  fence: Fence,
  looks: Looks,
): number | null {
  let behindMark = false;
  for (let line = open + 1; line < lines.length; line++) {
    const text = lines[line] ?? '';
    looks.count++;
    if (text.trim() === '') continue;
    if (behindMark && closes(text, fence)) return line;
    behindMark = isReplaceMark(text);
  }
  return null;
}

/**
 * Whether a later line may as well close the block: then a fence before it belongs to the file, be that
 * Markdown, a prompt or a text in code. What follows decides: a fence that opens no block of its own.
 */
function mayCloseLater(
  lines: readonly string[],
  close: number,
  fence: Fence,
  wrapped: boolean,
  looks: Looks,
): boolean {
  const next = nextSpoken(lines, close);
  if (readDirective(lines[next] ?? '')?.plain === true) return false;
  for (let line = close + 1; line < lines.length; line++) {
    const text = lines[line] ?? '';
    looks.count++;
    if (opensBlock(lines, line)) return false;
    if (closes(text, fence)) return !(wrapped && nextSpoken(lines, line) >= lines.length);
    if (!isFenceOf(text, fence)) continue;
    if (infoPath(readFence(text)?.info ?? '') !== null) return false;
    // A block of the notes.
    while (line < lines.length && !closes(lines[line] ?? '', fence)) {
      line++;
      looks.count++;
    }
  }
  return false;
}

/** A directive with its block below. */
function opensBlock(lines: readonly string[], line: number): boolean {
  const kind = readDirective(lines[line] ?? '')?.kind;
  if (kind !== 'FILE' && kind !== 'EDIT' && kind !== 'NOTES') return false;
  const below = lines[nextSpoken(lines, line)] ?? '';
  return readFence(below) !== null || isSearchMark(below);
}
