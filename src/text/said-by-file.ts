/** That work builds on tasks which the file alone says are settled. */
export function saidByFileText(ids: readonly string[]): string {
  const shown = ids.slice(0, 5).join(', ');
  const more = ids.length > 5 ? ` and ${ids.length - 5} more` : '';
  const are = ids.length === 1 ? 'is settled' : 'are settled';
  return `${shown}${more} ${are} as the file says, not by you on this machine: what comes after stands on the files that are there`;
}
