import { pathProblem } from '../domain/safe-path.ts';
import { sha256 } from './sha256.ts';

/** A file that is no text, under another name: its bytes are taken from where it stood. */
export interface MovedFile {
  /** Its path in the base. */
  readonly from: string;
  /** Of its bytes, hex. */
  readonly sha256: string;
}

const said = 'This file is another one under a new name, byte for byte; its content is not shown.';
const shape = /^from: ([^\r\n]+)\r?\nsha256: ([0-9a-f]{64})\s*$/;

/**
 * What stands for such a file among texts, as a pointer of Git LFS does: in changes, outcomes, drafts and
 * prompts. Whoever lays files out writes the bytes.
 */
export function movedFileText({ from, sha256: hash }: MovedFile): string {
  return `${said}\nfrom: ${from}\nsha256: ${hash}\n`;
}

/** What a text stands for; null for a text that is itself the file. */
export function movedFileOf(text: string): MovedFile | null {
  if (!text.startsWith(said)) return null;
  const [, from, hash] = shape.exec(text.slice(said.length).trimStart()) ?? [];
  if (from === undefined || hash === undefined || pathProblem(from) !== null) return null;
  return { from, sha256: hash };
}

/** SHA-256 of what is written for a text, hex; null for a file that goes. */
export function contentHash(text: string): string;
export function contentHash(text: string | null): string | null;
export function contentHash(text: string | null): string | null {
  return text === null ? null : (movedFileOf(text)?.sha256 ?? sha256(text));
}
