/** Stands for node's own, which takes long to load and to fail: the parser asks for no more than this. */
export function strictEqual(actual, expected, message) {
  if (actual !== expected) throw new Error(message);
}

export function notStrictEqual(actual, expected, message) {
  if (actual === expected) throw new Error(message);
}
