/** The items of a comma-separated list; spaces around them do not count. */
export function separated(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
