import type { Finding } from '../domain/review.ts';

/** The path of a location, which may name a line or some of them. */
export function withoutLine(location: string | null): string | null {
  return location?.replace(/(?::\d[\d:-]*)+$/, '') ?? null;
}

/** One text for the same finding, whatever its spacing and line numbers: a correction moves lines. */
export function findingKey({ category, severity, location, evidence }: Finding): string {
  const plain = (text: string | null): string =>
    (text ?? '').toLowerCase().replace(/\s+/g, ' ').trim();
  return [category, severity, withoutLine(location), evidence].map(plain).join('|');
}
