/** Whether a reply means this id, however it spells it. */
export function isSameId(said: string, id: string): boolean {
  return said.trim().toUpperCase() === id.toUpperCase();
}
