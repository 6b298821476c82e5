import type { Node } from 'web-tree-sitter';

export type MutationKind = 'operator' | 'constant' | 'branch';

/** One small change that makes a program another one; offsets count UTF-16 units. */
export interface MutationPoint {
  readonly start: number;
  readonly end: number;
  /** From 1. */
  readonly line: number;
  readonly to: string;
  readonly kind: MutationKind;
  /** A second thought: another change at the same place is better. */
  readonly second: boolean;
}

export function pointAt(
  { startIndex, endIndex, startPosition }: Node,
  to: string,
  kind: MutationKind,
  second = false,
): MutationPoint {
  return { start: startIndex, end: endIndex, line: startPosition.row + 1, to, kind, second };
}
