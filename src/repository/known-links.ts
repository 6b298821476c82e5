import { createHash } from 'node:crypto';
import type { ResolveImport } from './imports/import-resolver.ts';
import type { Corpus, CorpusFile } from './index/corpus.ts';
import type { IndexContent, KeptLinks } from './index/index-content.ts';
import { bothWays, linksOf } from './links.ts';
import type { Links } from './rank/graph.ts';
import { rowOf } from './rank/rows.ts';

export interface Linking {
  /** What the index knew before files were read anew. */
  readonly before: IndexContent | null;
  /** Made when an import has to be resolved: it reads manifests and settings. */
  readonly resolver: () => Promise<ResolveImport>;
  /** What it has read of them, with the hashes that git names contents by; null for what is not there. */
  readonly settings: () => KeptLinks['settings'];
  /** Hash of a file as it stands now; null for what is not there. */
  readonly hashNow: (path: string) => Promise<string | null>;
}

/**
 * Which files import which. While the project has the same files and settings, those alone are resolved anew
 * that ask for something else than before.
 * @returns with what is to be kept; the same object as before where nothing is new
 */
export async function knownLinks(
  corpus: Corpus,
  { before, resolver, settings, hashNow }: Linking,
): Promise<{ readonly links: Links; readonly kept: KeptLinks }> {
  const listing = listingOf(corpus.files);
  const old = before?.links ?? null;
  const isSame = old?.listing === listing && (await areAsBefore(old.settings, hashNow));
  const known = (place: number): Uint32Array | null => {
    const file = corpus.files[place];
    return isSame && file !== undefined && asksTheSame(file, before) && old !== null
      ? rowOf(old.imports, place)
      : null;
  };
  if (isSame && old !== null && corpus.files.every((_, place) => known(place) !== null))
    return { links: bothWays(old.imports), kept: old };
  const links = linksOf(corpus, await resolver(), known);
  return { links, kept: { listing, settings: settings(), imports: links.imports } };
}

function listingOf(files: readonly CorpusFile[]): string {
  const hash = createHash('sha256');
  for (const { path } of files) hash.update(`${path}\0`);
  return hash.digest('hex');
}

async function areAsBefore(
  settings: KeptLinks['settings'],
  hashNow: Linking['hashNow'],
): Promise<boolean> {
  for (const [path, hash] of settings) if ((await hashNow(path)) !== hash) return false;
  return true;
}

function asksTheSame({ path, key, entry }: CorpusFile, before: IndexContent | null): boolean {
  const old = before?.stamps.get(path)?.key ?? null;
  if (key === old) return true;
  const oldEntry = old === null ? undefined : before?.entries.get(old);
  return (
    entry !== null &&
    oldEntry !== undefined &&
    oldEntry.grammar === entry.grammar &&
    Buffer.compare(oldEntry.storedImports, entry.storedImports) === 0
  );
}
