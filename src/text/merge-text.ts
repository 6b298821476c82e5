import { diff3Merge } from 'node-diff3';

/** Beyond this the comparison takes seconds: such files are left to a newer attempt. */
const maxLines = 20_000;
const maxEqualPairs = 500_000;

/** Lines of a text, counted from 1; `to` is one less than `from` where lines are missing before `from`. */
export interface LineRange {
  readonly from: number;
  readonly to: number;
}

export type TextMerge =
  | { readonly outcome: 'merged'; readonly text: string }
  /** Both touch the same or neighbouring lines in different ways: here, in `ours`. */
  | { readonly outcome: 'conflict'; readonly lines: readonly LineRange[] }
  | { readonly outcome: 'too-long' };

/** As `mergeTexts`; null where that gives no text. */
export function mergeText(base: string, ours: string, theirs: string): string | null {
  const merge = mergeTexts(base, ours, theirs);
  return merge.outcome === 'merged' ? merge.text : null;
}

/** Both changes of a text in one, by lines with their line ends. */
export function mergeTexts(base: string, ours: string, theirs: string): TextMerge {
  if (ours === theirs || theirs === base) return { outcome: 'merged', text: ours };
  if (ours === base) return { outcome: 'merged', text: theirs };
  const sides = [base, ours, theirs].map(linesOf);
  const [start, end] = commonEnds(sides);
  const names = new Map<string, string>();
  // The library keeps lines as keys of an object, where a line «constructor» would be found in any file.
  const [o, a, b] = sides.map((lines) =>
    lines.slice(start, lines.length - end).map((line) => {
      const name = names.get(line) ?? `line ${names.size}`;
      names.set(line, name);
      return name;
    }),
  ) as [string[], string[], string[]];
  if (isTooLong(o, a) || isTooLong(o, b)) return { outcome: 'too-long' };
  const texts = [...names.keys()];
  const merged: string[] = [];
  const conflicts: LineRange[] = [];
  for (const region of diff3Merge(a, o, b, { excludeFalseConflicts: true })) {
    if (region.conflict !== undefined) {
      const first = start + region.conflict.aIndex;
      conflicts.push({ from: first + 1, to: first + region.conflict.a.length });
    }
    for (const name of region.ok ?? [])
      merged.push(texts[Number(name.slice('line '.length))] ?? '');
  }
  if (conflicts.length > 0) return { outcome: 'conflict', lines: conflicts };
  const lines = sides[1] ?? [];
  const whole = [...lines.slice(0, start), ...merged, ...lines.slice(lines.length - end)];
  return { outcome: 'merged', text: whole.join('') };
}

/** Each with its line end, so that another line end is another line. */
function linesOf(text: string): string[] {
  return text === '' ? [] : text.split(/(?<=\n)/);
}

/** How many lines all have in common at their starts, and then at their ends. */
function commonEnds(sides: readonly string[][]): [number, number] {
  const [first = [], ...others] = sides;
  const shortest = Math.min(...sides.map((lines) => lines.length));
  let start = 0;
  while (start < shortest && others.every((lines) => lines[start] === first[start])) start += 1;
  let end = 0;
  while (
    end < shortest - start &&
    others.every((lines) => lines[lines.length - 1 - end] === first[first.length - 1 - end])
  )
    end += 1;
  return [start, end];
}

function isTooLong(one: readonly string[], other: readonly string[]): boolean {
  if (one.length > maxLines || other.length > maxLines) return true;
  const counts = new Map<string, number>();
  for (const line of one) counts.set(line, (counts.get(line) ?? 0) + 1);
  let pairs = 0;
  for (const line of other) pairs += counts.get(line) ?? 0;
  return pairs > maxEqualPairs;
}
