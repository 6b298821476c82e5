import { needsReviewText } from '../../domain/needs-review.ts';
import { formatUsd } from '../../domain/price.ts';
import { toSingleLine } from '../../domain/text.ts';
import type { PartCost } from './meter.ts';
import type { Blocker } from '../../supervisor/critics/consolidate.ts';
import { scoreNames } from '../../domain/review.ts';
import type { TableRow, TournamentTable } from './table.ts';

/** The table as Markdown, for people: `table.md`. */
export function tableText(table: TournamentTable): string {
  const head = ['candidate', 'model', 'state', 'checks', 'critics', ...scoreNames, 'score', 'cost'];
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [
    `# Tournament: ${table.winner} ${table.approved ? 'wins' : 'leads, and needs a person’s review'}`,
    '',
    line(head),
    line(head.map(() => '---')),
    ...table.candidates.map((row) => line(cellsOf(row))),
    '',
    ...table.needsReview.map(
      ({ reason, detail }) => `- ${needsReviewText[reason]}: ${toSingleLine(detail, 600)}`,
    ),
    ...(table.nearTie === null ? [] : [`- near tie: ${toSingleLine(table.nearTie.reasons, 600)}`]),
    ...table.rounds.map(
      ({ round, accepted, reason }) =>
        `- synthesis ${round}: ${accepted ? 'taken' : 'not taken'}, ${toSingleLine(reason)}`,
    ),
    ...table.candidates.flatMap(findingsOf),
    '',
    `Cost of all replies that were used: ${costText(table.cost)} in ${table.cost.calls} calls.`,
    '',
  ].join('\n');
}

function cellsOf(row: TableRow): string[] {
  const { scores } = row;
  return [
    row.candidate,
    row.model ?? '',
    row.duplicateOf === null ? row.state : `${row.state} of ${row.duplicateOf}`,
    row.gates.map(({ gate, status }) => `${gate} ${status}`).join(', '),
    row.critics.map(({ critic, verdict }) => `${critic} ${verdict}`).join(', '),
    ...scoreNames.map((name) => (scores === null ? '' : scores[name].toFixed(2))),
    row.score === null ? '' : row.score.toFixed(3),
    costText(row.cost),
  ];
}

function findingsOf(row: TableRow): string[] {
  const unknown = row.critics.filter(({ verdict }) => verdict === 'unknown');
  const { blockers, unproven } = row;
  if (row.reason === null && [blockers, unproven, unknown].every(({ length }) => length === 0))
    return [];
  const line = (what: string, { from, category, location, evidence }: Blocker): string =>
    `- ${what} (${category}, ${from})${location === null ? '' : ` ${toSingleLine(location)}`}: ${toSingleLine(evidence, 600)}`;
  return [
    '',
    `## ${row.candidate}`,
    '',
    ...(row.reason === null ? [] : [`- dropped: ${toSingleLine(row.reason, 600)}`]),
    ...blockers.map((blocker) => line('blocks', blocker)),
    ...unproven.map((blocker) => line(whyUnproven(blocker), blocker)),
    ...unknown.map(({ critic, reason }) => `- unknown (${critic}): ${toSingleLine(reason ?? '')}`),
  ];
}

function whyUnproven({ standing, reason }: Blocker): string {
  if (standing === undefined) return 'nothing is shown, and the tests pass';
  return `${standing === 'refuted' ? 'refuted' : 'in doubt'}: ${toSingleLine(reason ?? '', 300)}`;
}

export function costText({ usd }: PartCost): string {
  return usd === null ? 'unknown' : formatUsd(usd);
}

function cell(text: string): string {
  return toSingleLine(text).replaceAll('|', '\\|');
}
