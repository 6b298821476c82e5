import type { NameMention, PathMention } from '../text/mentions.ts';
import { kindOf } from './file-kind.ts';
import { entryAt, type Corpus } from './index/corpus.ts';
import { symbolsOf } from './index/indexed-entry.ts';
import type { NamedFile } from './project.ts';

/** A name that more files have, or declare, than this does not tell which is meant. */
const mostOfAName = 3;

/** The files that paths mean: the one that is there as it is written, else those that end so. */
export function filesNamed(
  mentions: readonly PathMention[],
  paths: readonly string[],
): NamedFile[] {
  const known = new Set(paths);
  return mentions.flatMap(({ path, lines }) => {
    if (known.has(path)) return [{ path, reason: 'named', isWanted: lines.length === 0, lines }];
    // A plain word that stands in backticks is as a rule no file.
    if (!/[./]/.test(path)) return [];
    const found = paths.filter((one) => one.endsWith(`/${path}`));
    if (found.length > mostOfAName) return [];
    const reason = `named as ${path}`;
    return found.map((one) => ({ path: one, reason, isWanted: lines.length === 0, lines }));
  });
}

/** The files that declare a name exactly so; those of tests where no other does. */
export function filesDeclaring(mentions: readonly NameMention[], corpus: Corpus): NamedFile[] {
  const declaring = declaringPlaces(mentions, corpus);
  return mentions.flatMap(({ name, owner }) => {
    const found = (declaring.get(name) ?? []).flatMap((place): NamedFile[] => {
      const entry = entryAt(corpus, place);
      const path = corpus.files[place]?.path;
      if (entry === null || path === undefined) return [];
      const lines = symbolsOf(entry)
        .filter((one) => one.name === name && (owner === null || one.owner === owner))
        .map(({ line }) => line);
      return lines.length === 0
        ? []
        : [{ path, reason: `declares ${name}`, isWanted: false, lines }];
    });
    const usual = found.filter(({ path }) => kindOf(path) !== 'test');
    const meant = usual.length > 0 ? usual : found;
    return meant.length > mostOfAName ? [] : meant;
  });
}

/** Places of files by the names that they declare. */
function declaringPlaces(
  mentions: readonly NameMention[],
  { files, terms }: Corpus,
): ReadonlyMap<string, readonly number[]> {
  const wanted = new Map<number, number[]>();
  for (const { name } of mentions) {
    const term = terms.find(name);
    if (term !== null) wanted.set(term, []);
  }
  for (const [place, { entry }] of files.entries())
    for (const term of entry?.defines ?? []) wanted.get(term)?.push(place);
  return new Map([...wanted].map(([term, places]) => [terms.wordOf(term), places]));
}

/** Each file once, where it was named first, with all that is meant of it. */
export function eachOnce(named: readonly NamedFile[]): NamedFile[] {
  const found = new Map<string, NamedFile>();
  for (const file of named) {
    const before = found.get(file.path);
    found.set(
      file.path,
      before === undefined
        ? file
        : {
            ...before,
            isWanted: before.isWanted || file.isWanted,
            lines: [...before.lines, ...file.lines],
          },
    );
  }
  return [...found.values()];
}
