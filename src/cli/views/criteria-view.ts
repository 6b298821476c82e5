import type { ChalkInstance } from 'chalk';
import { someOf } from '../../text/counted.ts';
import type { CriterionResult } from '../../domain/acceptance.ts';
import type { FeatureDocument } from '../../domain/task.ts';
import { toSingleLine } from '../../domain/text.ts';
import {
  criteriaCount,
  criteriaMatrix,
  hasCriteria,
  type CriterionRow,
} from '../../report/criteria.ts';
import { printable } from './cells.ts';
import { lines } from './lines.ts';

const words: Record<CriterionRow['by'], string> = {
  test: 'by tests',
  reviewer: 'judged by a reviewer',
  person: 'judged by a person',
  elsewhere: 'by another task',
  open: 'seen by nobody',
  waiting: 'not yet',
  untested: 'no test',
};

type Paint = (text: string) => string;

function paintOf(by: CriterionRow['by'], paint: ChalkInstance): Paint {
  if (by === 'test' || by === 'person' || by === 'reviewer') return (text) => paint.green(text);
  return by === 'open' || by === 'untested'
    ? (text) => paint.yellow(text)
    : (text) => paint.dim(text);
}

/** Requirement → criterion → test → task → commit, as `show` prints it; nothing where no task asked for it. */
export function criteriaLines(document: FeatureDocument, paint: ChalkInstance): string[] {
  if (!hasCriteria(document)) return [];
  const rows = criteriaMatrix(document).flatMap(({ id, text, criteria }) => [
    `  ${id} ${printable(toSingleLine(text, 100))}`,
    ...criteria.map((row) => `    ${rowText(row, paint)}`),
  ]);
  return ['', paint.bold('criteria:'), ...rows];
}

function rowText(row: CriterionRow, paint: ChalkInstance): string {
  const { id, text, by, task, test, commit, weak } = row;
  const where = [task, test, commit?.slice(0, 10)]
    .filter((part) => (part ?? null) !== null)
    .join(' · ');
  const how = paintOf(by, paint)(words[by]);
  const doubts = weak ? paint.yellow(', weak') : '';
  const place = where === '' ? '' : paint.dim(printable(` (${where})`));
  return `${id}  ${how}${doubts}${place}  ${printable(toSingleLine(text, 100))}`;
}

/** In a line, how many criteria were seen to hold; null where no task asked for it. */
export function criteriaLine(document: FeatureDocument): string | null {
  const count = criteriaCount(document);
  if (count === null) return null;
  const { total, by, open, weak } = count;
  const seen = by.test + by.reviewer + by.person;
  const parts = [
    `criteria: ${seen} of ${total} seen to hold`,
    ...(['test', 'reviewer', 'person', 'waiting'] as const).flatMap((mark) =>
      by[mark] === 0 ? [] : [`${by[mark]} ${words[mark]}`],
    ),
  ];
  if (open.length > 0) parts.push(`by nobody: ${someOf(open)}`);
  if (weak.length > 0) parts.push(`weak tests: ${someOf(weak)}`);
  return parts.join(' · ');
}

/** The criteria of one task's result. */
export function taskCriteriaLines(
  criteria: readonly CriterionResult[],
  paint: ChalkInstance,
): string[] {
  return criteria.length === 0
    ? []
    : lines(
        paint.bold('criteria:'),
        criteria.flatMap(({ id, by, test, names, weak, note }) => [
          `  ${id}  ${paintOf(by, paint)(words[by])}${weak ? paint.yellow(', weak') : ''}${test === null ? '' : paint.dim(` (${printable(test)})`)}`,
          ...names.map((name) => paint.dim(`      ${printable(name)}`)),
          ...(note === '' ? [] : [paint.dim(`      ${printable(note)}`)]),
        ]),
      );
}
