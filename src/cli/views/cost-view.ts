import type { ChalkInstance } from 'chalk';
import type { SkippedLines } from '../../domain/event.ts';
import { usdText, wasteOf, type CostReport, type Spend, type SpendOf } from '../../report/cost.ts';
import { counted } from '../../text/counted.ts';
import { lines } from './lines.ts';
import { renderTable, type Column } from './table.ts';

/** What a feature's calls have cost, in tables by role, model and task. */
export function costText(
  feature: string,
  report: CostReport & { readonly pricesAsOf: string; readonly skipped: SkippedLines },
  paint: ChalkInstance,
  width: number,
): string {
  const { total } = report;
  if (total.calls + report.avoided.calls === 0)
    return [`No calls were made for ${feature}.`, ...skippedLines(report.skipped)].join('\n');
  const table = (title: string, rows: readonly SpendOf[]): string[] => [
    '',
    renderTable(rows, columns(title, paint), width),
  ];
  return [
    `${paint.bold(feature)}: ${usdText(total)} in ${calls(total.calls)}`,
    ...table('role', report.byRole),
    ...table('model', report.byModel),
    ...table('task', report.byTask),
    '',
    ...judgedLines(report),
    ...[...doubts(report), ...skippedLines(report.skipped)].map((line) => paint.dim(line)),
  ].join('\n');
}

/** What all features, asks and tournaments have cost. */
export function costsText(
  rows: readonly (SpendOf & { readonly wasted: Spend })[],
  { total, cutOff, skipped }: Pick<CostReport, 'total' | 'cutOff'> & { skipped: SkippedLines },
  paint: ChalkInstance,
  width: number,
): string {
  const wasted: Column<(typeof rows)[number]> = {
    title: 'of that wasted',
    value: (row) => usdText(row.wasted),
    expendable: 4,
  };
  return [
    renderTable(rows, [...columns('work', paint), wasted], width),
    '',
    `Together: ${usdText(total)} in ${calls(total.calls)}`,
    ...[...cutOffLines(cutOff), ...skippedLines(skipped)].map((line) => paint.dim(line)),
  ].join('\n');
}

/** What a command has cost, in a line; none for one that called no model. */
export function runCostLines(
  { total, avoided }: Pick<CostReport, 'total' | 'avoided'>,
  work = 'this run',
): string[] {
  const { input, output } = total.tokens;
  if (input + output === 0 && total.unreported === 0 && avoided.calls === 0) return [];
  const kept = avoided.calls === 0 ? '' : `, ${avoided.calls} more were kept from before`;
  return [`Cost of ${work}: ${usdText(total)} in ${calls(total.calls)}${kept}`];
}

function columns<Row extends SpendOf>(title: string, paint: ChalkInstance): Column<Row>[] {
  return [
    { title, value: ({ name }) => name, flexible: true, paint: (text) => paint.bold(text) },
    { title: 'calls', value: (row) => String(row.calls), expendable: 1 },
    { title: 'tokens in', value: ({ tokens }) => String(tokens.input) },
    { title: 'cached', value: ({ tokens }) => String(tokens.cachedInput), expendable: 3 },
    { title: 'tokens out', value: ({ tokens }) => String(tokens.output) },
    { title: 'cost', value: usdText },
  ];
}

function judgedLines(report: CostReport): string[] {
  const { useful, wasted, open, avoided } = report;
  const parts = wasteOf(report).map(([name, spend]) => `${name} ${usdText(spend)}`);
  return lines(
    `Useful: ${usdText(useful)}`,
    `Wasted: ${usdText(wasted)}${parts.length === 0 ? '' : ` (${parts.join(', ')})`}`,
    open.calls > 0 && `Not decided yet: ${usdText(open)}`,
    avoided.calls > 0 &&
      `Kept from before: ${calls(avoided.calls)}, which would have cost ${usdText(avoided)}`,
  );
}

function doubts({
  total: { unpriced, unreported },
  cutOff,
  pricesAsOf,
}: CostReport & { readonly pricesAsOf: string }): string[] {
  return lines(
    `Prices as of ${pricesAsOf}, or as in your config; a provider’s bill is what counts.`,
    unpriced > 0 &&
      `${calls(unpriced)} went to models of unknown price: give it as "prices" in the config.`,
    unreported > 0 &&
      `Of ${calls(unreported)} that failed nobody said what they used; they count as nothing.`,
    cutOffLines(cutOff),
  );
}

/** Calls that no total holds. */
function cutOffLines(cutOff: number): string[] {
  return lines(
    cutOff > 0 &&
      `${calls(cutOff)} more ${cutOff === 1 ? 'was' : 'were'} sent whose end nobody told, as the program was killed or is at work: what ${cutOff === 1 ? 'it' : 'they'} cost is not known.`,
  );
}

/** What a reading of a journal did without. */
export function skippedLines({ unreadable, unknown }: SkippedLines): string[] {
  const some = (count: number): string => counted(count, 'journal line');
  return lines(
    unreadable > 0 && `${some(unreadable)} could not be read and count as nothing.`,
    unknown > 0 && `${some(unknown)} came from another version of blueprint and count as nothing.`,
  );
}

function calls(count: number): string {
  return counted(count, 'call');
}
