/**
 * Who leads to whom, in rows: the edges of place `p` are those from `starts[p]` to `starts[p + 1]`. Two places
 * may have several edges.
 */
export interface Graph {
  readonly starts: Uint32Array;
  readonly targets: Uint32Array;
  readonly weights: Float32Array;
}

/** How much the way back from a file to those that use it weighs. */
const backWeight = 0.25;

/** Edges as they are found, of which a graph is made at the end. */
export interface Edges {
  add(from: number, to: number, weight: number): void;
  /** The graph of all edges, with a part of each the other way. */
  bothWays(): Graph;
}

/** @param places how many there are */
export function createEdges(places: number): Edges {
  let froms = new Uint32Array(1 << 12);
  let tos = new Uint32Array(1 << 12);
  let weights = new Float32Array(1 << 12);
  let count = 0;
  const grow = (): void => {
    const [oldFroms, oldTos, oldWeights] = [froms, tos, weights];
    froms = new Uint32Array(count * 2);
    tos = new Uint32Array(count * 2);
    weights = new Float32Array(count * 2);
    froms.set(oldFroms);
    tos.set(oldTos);
    weights.set(oldWeights);
  };
  return {
    add(from, to, weight) {
      if (count === froms.length) grow();
      froms[count] = from;
      tos[count] = to;
      weights[count++] = weight;
    },
    bothWays() {
      const starts = new Uint32Array(places + 1);
      for (const ends of [froms, tos])
        for (let edge = 0; edge < count; edge += 1) {
          const after = (ends[edge] ?? 0) + 1;
          starts[after] = (starts[after] ?? 0) + 1;
        }
      for (let place = 0; place < places; place += 1)
        starts[place + 1] = (starts[place + 1] ?? 0) + (starts[place] ?? 0);
      const next = starts.slice();
      const graph = {
        starts,
        targets: new Uint32Array(count * 2),
        weights: new Float32Array(count * 2),
      };
      const put = (from: number, to: number, weight: number): void => {
        const at = next[from] ?? 0;
        graph.targets[at] = to;
        graph.weights[at] = weight;
        next[from] = at + 1;
      };
      for (let edge = 0; edge < count; edge += 1) {
        const from = froms[edge] ?? 0;
        const to = tos[edge] ?? 0;
        const weight = weights[edge] ?? 0;
        put(from, to, weight);
        put(to, from, weight * backWeight);
      }
      return graph;
    },
  };
}
