import { printable } from '../files/file-problem.ts';
import type { FileEntry } from './file-entry.ts';
import { kindOf } from './file-kind.ts';
import type { Corpus } from './index/corpus.ts';
import { largestFile } from './index/refresh.ts';

/** Files that nothing is found in because of what they are, with the reason; keys and generated files aside. */
export function passedOver({ files }: Corpus): { path: string; reason: string }[] {
  return files.flatMap(({ path, size, entry }) => {
    const kind = kindOf(path);
    if (kind === 'secret') return [{ path, reason: 'by its name it holds keys or passwords' }];
    if (kind === 'binary' || entry?.nature === 'binary') return [{ path, reason: 'no text' }];
    const isLarge = size > largestFile || entry?.nature === 'too-large';
    if (isLarge) return [{ path, reason: `too large (${Math.ceil(size / 1_000_000)} MB)` }];
    return [];
  });
}

/** That files which their names call code are passed over for what they hold; null where none is. */
export function unknownSources({ files }: Corpus): string | null {
  const [first, ...others] = files.filter(({ path, size, entry }) => {
    const kind = kindOf(path);
    if (kind !== 'source' && kind !== 'test') return false;
    return size > largestFile || (entry !== null && opaque.has(entry.nature));
  });
  if (first === undefined) return null;
  const example = printable(first.path);
  const because = 'too large, no text, or of lines that nobody writes';
  return others.length === 0
    ? `1 file of code is ${because}: what it defines is not known (${example})`
    : `${others.length + 1} files of code are ${because}: what they define is not known (as ${example})`;
}

const opaque: ReadonlySet<FileEntry['nature']> = new Set(['binary', 'minified', 'too-large']);
