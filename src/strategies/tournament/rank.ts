import { failedGates, type GateResult } from '../../domain/gate-result.ts';
import type { Consolidated } from '../../supervisor/critics/consolidate.ts';

/** A candidate among the others. */
export interface Standing {
  readonly id: string;
  /** Of its content: equal for duplicates. */
  readonly content: string;
  readonly consolidated: Consolidated;
  /** How many blocking gates it passed before the first that it failed; infinite when it failed none. */
  readonly depth: number;
}

/**
 * The best first: without blockers; then judged by a quorum; then the higher score; where that is equal or
 * unknown, further through the gates, fewer blockers, the earlier id.
 */
export function ranked<S extends Standing>(standings: readonly S[]): S[] {
  const order = new Map(standings.map(({ id }, index) => [id, index]));
  return standings.toSorted(
    (a, b) =>
      Number(isBlocked(a)) - Number(isBlocked(b)) ||
      Number(b.consolidated.quorum) - Number(a.consolidated.quorum) ||
      (b.consolidated.score ?? -1) - (a.consolidated.score ?? -1) ||
      compared(b.depth, a.depth) ||
      a.consolidated.blockers.length - b.consolidated.blockers.length ||
      (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0),
  );
}

/** The next by the same order that is no duplicate of the first. */
export function runnerUpOf<S extends Standing>(order: readonly S[]): S | null {
  return order.find(({ content }) => content !== order[0]?.content) ?? null;
}

/** Both could win, and their scores are no further apart than the margin. */
export function isNearTie(first: Standing, second: Standing, margin: number): boolean {
  const [a, b] = [first.consolidated, second.consolidated];
  if (isBlocked(first) || isBlocked(second) || !a.quorum || !b.quorum) return false;
  // A hair more, so that 0.92 and 0.90 are 0.02 apart.
  return (a.score ?? 0) - (b.score ?? 0) <= margin + 1e-9;
}

export function isBlocked({ consolidated }: Standing): boolean {
  return consolidated.blockers.length > 0;
}

/** Nothing but critics keeps it from winning. */
export function isVetoed({ blockers }: Pick<Consolidated, 'blockers'>): boolean {
  return blockers.length > 0 && blockers.every(({ by }) => by === 'critic');
}

/**
 * Whether a candidate of which at best this can come still has a part to play beside one that is through:
 * as winner, or close enough for a judge to be asked.
 */
export function canStillWin(
  best: Consolidated,
  through: readonly Consolidated[],
  margin: number,
): boolean {
  return !through.some(
    (other) =>
      other.blockers.length === 0 &&
      other.quorum &&
      (best.blockers.length > 0 || (best.score ?? 0) < (other.score ?? 0) - margin - 1e-9),
  );
}

/** See `Standing.depth`. */
export function depthOf(gates: readonly GateResult[], blockingGates: ReadonlySet<string>): number {
  const [first] = failedGates(gates, blockingGates);
  if (first === undefined) return Number.POSITIVE_INFINITY;
  return gates.filter(({ gate }) => blockingGates.has(gate)).indexOf(first);
}

function compared(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
