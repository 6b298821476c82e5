import { diffArrays } from 'diff';

/** Beyond so many changed lines the lines between the first and the last that changed count as rewritten. */
const mostChanged = 1500;

/** Where a line is after a change. */
export interface MappedLine {
  /** Of a line that changed or went, the one that stands in its place. From 1. */
  readonly line: number;
  readonly isChanged: boolean;
}

/** Where the lines of a text, counted from 1, are in another one; null where that has no lines. */
export function mapLines(before: string, after: string): (line: number) => MappedLine | null {
  if (before === after) return (line) => ({ line, isChanged: false });
  const [old, fresh] = [before.split('\n'), after.split('\n')];
  const parts = diffArrays(old, fresh, { maxEditLength: mostChanged }) ?? ends(old, fresh);
  return (wanted) => {
    let [from, to] = [0, 0];
    for (const [at, { added, removed, count }] of parts.entries()) {
      if (added) to += count;
      else if (wanted > from + count) [from, to] = [from + count, removed ? to : to + count];
      else if (!removed) return { line: to + wanted - from, isChanged: false };
      else {
        const next = parts[at + 1];
        const inPlace = next?.added ? Math.min(wanted - from, next.count) : 1;
        return after === '' ? null : { line: clamp(to + inPlace, fresh.length), isChanged: true };
      }
    }
    return after === '' ? null : { line: clamp(to, fresh.length), isChanged: true };
  };
}

function clamp(line: number, most: number): number {
  return Math.max(1, Math.min(line, most));
}

interface Part {
  readonly added: boolean;
  readonly removed: boolean;
  readonly count: number;
}

/** The lines that both begin with, what is between, and those that both end with. */
function ends(old: readonly string[], fresh: readonly string[]): Part[] {
  const shortest = Math.min(old.length, fresh.length);
  let start = 0;
  while (start < shortest && old[start] === fresh[start]) start += 1;
  let end = 0;
  while (end < shortest - start && old.at(-1 - end) === fresh.at(-1 - end)) end += 1;
  return [
    { added: false, removed: false, count: start },
    { added: false, removed: true, count: old.length - start - end },
    { added: true, removed: false, count: fresh.length - start - end },
    { added: false, removed: false, count: end },
  ];
}
