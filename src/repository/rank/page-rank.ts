import type { Graph } from './edges.ts';

/** Chance to go on along an edge; else the walk begins anew. Lower than the web's 0.85: what is near counts. */
const damping = 0.6;
const steps = 20;

/**
 * Personalised PageRank (Page, Brin, Motwani, Winograd 1999): how often a walk is at each file that begins
 * at files by their weight and follows edges by theirs.
 * @param beginnings by place, of any sum; where all are 0 the walk begins anywhere
 * @returns by place, summing to 1
 */
export function pageRank(
  { starts, targets, weights }: Graph,
  beginnings: Float64Array,
): Float64Array {
  const size = beginnings.length;
  const begin = normalised(beginnings);
  const sums = new Float64Array(size);
  for (let from = 0; from < size; from++)
    for (let at = starts[from] ?? 0; at < (starts[from + 1] ?? 0); at++)
      sums[from] = (sums[from] ?? 0) + (weights[at] ?? 0);
  let ranks = begin;
  for (let step = 0; step < steps; step++) {
    const next = new Float64Array(size);
    let stranded = 0;
    for (let from = 0; from < size; from++) {
      const rank = ranks[from] ?? 0;
      if (rank === 0) continue;
      const sum = sums[from] ?? 0;
      if (sum === 0) {
        stranded += rank;
        continue;
      }
      const share = (damping * rank) / sum;
      for (let at = starts[from] ?? 0; at < (starts[from + 1] ?? 0); at++) {
        const to = targets[at] ?? 0;
        next[to] = (next[to] ?? 0) + share * (weights[at] ?? 0);
      }
    }
    const back = 1 - damping + damping * stranded;
    for (let place = 0; place < size; place++)
      next[place] = (next[place] ?? 0) + back * (begin[place] ?? 0);
    ranks = next;
  }
  return ranks;
}

function normalised(weights: Float64Array): Float64Array {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return sum === 0
    ? weights.map(() => 1 / Math.max(1, weights.length))
    : weights.map((weight) => weight / sum);
}
