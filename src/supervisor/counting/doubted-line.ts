import type { Ledger } from './ledger.ts';

/** A line of the work as it is about which two findings are in doubt, as `path:line`; null where there is none. */
export function doubtedLine(ledger: Pick<Ledger, 'all'>): string | null {
  const seen = new Set<string>();
  for (const { finding, place, isChanged } of ledger.all()) {
    if (finding.standing !== 'doubtful' || place === null || isChanged) continue;
    const line = `${place.path}:${place.line}`;
    if (seen.has(line)) return line;
    seen.add(line);
  }
  return null;
}
