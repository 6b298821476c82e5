import { inline } from './inline.ts';
import { sectionKind } from './section-kind.ts';
import type { Statement } from './statement.ts';
import { overlap, termsOf, wordsOf } from './terms.ts';

/** More than a person can keep in view, and more than a plan should have tasks for. */
const maxRequirements = 40;
const maxAreas = 12;
/** Near-duplicates are sought among this many; beyond it equal wording alone merges. */
const maxCompared = 400;

export interface Point {
  readonly area: string | null;
  readonly statement: Statement;
}

export interface Condensed {
  readonly points: readonly Point[];
  /** What was grouped, in words; null when every point stands for itself. */
  readonly note: string | null;
}

/** Merges what is said twice, and groups what goes beyond the number that a plan can hold. */
export function condense(statements: readonly Statement[]): Condensed {
  const points = withoutDuplicates(statements).map((statement) => ({
    area: areaOf(statement.path),
    statement,
  }));
  if (points.length <= maxRequirements) return { points, note: null };
  return grouped(points);
}

/** The outermost heading that names a part of the product, as opposed to `Requirements`. */
function areaOf(path: readonly string[]): string | null {
  return path.find((heading) => sectionKind(heading) === null) ?? null;
}

function withoutDuplicates(statements: readonly Statement[]): Statement[] {
  const kept: { statement: Statement; terms: Set<string>; precise: string }[] = [];
  const byWords = new Map<string, Statement>();
  for (const statement of statements) {
    const key = wordsOf(statement.text).join(' ');
    const terms = termsOf(statement.text);
    const precise = preciseWords(statement.text);
    const same =
      byWords.get(key) ??
      kept
        .slice(0, maxCompared)
        .find((other) => other.precise === precise && overlap(other.terms, terms) >= 0.85)
        ?.statement;
    if (same === undefined) {
      kept.push({ statement, terms, precise });
      byWords.set(key, statement);
    } else {
      absorb(same, statement);
    }
  }
  return kept.map(({ statement }) => statement);
}

/** Numbers, denials and quotations: where these differ, alike sentences say different things. */
function preciseWords(text: string): string {
  return (text.match(/\d[\d.,]*|\b(?:not|never|no|without|only|except)\b|`[^`]*`|"[^"]*"/gi) ?? [])
    .join('|')
    .toLowerCase();
}

function absorb(into: Statement, from: Statement): void {
  for (const detail of from.details) if (!into.details.includes(detail)) into.details.push(detail);
  into.examples.push(...from.examples);
}

function grouped(points: readonly Point[]): Condensed {
  const areas = byArea(points);
  // Each area has at least one, so what they share is less by as many.
  const shared = maxRequirements - areas.length;
  const result: Point[] = [];
  const notes: string[] = [];
  for (const [area, own] of areas) {
    const quota = Math.max(1, Math.floor((shared * own.length) / points.length));
    const alone = own.length <= quota ? own : own.slice(0, quota - 1);
    const rest = own.slice(alone.length);
    result.push(...alone);
    if (rest.length === 0) continue;
    const name = area ?? 'the brief';
    result.push({
      area,
      statement: {
        text: inline(`The further ${rest.length} points on ${name} hold`),
        path: area === null ? [] : [area],
        from: 'item',
        details: rest.map(({ statement }) => statement.text),
        examples: [],
      },
    });
    notes.push(`${rest.length} on ${name}`);
  }
  return {
    points: result,
    note: `The brief makes ${points.length} points; what goes beyond ${maxRequirements} was grouped by section into one requirement each: ${notes.join(', ')}.`,
  };
}

/** In order of appearance; the smallest areas become one when there are too many. */
function byArea(points: readonly Point[]): [string | null, Point[]][] {
  const areas = new Map<string | null, Point[]>();
  for (const point of points) {
    const own = areas.get(point.area);
    if (own === undefined) areas.set(point.area, [point]);
    else own.push(point);
  }
  if (areas.size <= maxAreas) return [...areas];
  const large = [...areas].sort(([, a], [, b]) => b.length - a.length).slice(0, maxAreas - 1);
  const names = new Set(large.map(([area]) => area));
  const small = points.filter(({ area }) => !names.has(area));
  const rest: Point[] = small.map((point) => ({ ...point, area: 'the smaller sections' }));
  return [...[...areas].filter(([area]) => names.has(area)), ['the smaller sections', rest]];
}
