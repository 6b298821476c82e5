import type { ChalkInstance } from 'chalk';
import { formatUsd } from '../../domain/price.ts';
import type { JudgeRecord, ReviewerRecord } from '../../report/reviewers.ts';
import type { ReviewersStats } from '../../use-cases/stats.ts';
import { skippedLines } from './cost-view.ts';
import { renderTable, type Column } from './table.ts';

/** How reviewers and judges fared, in tables. */
export function reviewersText(
  { reviewers, judges, skipped }: ReviewersStats,
  paint: ChalkInstance,
  width: number,
): string {
  if (reviewers.length + judges.length === 0) return 'No review was made yet.';
  const blocking = reviewers.some(({ findings }) => findings.blocker + findings.major > 0);
  const settled = reviewers.some(({ standings }) => Object.values(standings).some(Boolean));
  return [
    ...(reviewers.length === 0 ? [] : [renderTable(reviewers, reviewerColumns(paint), width)]),
    ...(settled ? ['', renderTable(reviewers, settledColumns(paint), width)] : []),
    ...(blocking ? ['', renderTable(reviewers, blockingColumns(paint), width)] : []),
    ...(judges.length === 0 ? [] : ['', renderTable(judges, judgeColumns(paint), width)]),
    ...skippedLines(skipped).map((line) => paint.dim(line)),
  ].join('\n');
}

function reviewerColumns(paint: ChalkInstance): Column<ReviewerRecord>[] {
  return [
    { title: 'reviewer', value: ({ model }) => model, paint: (text) => paint.bold(text) },
    { title: 'reviews', value: ({ reviews }) => String(reviews) },
    { title: 'accepted', value: ({ accepted }) => String(accepted) },
    { title: 'sent back by you', value: ({ missed }) => String(missed), expendable: 1 },
    {
      title: 'refused by checks',
      value: ({ refutedByChecks }) => String(refutedByChecks),
      expendable: 2,
    },
    { title: 'tasks approved', value: ({ approvedTasks }) => String(approvedTasks), expendable: 3 },
    {
      title: 'cost a task',
      value: ({ usd, approvedTasks }) =>
        approvedTasks === 0 ? '' : formatUsd(usd / approvedTasks),
      expendable: 4,
    },
  ];
}

function settledColumns(paint: ChalkInstance): Column<ReviewerRecord>[] {
  return [
    { title: 'what would block', value: ({ model }) => model, paint: (text) => paint.bold(text) },
    { title: 'proved', value: ({ standings }) => String(standings.proved) },
    { title: 'grounded', value: ({ standings }) => String(standings.grounded) },
    { title: 'in doubt', value: ({ standings }) => String(standings.doubtful) },
    { title: 'refuted', value: ({ standings }) => String(standings.refuted) },
  ];
}

function blockingColumns(paint: ChalkInstance): Column<ReviewerRecord>[] {
  return [
    { title: 'what blocked', value: ({ model }) => model, paint: (text) => paint.bold(text) },
    { title: 'mended', value: ({ blocking }) => String(blocking.mended) },
    { title: 'found again', value: ({ blocking }) => String(blocking.repeated) },
    { title: 'confirmed by you', value: ({ blocking }) => String(blocking.confirmed) },
    { title: 'overruled by you', value: ({ blocking }) => String(blocking.overruled) },
    { title: 'open', value: ({ blocking }) => String(blocking.open), expendable: 1 },
  ];
}

function judgeColumns(paint: ChalkInstance): Column<JudgeRecord>[] {
  return [
    { title: 'judge', value: ({ model }) => model, paint: (text) => paint.bold(text) },
    { title: 'judged', value: ({ judged }) => String(judged) },
    { title: 'turned with the order', value: ({ flipped }) => String(flipped) },
    { title: 'ties', value: ({ ties }) => String(ties) },
    { title: 'unusable', value: ({ unusable }) => String(unusable), expendable: 1 },
  ];
}
