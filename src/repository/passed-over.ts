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
