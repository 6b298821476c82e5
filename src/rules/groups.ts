import type { Requirement } from '../domain/task.ts';
import { inline } from './inline.ts';
import { overlap, shared, termsOf } from './terms.ts';

const maxGroupSize = 5;
const maxGroups = 12;

/** Requirements that one task takes on together. */
export interface Group {
  readonly name: string;
  readonly requirements: readonly Requirement[];
  readonly terms: ReadonlySet<string>;
}

/**
 * Cuts requirements into groups: by the areas of the spec, and where it names none by the words they
 * share. In order of the requirements; each is in exactly one group.
 */
export function groupsOf(
  requirements: readonly Requirement[],
  areas: ReadonlyMap<string, readonly string[]>,
): Group[] {
  const areaOf = new Map([...areas].flatMap(([area, ids]) => ids.map((id) => [id, area] as const)));
  const parts = new Map<string | null, Requirement[]>();
  for (const requirement of requirements) {
    const area = areaOf.get(requirement.id) ?? null;
    parts.set(area, [...(parts.get(area) ?? []), requirement]);
  }
  const cut = [...parts].flatMap(([area, own]) => split(area, own));
  return merged(cut, maxGroups).map(({ area, own }) => ({
    name: nameOf(area, own),
    requirements: own,
    terms: termsOf([area ?? '', ...own.map(({ text }) => text)].join(' ')),
  }));
}

interface Part {
  readonly area: string | null;
  readonly own: Requirement[];
}

function split(area: string | null, own: readonly Requirement[]): Part[] {
  if (area !== null && own.length <= maxGroupSize) return [{ area, own: [...own] }];
  const clusters: { own: Requirement[]; terms: Set<string> }[] = [];
  for (const requirement of own) {
    const terms = termsOf(requirement.text);
    let best: { cluster: (typeof clusters)[number]; score: number } | null = null;
    for (const cluster of clusters) {
      if (cluster.own.length >= maxGroupSize) continue;
      const score = overlap(cluster.terms, terms);
      const alike = shared(cluster.terms, terms).length >= 2 || score >= 0.2;
      if (alike && (best === null || score > best.score)) best = { cluster, score };
    }
    if (best === null) {
      clusters.push({ own: [requirement], terms });
    } else {
      best.cluster.own.push(requirement);
      terms.forEach((term) => best.cluster.terms.add(term));
    }
  }
  // A task for each sentence would be no plan.
  const limit = Math.max(3, Math.ceil(own.length / 2));
  return merged(
    clusters.map((cluster) => ({ area, own: cluster.own })),
    limit,
  );
}

/** Joins the smallest neighbours until there are no more than the limit. */
function merged(parts: readonly Part[], limit: number): Part[] {
  const left = [...parts];
  while (left.length > limit) {
    let at = 0;
    let least = Infinity;
    for (let index = 0; index + 1 < left.length; index += 1) {
      const size = (left[index]?.own.length ?? 0) + (left[index + 1]?.own.length ?? 0);
      const across = left[index]?.area === left[index + 1]?.area ? 0 : 0.5;
      if (size + across < least) [at, least] = [index, size + across];
    }
    const [first, second] = left.slice(at, at + 2);
    if (first === undefined || second === undefined) break;
    const area = first.area === second.area ? first.area : (first.area ?? second.area);
    left.splice(at, 2, { area, own: [...first.own, ...second.own] });
  }
  return left;
}

function nameOf(area: string | null, own: readonly Requirement[]): string {
  return area ?? essence(own[0]?.text ?? '');
}

/** A statement without the words that only say that it is one: `The tool must parse x` → `parse x`. */
export function essence(text: string): string {
  const core = text
    .replace(
      /^as an? .{1,60}?,?\s(?:i|we)\s(?:want|need|can|would like|should|must)\s(?:to\s)?/i,
      '',
    )
    .replace(
      /^(?:the|it|this|an?|each|every|all|any)\b.{0,60}?\b(?:must|shall|should|can|will|has to|have to|needs? to|is able to)\s(?:be able to\s)?/i,
      '',
    )
    .replace(
      /^(?:users?|we|you|i|it|people|visitors?|customers?|admins?)\s(?:must|shall|should|can|will|need to|want to|want|need)\s(?:be able to\s)?/i,
      '',
    )
    .replace(/,? so (?:that )?.*$/i, '')
    .replace(/[.:;!。]+$/u, '');
  return inline(core, 70) || inline(text, 70) || 'The work';
}
