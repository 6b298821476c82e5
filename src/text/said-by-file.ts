import { someOf } from './counted.ts';
/** That work builds on tasks which the file alone says are settled. */
export function saidByFileText(ids: readonly string[]): string {
  const are = ids.length === 1 ? 'is settled' : 'are settled';
  return `${someOf(ids, 5)} ${are} as the file says, not by you on this machine: what comes after stands on the files that are there`;
}
