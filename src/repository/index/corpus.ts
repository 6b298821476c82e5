import type { ProjectFile } from '../project-file.ts';
import type { IndexedEntry } from './indexed-entry.ts';
import type { TermTable } from './terms.ts';

/** A file with what the index knows of it. */
export interface CorpusFile extends Pick<ProjectFile, 'path' | 'size'> {
  /** Of its entry, by content and ending; null for a file that is not read. */
  readonly key: string | null;
  /** Null for a file that is not read: binary by name, secret, vendored, generated, too large. */
  readonly entry: IndexedEntry | null;
}

/** The project as ranking sees it: files sorted by path, their words as numbers of one table. */
export interface Corpus {
  readonly files: readonly CorpusFile[];
  readonly terms: TermTable;
  /** Place in `files` by path. */
  readonly places: ReadonlyMap<string, number>;
}

/** What the index knows of the file at a place; null for a file that is not read. */
export function entryAt({ files }: Corpus, place: number): IndexedEntry | null {
  return files[place]?.entry ?? null;
}

export function corpusOf(files: readonly CorpusFile[], terms: TermTable): Corpus {
  return { files, terms, places: new Map(files.map(({ path }, place) => [path, place])) };
}
