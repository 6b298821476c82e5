import { skipReasons, type SkipReason } from '../../report/preferences/evidence.ts';
import { counted } from '../../text/counted.ts';
import type { TraceSummary } from '../../use-cases/export-trace.ts';
import type { WrittenPreferences } from '../../use-cases/write-preferences.ts';
import { skippedLines as passedOver } from './cost-view.ts';

/** What an export of pairs came to: how many, what was passed over and why, and whose terms hold. */
export function preferencesLines({ pairs, lines, skipped, licence }: WrittenPreferences): string[] {
  const reasons = Object.entries(skipped.pairs) as [SkipReason, number][];
  const written = lines === pairs ? '' : `, as ${counted(lines, 'line')}`;
  return [
    `${counted(pairs, 'pair')}${written}`,
    ...reasons
      .sort(([, a], [, b]) => b - a)
      .map(([reason, count]) => `  left out ${count}: ${skipReasons[reason]} (${reason})`),
    ...passedOver(skipped.lines),
    ...(pairs > 0 ? [licence] : []),
  ];
}

/** The same of an export of calls. */
export function traceLinesText({
  calls,
  withoutReply,
  skippedLines,
  ...more
}: TraceSummary & { readonly sent?: number }): string[] {
  return [
    `${counted(calls, 'call')}${more.sent === undefined ? '' : `, ${more.sent} sent`}`,
    ...(withoutReply > 0 ? [`  the reply of ${withoutReply} is not kept any more`] : []),
    ...passedOver(skippedLines),
  ];
}
