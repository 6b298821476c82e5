import type { SourcePiece } from './sources.ts';

/** As Cormack, Clarke and Büttcher, Reciprocal Rank Fusion (SIGIR 2009), give it. */
const k = 60;

/** What several searches found, merged by rank: what stands high in many comes first. Each piece once. */
export function mergedByRank(
  found: readonly (readonly SourcePiece[])[],
  limit: number,
): SourcePiece[] {
  const merged = new Map<string, { readonly piece: SourcePiece; score: number }>();
  for (const pieces of found)
    for (const [rank, piece] of pieces.entries()) {
      const place = `${piece.line}:${piece.path}`;
      const known = merged.get(place) ?? { piece, score: 0 };
      known.score += 1 / (k + rank + 1);
      merged.set(place, known);
    }
  return [...merged.values()]
    .sort((a, b) => b.score - a.score)
    .slice(0, limit)
    .map(({ piece }) => piece);
}
