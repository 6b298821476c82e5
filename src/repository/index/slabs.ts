/** Keeps many small arrays together: one by itself takes some hundred bytes more than what it holds. */
export interface Slabs {
  numbers(values: ArrayLike<number>): Uint32Array;
  bytes(values: Uint8Array): Uint8Array;
}

const slabSize = 1 << 18;

export function createSlabs(): Slabs {
  let slab = new ArrayBuffer(0);
  let used = 0;
  const room = (size: number): number => {
    if (used + size > slab.byteLength) {
      slab = new ArrayBuffer(Math.max(slabSize, size));
      used = 0;
    }
    const at = used;
    // The next one may be of numbers.
    used = Math.ceil((at + size) / 4) * 4;
    return at;
  };
  return {
    numbers(values) {
      const at = room(values.length * 4);
      const kept = new Uint32Array(slab, at, values.length);
      kept.set(values);
      return kept;
    },
    bytes(values) {
      const at = room(values.length);
      const kept = new Uint8Array(slab, at, values.length);
      kept.set(values);
      return kept;
    },
  };
}
