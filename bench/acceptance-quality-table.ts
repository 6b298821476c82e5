import { acceptanceQuality, type AcceptanceQuality } from './acceptance-quality.ts';
import type { Measurement } from './measurement.ts';

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** Prints the table, and gives what has a bar: both rules against neither. */
export async function acceptanceQualityTable(tasks: number): Promise<Measurement[]> {
  const rows = await acceptanceQuality(tasks);
  console.table(
    rows.map(({ p, v, q, way, ...of }) => ({
      'p, v, q': `${p}, ${v}, ${q}`,
      way,
      approved: percent(of.approved),
      'false approval': percent(of.falseApproval),
      'right refused': percent(of.rightRefused),
      rounds: of.rounds.toFixed(2),
      reviews: of.reviews.toFixed(2),
      calls: of.calls.toFixed(2),
    })),
  );
  const ratio = (of: (row: AcceptanceQuality) => number, where = rows): number => {
    const sum = (way: AcceptanceQuality['way']): number =>
      where.filter((row) => row.way === way).reduce((total, row) => total + of(row), 0);
    return sum('both') / sum('neither');
  };
  const falseApproval = (row: AcceptanceQuality): number => row.falseApproval;
  const tenths = [0.9, 0.7].map((v): Measurement => {
    const where = rows.filter((row) => row.v === v);
    const what = `false approvals with tests of criteria and findings that count, v = ${v}`;
    return { what, measured: ratio(falseApproval, where), bar: 0.1 };
  });
  return [
    ...tenths,
    { what: 'reviews with both', measured: ratio(({ reviews }) => reviews), bar: 1 },
  ];
}
