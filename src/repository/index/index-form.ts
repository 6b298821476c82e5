import { createHash, createHmac } from 'node:crypto';
import type { KeptLinks } from './index-content.ts';

/** Raised whenever the same files would be read otherwise, or the file of the index has another form. */
const version = 6;

/**
 * The form of an index's file. One line with the version, a seal over all that follows and that of the index it
 * goes on from; one with a head (JSON); then sections of numbers (32 bits, the machine's order): words and
 * definitions of entries, a row for each entry, links; then of bytes: imports and symbols of entries, words by
 * line, keys of entries by line, stamps.
 */
export interface Head {
  /** Of the sections, in bytes. */
  readonly sizes: readonly number[];
  /** Grammars and natures; rows say them by their places, from 1. */
  readonly names: readonly string[];
  /** By row. */
  readonly problems: readonly (readonly [number, string])[];
  /** With how many files there are. */
  readonly links: (Omit<KeptLinks, 'imports'> & { readonly files: number }) | null;
}

/** Numbers of an entry's row. */
export const columns = 9;

/** @param after the seal of the index that it goes on from; null for a whole one */
export function firstLine(seal: string, after: string | null): string {
  return `blueprint-index ${version} ${seal} ${after ?? '-'}`;
}

/**
 * @param parts all behind the first line
 * @param key of this user; null where none can be kept
 */
export function sealOf(
  parts: Iterable<Uint8Array>,
  key: Buffer | null,
  after: string | null,
): string {
  const hash = key === null ? createHash('sha256') : createHmac('sha256', key);
  hash.update(`${after ?? '-'}\n`);
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}
