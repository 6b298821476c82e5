import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { throwIfAborted } from '../../domain/errors.ts';
import { inOrder } from '../../text/in-order.ts';
import type { FileEntry } from '../file-entry.ts';
import type { FileKind, ProjectFile } from '../project-file.ts';
import { corpusOf, type Corpus, type CorpusFile } from './corpus.ts';
import type { IndexContent, Stamped } from './index-content.ts';
import { packEntry, type IndexedEntry } from './indexed-entry.ts';
import { createSlabs } from './slabs.ts';
import { createTermTable } from './terms.ts';

/** What reads files for the index. */
export interface Reading {
  /** The bytes as they are now; null for a file that is gone, or that cannot be read. */
  readonly bytes: (path: string) => Promise<Buffer | null>;
  readonly entry: (path: string, bytes: Buffer, signal: AbortSignal) => Promise<FileEntry>;
  /** Hears how many files of those that have to be read are done. */
  readonly progress?: (done: number, all: number) => void;
  readonly now: () => Date;
  readonly signal: AbortSignal;
}

export interface Refreshed {
  readonly corpus: Corpus;
  /** What is to be kept for the next command, but for links. */
  readonly content: Omit<IndexContent, 'links'>;
  /** Whether it holds more than what was known. */
  readonly isNew: boolean;
  /** Files that were read. */
  readonly read: number;
}

const unread: ReadonlySet<FileKind> = new Set([
  'lock',
  'generated',
  'minified',
  'vendored',
  'binary',
  'secret',
]);
export const largestFile = 2_000_000;

/** Whether a file's name says that nothing of it is worth knowing, or that nothing may be. */
export function isUnread(kind: FileKind): boolean {
  return unread.has(kind);
}

/** A file that was written so shortly before it was read could be written again with the same time. */
const unsureMs = 2_000;

/** Files that are read at once: more than there are threads for their grammars. */
const atOnce = 8;

/** What a grammar gave up may be the fault of a busy machine: it is tried in as many commands. */
const mostTries = 3;

function isSettled(entry: IndexedEntry | undefined): entry is IndexedEntry {
  return entry !== undefined && (entry.problem === null || entry.tries >= mostTries);
}

/** A file as it was just read. */
interface ReadFile {
  readonly file: ProjectFile;
  readonly key: string;
  /** Null where the content is known. */
  readonly entry: FileEntry | null;
}

/** Whether a file has to be read, as nothing is known of it as it is now. */
export function isStale(known: IndexContent, file: ProjectFile): boolean {
  return stampedAsNow(known, file) === null && isRead(file);
}

function stampedAsNow(known: IndexContent | null, { path, stamp }: ProjectFile): Stamped | null {
  const kept = known?.stamps.get(path);
  return kept?.stamp === stamp && isSettled(known?.entries.get(kept.key)) ? kept : null;
}

function isRead({ kind, size }: ProjectFile): boolean {
  return !isUnread(kind) && size <= largestFile;
}

/** Reads what changed since the index was kept, and nothing else. Goes on in what is known. */
export async function refresh(
  known: IndexContent | null,
  files: readonly ProjectFile[],
  reading: Reading,
): Promise<Refreshed> {
  const terms = createTermTable(known?.words);
  const slabs = createSlabs();
  const entries = new Map(known?.entries);
  const stamps = new Map<string, Stamped>();
  const stale: ProjectFile[] = [];
  for (const file of files) {
    const kept = stampedAsNow(known, file);
    if (kept !== null) stamps.set(file.path, kept);
    else if (isRead(file)) stale.push(file);
  }
  // Long ones first: no thread is left with one at the end, and short ones follow where a grammar is loaded.
  stale.sort((a, b) => b.size - a.size);
  let done = 0;
  let isNew = false;
  for await (const read of inOrder(stale, atOnce, readerOf(entries, reading))) {
    done += 1;
    reading.progress?.(done, stale.length);
    if (read === null) continue;
    isNew = true;
    const { file, key, entry } = read;
    if (entry !== null)
      entries.set(key, packEntry(entry, terms, slabs, entries.get(key)?.tries ?? 0));
    const isSure = reading.now().getTime() - file.changedAt > unsureMs;
    stamps.set(file.path, { stamp: isSure ? file.stamp : '', key });
  }
  const inUse = new Set<string>();
  const found = files.map((file): CorpusFile => {
    const key = stamps.get(file.path)?.key ?? null;
    if (key !== null) inUse.add(key);
    return {
      path: file.path,
      size: file.size,
      key,
      entry: key === null ? null : (entries.get(key) ?? null),
    };
  });
  return {
    corpus: corpusOf(found, terms),
    content: kept(terms.words(), entries, inUse, stamps),
    isNew,
    read: done,
  };
}

/** Reads a file; a content that several files have is looked into once. Null for a file that is gone. */
function readerOf(
  entries: ReadonlyMap<string, IndexedEntry>,
  { bytes, entry, signal }: Reading,
): (file: ProjectFile) => Promise<ReadFile | null> {
  const begun = new Set<string>();
  return async (file) => {
    throwIfAborted(signal);
    const content = await bytes(file.path);
    if (content === null) return null;
    const key = keyOf(file.path, blobHash(content));
    if (begun.has(key) || isSettled(entries.get(key))) return { file, key, entry: null };
    begun.add(key);
    return { file, key, entry: await entry(file.path, content, signal) };
  };
}

/** The hash by which git names a content. */
export function blobHash(bytes: Uint8Array): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

/** What is read of a content depends on the language, which the name's ending tells. */
export function keyOf(path: string, hash: string): string {
  return `${hash}${posix.extname(path).toLowerCase()}`;
}

const hashLength = 40;

/** The hash of the content that a key names. */
export function hashIn(key: string): string {
  return key.slice(0, hashLength);
}

/**
 * The entries in use, and as many that were in use before, so that going back to another branch reads
 * nothing anew; words of those that are dropped go with them.
 */
function kept(
  words: string[],
  entries: ReadonlyMap<string, IndexedEntry>,
  inUse: ReadonlySet<string>,
  stamps: ReadonlyMap<string, Stamped>,
): Refreshed['content'] {
  const before = [...entries.keys()].filter((key) => !inUse.has(key));
  const most = Math.max(200, inUse.size);
  if (before.length <= most) return { words, entries, stamps };
  const dropped = new Set(before.slice(0, before.length - most));
  const terms = createTermTable();
  const numbers = new Uint32Array(words.length);
  const numberOf = (term: number): number =>
    (numbers[term] ||= terms.idOf(words[term] ?? '') + 1) - 1;
  const left = [...entries].filter(([key]) => !dropped.has(key));
  return {
    stamps,
    entries: new Map(
      left.map(([key, entry]) => [
        key,
        {
          ...entry,
          words: entry.words.map((value, at) => (at % 2 === 0 ? numberOf(value) : value)),
          defines: entry.defines.map(numberOf),
        },
      ]),
    ),
    words: terms.words(),
  };
}
