/** A list of places for each place: those of place `p` stand from `starts[p]` to `starts[p + 1]`. */
export interface Rows {
  readonly starts: Uint32Array;
  readonly places: Uint32Array;
}

export function rowOf({ starts, places }: Rows, place: number): Uint32Array {
  return places.subarray(starts[place] ?? 0, starts[place + 1] ?? 0);
}

export function rowsOf(lists: readonly ArrayLike<number>[]): Rows {
  const starts = new Uint32Array(lists.length + 1);
  for (const [place, list] of lists.entries())
    starts[place + 1] = (starts[place] ?? 0) + list.length;
  const places = new Uint32Array(starts[lists.length] ?? 0);
  for (const [place, list] of lists.entries()) places.set(list, starts[place] ?? 0);
  return { starts, places };
}

/** The same from the other end: who has a place in its list, ascending. */
export function turned({ starts, places }: Rows): Rows {
  const size = starts.length - 1;
  const ends = new Uint32Array(size + 1);
  for (const to of places) ends[to + 1] = (ends[to + 1] ?? 0) + 1;
  for (let place = 0; place < size; place += 1)
    ends[place + 1] = (ends[place + 1] ?? 0) + (ends[place] ?? 0);
  const next = ends.slice();
  const found = new Uint32Array(places.length);
  for (let from = 0; from < size; from += 1)
    for (let at = starts[from] ?? 0; at < (starts[from + 1] ?? 0); at += 1) {
      const to = places[at] ?? 0;
      const free = next[to] ?? 0;
      found[free] = from;
      next[to] = free + 1;
    }
  return { starts: ends, places: found };
}
