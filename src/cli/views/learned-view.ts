import type { ChalkInstance } from 'chalk';
import { formatUsd } from '../../domain/price.ts';
import { leastCases, type LearnedRecord, type LearnedRole } from '../../report/learned-order.ts';
import type { LearnedRoutes } from '../../use-cases/learned-routes.ts';
import { skippedLines } from './cost-view.ts';
import { lines } from './lines.ts';
import { renderTable } from './table.ts';

/** What the record would change in the order of models, and the counts that it rests on. */
export function learnedText(
  { roles, skipped }: LearnedRoutes,
  paint: ChalkInstance,
  width: number,
): string {
  const rows = roles.flatMap(({ role, records }) => records.map((record) => ({ role, record })));
  const changed = roles.filter(({ reasons }) => reasons.length > 0);
  const isFew = ({ cases }: LearnedRecord): boolean => cases < leastCases;
  return lines(
    paint.bold('What the record would change'),
    rows.length === 0 && 'There is no record of the listed models yet.',
    rows.length > 0 &&
      renderTable(
        rows,
        [
          { title: 'role', value: ({ role }) => role },
          { title: 'model', value: ({ record }) => record.model, flexible: true },
          { title: 'cases', value: ({ record }) => String(record.cases) },
          { title: 'did well', value: ({ record }) => String(record.right) },
          {
            title: 'cost each',
            value: ({ record: { usd } }) => (usd === null ? '' : formatUsd(usd)),
            expendable: 1,
          },
        ],
        width,
      ),
    roles.map(({ role, measure }) => paint.dim(`${role}: ${measure}`)),
    rows.some(({ record }) => isFew(record)) &&
      paint.dim(`A model of fewer than ${leastCases} cases keeps its place.`),
    changed.flatMap(changeLines),
    rows.length > 0 && changed.length === 0 && 'It speaks for no other order.',
    changed.length > 0 && 'Nothing was changed: the order is that of your config.',
    skippedLines(skipped).map((line) => paint.dim(line)),
  ).join('\n');
}

function changeLines({ role, learned, reasons }: LearnedRole): string[] {
  return [
    ...reasons.map((reason) => `${role}: ${reason}`),
    `  to have it so: roles.${role}.models: [${learned.join(', ')}]`,
  ];
}
