/** A part of a text keeps all of it in memory from this length on. */
const leastKept = 13;

/** The same words on their own, for what is kept longer than the text that they are a part of. */
export function detached(part: string): string {
  return part.length < leastKept ? part : (JSON.parse(JSON.stringify(part)) as string);
}
