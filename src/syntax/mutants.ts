import { throwIfAborted } from '../domain/errors.ts';
import { checkerFor } from './languages.ts';
import type { MutationKind, MutationPoint } from './mutation-point.ts';
import { readSyntax } from './read-syntax.ts';

/** A program with one small fault in it, by which tests show that they would see it. */
export interface Mutant {
  /** From 1. */
  readonly line: number;
  readonly from: string;
  readonly to: string;
  readonly kind: MutationKind;
  /** The whole file with it. */
  readonly text: string;
}

export interface MutantChoice {
  readonly most: number;
  /** Lines that may be changed; absent: all. */
  readonly only?: ReadonlySet<number>;
}

const limitMs = 5_000;
/** Characters: what is longer was most often not written by hand. */
const largest = 500_000;

/**
 * Some of a file's possible mutants, spread over the file and over kinds, the same each time. None where its language
 * is not known here, or it cannot be read in time. @throws InterruptedError
 */
export async function mutantsOf(
  path: string,
  text: string,
  { most, only }: MutantChoice,
  signal: AbortSignal,
): Promise<Mutant[]> {
  const checker = checkerFor(path);
  const grammar = checker?.kind === 'code' ? checker.grammars[0] : undefined;
  if (grammar === undefined || text.length > largest || most <= 0) return [];
  const points = await readSyntax({ kind: 'mutations', grammar, text, limitMs }, signal).catch(
    () => {
      throwIfAborted(signal);
      return [];
    },
  );
  const allowed = points.filter(({ line }) => only?.has(line) ?? true);
  return chosen(allowed, most).map(({ start, end, line, to, kind }) => {
    const whole = `${text.slice(0, start)}${to}${text.slice(end)}`;
    return { line, from: text.slice(start, end), to, kind, text: whole };
  });
}

const kinds: readonly MutationKind[] = ['branch', 'operator', 'constant'];

/** As many of each kind as there are, in turn; of a kind those that lie farthest apart. */
function chosen(points: readonly MutationPoint[], most: number): MutationPoint[] {
  const first = points.filter(({ second }) => !second);
  const spread = spreadOver(first, most);
  const left = points.filter(({ second }) => second);
  const more = spreadOver(left, most - spread.length);
  return [...spread, ...more].sort((a, b) => a.start - b.start || a.end - b.end);
}

function spreadOver(points: readonly MutationPoint[], most: number): MutationPoint[] {
  const groups = kinds.map((kind) => points.filter((point) => point.kind === kind));
  const shares = groups.map(() => 0);
  for (let left = Math.min(most, points.length); left > 0;)
    for (const [at, group] of groups.entries())
      if (left > 0 && (shares[at] ?? 0) < group.length) {
        shares[at] = (shares[at] ?? 0) + 1;
        left -= 1;
      }
  return groups.flatMap((group, at) => evenly(group, shares[at] ?? 0));
}

function evenly<T>(all: readonly T[], count: number): T[] {
  return all.filter(
    (_, at) => Math.floor(((at + 1) * count) / all.length) > Math.floor((at * count) / all.length),
  );
}
