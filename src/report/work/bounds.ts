import { counted } from '../../text/counted.ts';

/** What a report holds at most, so that its page opens anywhere. What does not fit is counted and said. */
export const bounds = {
  /** Characters of one text. */
  text: 4_000,
  /** Of lists within a task: attempts, the newest; findings of a review; files; steps. */
  attempts: 5,
  findings: 40,
  list: 60,
  /** Of what the time line shows. */
  bars: 6_000,
  /** Of decisions and warnings, the newest. */
  events: 200,
  /** Lines of one task's difference, and characters of all. */
  diffLines: 500,
  diffs: 1_500_000,
  /** Characters of the findings of all tasks. */
  evidence: 3_000_000,
} as const;

/** Where it is too long the beginning, and how much is missing. */
export function cutText(text: string, limit: number = bounds.text): string {
  if (text.length <= limit) return text;
  // No character is halved.
  const kept = text.slice(0, limit).replace(/[\ud800-\udbff]$/, '');
  return `${kept}… (${counted(text.length - kept.length, 'character')} more)`;
}

/** The first, and a remark on how many are missing. */
export function firstOf<T>(items: readonly T[], limit: number): { items: T[]; leftOut: number } {
  return { items: items.slice(0, limit), leftOut: Math.max(0, items.length - limit) };
}
