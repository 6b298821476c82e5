import type { FileBundle } from '../../domain/bundle.ts';

/**
 * How much of a reply is worked on. Every edit is searched for in the whole file, so that files of ordinary
 * size with an ordinary number of edits stay far below, and nothing above ends within seconds.
 */
export const replyBounds = {
  /** Characters of the text. */
  characters: 20_000_000,
  /** Files, deletions, tests and commands together. */
  entries: 20_000,
  edits: 5_000,
  /** Characters of the files in which edits are searched for, each time, and of the searched texts. */
  searched: 300_000_000,
  /** Search texts that were not found for which the nearest lines are looked up. */
  nearest: 5,
  /** Values in JSON at any depth: texts, numbers, lists, objects. */
  values: 60_000,
  /** Faults that a model, or a person, is told of. */
  faults: 50,
} as const;

/** A reply that is not worked on: its one fault names the bound that it passes. */
export interface TooLarge {
  readonly faults: string[];
  readonly tooLarge: true;
}

/** @returns the words, or null where the reply is within the bound */
export function longReply({ length }: string): TooLarge | null {
  return over(length, replyBounds.characters, 'characters');
}

export function tooManyValues(count: number): TooLarge | null {
  return count <= replyBounds.values
    ? null
    : tooLarge(`The reply holds more than ${replyBounds.values} values; no more are taken`);
}

export function largeBundle({
  files,
  edits,
  deletions,
  tests,
  commands,
}: FileBundle): TooLarge | null {
  const entries = files.length + deletions.length + tests.length + commands.length;
  return (
    over(edits.length, replyBounds.edits, 'edits') ??
    over(entries, replyBounds.entries, 'files and commands')
  );
}

/** Counts what edits search. @returns the words once it is too much */
export function searchCounter(): (characters: number) => TooLarge | null {
  let searched = 0;
  return (characters) => {
    searched += characters;
    return over(
      searched,
      replyBounds.searched,
      'characters of files to search its edits in (the length of each file, times its edits)',
    );
  };
}

/** How often lines may be looked at to find the ends of blocks: a sound reply needs a few looks at each. */
export function mostLooks(lines: number): number {
  return 10_000 + 20 * lines;
}

export const entangled: TooLarge = tooLarge(
  'The ends of its fenced blocks cannot be found in reasonable time',
);

function tooLarge(fault: string): TooLarge {
  return { faults: [fault], tooLarge: true };
}

function over(count: number, most: number, unit: string): TooLarge | null {
  return count <= most
    ? null
    : tooLarge(`The reply holds ${count} ${unit}; at most ${most} are taken`);
}

/** The first faults; how many more there are is the last. */
export function firstFaults(faults: readonly string[]): string[] {
  const { faults: most } = replyBounds;
  if (faults.length <= most) return [...faults];
  return [...faults.slice(0, most), `There are ${faults.length - most} more faults like these.`];
}
