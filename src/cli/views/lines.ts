/** The lines that there are: what is false or null is left out. */
export function lines(...parts: readonly (string | false | null | readonly string[])[]): string[] {
  return parts.flatMap((part) => (part === false || part === null ? [] : part));
}
