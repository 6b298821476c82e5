import { isAscii, isUtf8 } from 'node:buffer';
import { closeSync, fstatSync, openSync, readFileSync, readSync, type BigIntStats } from 'node:fs';
import { BlueprintError } from '../domain/errors.ts';
import type { FeatureDocument } from '../domain/task.ts';
import { errnoOf, writeProblem } from '../files/file-problem.ts';
import { migrated } from '../files/migrate.ts';
import { forReading } from '../files/open-file.ts';
import { keyCount } from '../text/exact-check.ts';
import { soundDocument } from './sound-document.ts';
import { taskListVersions } from './task-list-versions.ts';

const maxBytes = 64 * 1024 * 1024;

/**
 * Without waiting, as a run reads it several times a task and it is in the system's memory then.
 * @returns null when there is no such file.
 * @throws BlueprintError when it cannot be read.
 */
export function readTasksFile(path: string, shownPath: string): Buffer | null {
  try {
    const file = openSync(path, forReading);
    try {
      const { size } = fstatSync(file);
      if (size > maxBytes) throw tooLarge(shownPath, size);
      return readFileSync(file);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOENT') return null;
    if (errno === null) throw error;
    if (errno === 'ENOTDIR') throw writeProblem(error, shownPath);
    throw new BlueprintError({
      code: 'tasks-file-unreadable',
      message: `Cannot read ${shownPath}: ${errno === 'EISDIR' ? 'it is a folder' : `the system reports ${errno}`}`,
      target: shownPath,
      fix: 'Make it a file that you may read.',
      cause: error,
    });
  }
}

/**
 * Compares as it reads, so that no copy of a long list is made; and only where the file can have changed
 * since it was seen to hold them.
 * @param seen what was returned then
 * @returns null where the file does not hold just these bytes; else what to ask with next time
 */
export function seenToHold(path: string, bytes: Buffer, seen: string): string | null {
  let file: number;
  try {
    file = openSync(path, forReading);
  } catch {
    return null;
  }
  try {
    const info = fstatSync(file, { bigint: true });
    if (info.size !== BigInt(bytes.length)) return null;
    const version = versionOf(info);
    if (version !== '' && version === seen) return seen;
    for (let at = 0; at < bytes.length;) {
      const length = readSync(file, piece, 0, piece.length, at);
      if (length === 0 || piece.compare(bytes, at, at + length, 0, length) !== 0) return null;
      at += length;
    }
    return version;
  } catch {
    return null;
  } finally {
    closeSync(file);
  }
}

/**
 * Another one after each change: nobody can set the time of a file's last change, unlike that of its content.
 * Empty where the next change could have the same time: right after this one, as clocks have ticks of some
 * ms, and where times are counted in seconds.
 */
function versionOf({ dev, ino, size, mtimeNs, ctimeNs, ctimeMs }: BigIntStats): string {
  const isFresh = BigInt(Date.now()) - ctimeMs < 20n || ctimeNs % 1_000_000_000n === 0n;
  return isFresh ? '' : [dev, ino, size, mtimeNs, ctimeNs].join(' ');
}

const piece = Buffer.alloc(64 * 1024);

function tooLarge(shownPath: string, size: number): BlueprintError {
  const mebibytes = (bytes: number): number => Math.round(bytes / 1024 / 1024);
  return new BlueprintError({
    code: 'tasks-file-too-large',
    message: `${shownPath} is ${mebibytes(size)} MiB; at most ${mebibytes(maxBytes)} MiB are read`,
    target: shownPath,
    fix: 'Restore it from version control, or split the feature.',
  });
}

export interface ReadDocument {
  readonly document: FeatureDocument;
  /** The file says all that the document does: no default was filled in. */
  readonly complete: boolean;
}

/**
 * The document in the bytes of a tasks.json.
 * @throws BlueprintError with every fault found, each with its line.
 */
export async function parseTasksFile(bytes: Buffer, shownPath: string): Promise<ReadDocument> {
  const read = readSound(bytes);
  if (read !== null) return read;
  const { tasksFileError } = await import('./tasks-problems.ts');
  throw tasksFileError(bytes, shownPath);
}

function readSound(bytes: Buffer): ReadDocument | null {
  // Text that is ASCII alone is the same in Latin-1, which is decoded several times as fast.
  const encoding = isAscii(bytes) ? 'latin1' : 'utf8';
  if (encoding === 'utf8' && !isUtf8(bytes)) return null;
  const text = bytes.toString(encoding);
  let written: unknown;
  try {
    written = JSON.parse(text);
  } catch {
    return null;
  }
  const now = migrated(written, taskListVersions);
  if ('newer' in now) return null;
  const sound = soundDocument(now.value);
  if (sound === null) return null;
  const { document } = sound;
  // JSON.parse keeps the last of doubled keys without a word; a person who wrote both meant both.
  const keys = now.value === written ? sound.keys : keyCount(written);
  return keys === writtenKeys(bytes) ? { document, complete: document === written } : null;
}

/** How many `"key":` the bytes hold. Needs valid JSON, where a colon outside a text follows a key. */
function writtenKeys(bytes: Uint8Array): number {
  let count = 0;
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] !== quote) continue;
    // No byte of a longer UTF-8 character is a quote or a backslash.
    for (at++; bytes[at] !== quote; at++) if (bytes[at] === backslash) at++;
    do at++;
    while (isSpace(bytes[at]));
    if (bytes[at] === colon) count++;
    else at--;
  }
  return count;
}

const [quote, backslash, colon] = [0x22, 0x5c, 0x3a];

const isSpace = (byte: number | undefined): boolean =>
  byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
