import type { Finding } from '../domain/review.ts';

/** The path of a location, which may name a line or some of them. */
export function withoutLine(location: string | null): string | null {
  return location?.replace(/(?::\d[\d:-]*)+$/, '') ?? null;
}

/** A line of a file. */
export interface Place {
  readonly path: string;
  /** From 1. */
  readonly line: number;
}

const place = /^(.+?):L?(\d{1,9})(?:[-:–]L?\d+)*$/;

/** The place that a location names, the first of its lines; null where it names none. */
export function placeOf(location: string | null): Place | null {
  const plain = location?.trim().replace(/^[`"'(]+|[`"').,]+$/g, '') ?? '';
  const [, path, line = '0'] = place.exec(plain) ?? [];
  if (path === undefined || Number(line) < 1) return null;
  return { path: path.replace(/^(?:\.\/)+/, ''), line: Number(line) };
}

/** Whether a text has a line of that number; what stands after its last line end is none. */
export function hasLine(text: string, line: number): boolean {
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  return line >= 1 && line <= Math.max(1, lines);
}

/** One text for the same finding, whatever its spacing and line numbers: a correction moves lines. */
export function findingKey({ category, severity, location, evidence }: Finding): string {
  const plain = (text: string | null): string =>
    (text ?? '').toLowerCase().replace(/\s+/g, ' ').trim();
  return [category, severity, withoutLine(location), evidence].map(plain).join('|');
}
