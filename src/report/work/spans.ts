/** From one moment to another, in ms since the epoch. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Something that took time. */
export interface Bar extends Span {
  readonly kind: 'stage' | 'attempt' | 'call' | 'failed-call' | 'gate';
  /** Null for what belongs to no task. */
  readonly task: string | null;
  /** For people. */
  readonly name: string;
}

/** The spans joined where they touch or overlap, in order. */
export function joined(spans: readonly Span[], gapMs = 0): Span[] {
  const all: { from: number; to: number }[] = [];
  for (const { from, to } of [...spans].sort((a, b) => a.from - b.from)) {
    const last = all.at(-1);
    if (last !== undefined && from <= last.to + gapMs) last.to = Math.max(last.to, to);
    else all.push({ from, to: Math.max(from, to) });
  }
  return all;
}

/** How long something went on in all, ms; what went on at the same time counts once. */
export function lengthOf(spans: readonly Span[]): number {
  return joined(spans).reduce((sum, { from, to }) => sum + to - from, 0);
}

/** A time line on which nothing but work takes room. */
export interface WorkingTime {
  /** ms. */
  readonly length: number;
  /** Where nothing went on for so long, ms, by its place on the line. */
  readonly breaks: readonly { readonly at: number; readonly length: number }[];
  /** The place of a moment on the line, ms from its start. */
  at(moment: number): number;
}

/** Longer rests than this part of the whole are cut out of the line. */
const longestRest = 0.02;

export function workingTime(spans: readonly Span[]): WorkingTime {
  const parts = joined(spans, lengthOf(spans) * longestRest);
  const starts: number[] = [];
  const breaks: { at: number; length: number }[] = [];
  let length = 0;
  for (const [index, { from, to }] of parts.entries()) {
    const before = parts[index - 1];
    if (before !== undefined) breaks.push({ at: length, length: from - before.to });
    starts.push(length);
    length += to - from;
  }
  return {
    length,
    breaks,
    at(moment) {
      let low = 0;
      let high = parts.length - 1;
      while (low < high) {
        const middle = Math.ceil((low + high) / 2);
        if ((parts[middle]?.from ?? Infinity) <= moment) low = middle;
        else high = middle - 1;
      }
      const part = parts[low];
      if (part === undefined) return 0;
      const within = Math.min(Math.max(moment - part.from, 0), part.to - part.from);
      return (starts[low] ?? 0) + within;
    },
  };
}
