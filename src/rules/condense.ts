import { sectionKind } from './kinds.ts';
import type { Statement } from './outline.ts';
import { inline } from './prose.ts';
import { wordsOf } from './terms.ts';

/** More than a person can keep in view, and more than a plan should have tasks for. */
const maxRequirements = 40;

/** The outermost heading that names a part of the product, as opposed to `Requirements`. */
export function areaOf({ path }: Pick<Statement, 'path'>): string | null {
  return path.find((heading) => sectionKind(heading) === null) ?? null;
}

/** Items by a key, in order of appearance. */
export function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    groups.set(key, groups.get(key) ?? []);
    groups.get(key)?.push(item);
  }
  return groups;
}

/**
 * What is said twice as one statement, with the details of both; and what goes beyond the number that a
 * plan can hold, section by section, as one. The note says what was grouped, or is null.
 */
export function condense(statements: readonly Statement[]): {
  points: readonly Statement[];
  note: string | null;
} {
  const same = groupBy(statements, ({ text }) => wordsOf(text).join(' ') || text);
  const all = [...same.values()].flatMap(([first, ...others]): Statement[] => {
    if (first === undefined) return [];
    const details = new Set([first, ...others].flatMap((statement) => statement.details));
    const examples = [first, ...others].flatMap((statement) => statement.examples);
    return [{ ...first, details: [...details], examples }];
  });
  if (all.length <= maxRequirements) return { points: all, note: null };
  const areas = groupBy(all, areaOf);
  const sections = areas.size > maxRequirements ? new Map([[null, all]]) : areas;
  for (let quota = maxRequirements; ; quota -= 1) {
    const points = [...sections].flatMap(([area, own]) =>
      own.length <= quota
        ? own
        : [...own.slice(0, quota - 1), together(area, own.slice(quota - 1))],
    );
    if (points.length > maxRequirements) continue;
    const note = `The brief makes ${all.length} points; of each section the first ${quota - 1} stand for themselves, and what goes beyond is one requirement.`;
    return { points, note };
  }
}

function together(area: string | null, rest: readonly Statement[]): Statement {
  return {
    kind: 'requirements',
    text: inline(`The further ${rest.length} points on ${area ?? 'the brief'} hold`),
    path: area === null ? [] : [area],
    from: 'item',
    details: rest.map(({ text }) => text),
    examples: [],
  };
}
