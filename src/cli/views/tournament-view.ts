import type { ChalkInstance } from 'chalk';
import { failedOrErroredGates } from '../../domain/gate-result.ts';
import { needsReviewText } from '../../domain/needs-review.ts';
import { formatUsd } from '../../domain/price.ts';
import { toSingleLine } from '../../domain/text.ts';
import type { TournamentReport } from '../../use-cases/tournament.ts';
import { lines } from './lines.ts';
import { renderTable, type Column } from './table.ts';

type Report = Pick<TournamentReport, 'table'>;
type Row = Report['table']['candidates'][number];

/** The table of a tournament, why its winner is approved or not, and what each candidate suffers from. */
export function tournamentText({ table }: Report, paint: ChalkInstance, width: number): string {
  return lines(
    renderTable(table.candidates, columns(paint), width),
    '',
    table.approved
      ? paint.green(`${table.winner} wins: its checks passed, and no critic found what blocks.`)
      : paint.yellow(`${table.winner} leads, and needs your review:`),
    table.needsReview.map(
      ({ reason, detail }) => `  ${needsReviewText[reason]}: ${toSingleLine(detail, 400)}`,
    ),
    table.nearTie !== null &&
      `Near tie: ${table.nearTie.between.join(' and ')}. ${toSingleLine(table.nearTie.reasons, 300)}`,
    table.rounds.map(
      ({ round, accepted, reason }) =>
        `Synthesis ${round}: ${accepted ? 'taken' : 'not taken'} (${toSingleLine(reason)})`,
    ),
    table.candidates.flatMap(notesOf),
  ).join('\n');
}

function columns(paint: ChalkInstance): Column<Row>[] {
  return [
    { title: '', value: (row) => row.candidate, paint: (text) => paint.bold(text) },
    { title: 'model', value: (row) => row.model ?? '', flexible: true },
    {
      title: 'state',
      value: ({ state, duplicateOf }) =>
        duplicateOf === null ? state : `${state} of ${duplicateOf}`,
      paint: (text, { state }) => (state === 'winner' ? paint.green(text) : text),
    },
    {
      title: 'checks',
      value: ({ gates, state }) => {
        if (state === 'dropped') return '';
        const bad = failedOrErroredGates(gates);
        return bad.length === 0
          ? 'passed'
          : bad.map(({ gate, status }) => `${gate} ${status}`).join(', ');
      },
      paint: (text) => (text.trim() === 'passed' ? text : paint.red(text)),
    },
    {
      title: 'critics',
      value: ({ critics }) =>
        critics.length === 0
          ? ''
          : `${critics.filter(({ verdict }) => verdict === 'accept').length}/${critics.length}`,
    },
    {
      title: 'blockers',
      value: ({ blockers, state }) => (state === 'dropped' ? '' : String(blockers.length)),
    },
    { title: 'correct', value: (row) => number(row.scores?.correctness), expendable: 2 },
    { title: 'consistent', value: (row) => number(row.scores?.consistency), expendable: 3 },
    { title: 'safe', value: (row) => number(row.scores?.safety), expendable: 4 },
    { title: 'efficient', value: (row) => number(row.scores?.efficiency), expendable: 5 },
    { title: 'clear', value: (row) => number(row.scores?.clarity), expendable: 6 },
    { title: 'score', value: (row) => number(row.score ?? undefined) },
    {
      title: 'cost',
      value: ({ cost }) => (cost.usd === null ? 'unknown' : formatUsd(cost.usd)),
      expendable: 1,
    },
  ];
}

function number(value: number | undefined): string {
  return value === undefined ? '' : value.toFixed(2);
}

function notesOf(row: Row): string[] {
  const unknown = row.critics.filter(({ verdict }) => verdict === 'unknown');
  return [
    ...(row.reason === null ? [] : [`${row.candidate} dropped: ${toSingleLine(row.reason)}`]),
    ...row.blockers.map(
      ({ from, category, location, evidence }) =>
        `${row.candidate} ${category} (${from})${location === null ? '' : ` ${toSingleLine(location)}`}: ${toSingleLine(evidence)}`,
    ),
    ...unknown.map(
      ({ critic, reason }) =>
        `${row.candidate} critic ${critic} unknown: ${toSingleLine(reason ?? '')}`,
    ),
  ];
}
