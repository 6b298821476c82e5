import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { decodeText, type Encoding } from '../text/encoding.ts';
import { sha256 } from '../text/sha256.ts';
import { locate, type Links } from './contained-path.ts';
import { isMissing, unreadable } from './file-problem.ts';
import { readNoLink } from './open-file.ts';

/** Larger files are hashed, never held as text. */
export const maxTextBytes = 32 * 1024 * 1024;

export interface FileState {
  /** SHA-256 of the bytes, hex; null when there is no file. */
  readonly hash: string | null;
  /** Null also for what is no text in UTF-8, marked UTF-16 or an encoding that it declares, or is larger than 32 MiB. */
  readonly content: string | null;
  /** Of the content, where it is not UTF-8. */
  readonly encoding?: Encoding;
  /** Of a file without content: why, as `is binary`. */
  readonly problem?: string;
}

export const absent: FileState = { hash: null, content: null };

/**
 * The file at a path below a folder. Folders, sockets and other things that hold no content count as
 * absent. @throws BlueprintError as `locate`.
 */
export async function readFileState(
  folder: string,
  path: string,
  links: Links,
): Promise<FileState> {
  const place = await locate(folder, path, links);
  if (place === null) return absent;
  try {
    if (!(await lstat(place)).isFile()) return absent;
    await using file = await open(place, readNoLink);
    const stat = await file.stat();
    if (!stat.isFile()) return absent;
    if (stat.size > maxTextBytes) return { hash: await hashOfLarge(place), ...tooLarge };
    return stateOf(await file.readFile(), path);
  } catch (error) {
    if (isMissing(error)) return absent;
    throw unreadable(path, error);
  }
}

/** Of these bytes: their hash, and the text if they are one. */
export function stateOf(bytes: Uint8Array, path: string): FileState {
  return { hash: sha256(bytes), ...(bytes.length > maxTextBytes ? tooLarge : textOf(bytes, path)) };
}

export const tooLarge = { content: null, problem: 'is larger than 32 MiB' };

async function hashOfLarge(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** The text, if there is one, and how to write it so that the bytes come back. */
function textOf(bytes: Uint8Array, path: string): Omit<FileState, 'hash'> {
  const decoded = decodeText(bytes, path);
  if ('problem' in decoded) return { content: null, problem: decoded.problem };
  const { text, encoding } = decoded;
  return encoding === 'utf-8' ? { content: text } : { content: text, encoding };
}
