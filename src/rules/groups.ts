import type { SpecRequirement } from '../domain/spec.ts';
import { essence } from './criteria.ts';
import { groupBy, shared, termsOf } from './terms.ts';

const maxGroups = 12;
const maxGroupSize = 5;

/** Requirements that one task takes on together. */
export interface Group {
  readonly name: string;
  readonly requirements: SpecRequirement[];
  readonly terms: Set<string>;
}

/**
 * Requirements by the areas of the spec; where there is none, those that follow each other and share a
 * word. In groups of so many that no task is left for a single sentence where there are many.
 */
export function groupsOf(requirements: readonly SpecRequirement[]): Group[] {
  const areas = groupBy(requirements, ({ area }) => area ?? null);
  const parts = areas.size > maxGroups ? new Map([[null, requirements]]) : areas;
  const limit = Math.max(3, parts.size, Math.ceil(requirements.length / 2));
  for (let least = 1; ; least += 1) {
    const groups = [...parts].flatMap(([area, own]) => cut(area, own, least));
    if (groups.length <= Math.min(limit, maxGroups)) return groups;
  }
}

/** @param least how many of a group need nothing in common. */
function cut(area: string | null, own: readonly SpecRequirement[], least: number): Group[] {
  const groups: Group[] = [];
  for (const requirement of own) {
    const terms = termsOf(requirement.text);
    const last = groups.at(-1);
    const size = last?.requirements.length ?? Infinity;
    const alike = area !== null || shared(last?.terms ?? terms, terms).length > 0;
    if (last !== undefined && (size < least || (alike && size < maxGroupSize))) {
      last.requirements.push(requirement);
      for (const term of terms) last.terms.add(term);
    } else {
      const name = area ?? essence(requirement.text);
      const known = area === null ? terms : termsOf(`${area} ${requirement.text}`);
      groups.push({ name, requirements: [requirement], terms: known });
    }
  }
  return groups;
}

const maxNeeds = 3;
const buildsOn =
  /\b(?:after|once|using|uses?|based on|builds? on|on top of|from the|through the|via|depends? on|requires?|reuses?|parsed|stored|saved|existing|resulting|above|previous)\b/i;

/**
 * For each group the earlier ones that it builds on, by index: those whose telling words it takes up,
 * twice or more, or once in a sentence that says it uses them. All else may run at the same time.
 */
export function dependenciesOf(groups: readonly Group[]): number[][] {
  // A word that most groups use is the subject of the whole, and orders nothing.
  const most = Math.max(2, Math.floor(groups.length / 2));
  const orders = (term: string): boolean =>
    groups.filter(({ terms }) => terms.has(term)).length <= most;
  return groups.map(({ terms, requirements }, index) => {
    const texts = requirements.map(({ text }) => text).filter((text) => buildsOn.test(text));
    const using = termsOf(texts.join(' '));
    const scores = groups.slice(0, index).map((earlier) => {
      const taken = shared(earlier.terms, terms).filter(orders).length;
      const used = shared(earlier.terms, using).filter(orders).length;
      return Math.max(0, taken - 1) + used * 2;
    });
    const least = scores.toSorted((a, b) => b - a)[maxNeeds - 1] ?? 0;
    const needed = scores.flatMap((score, at) => (score > 0 && score >= least ? at : []));
    return needed.slice(0, maxNeeds);
  });
}
