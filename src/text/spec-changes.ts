import type { Token, Tokens } from 'marked';
import type { Diagnostic } from '../domain/errors.ts';
import { blocksOf } from '../domain/markdown-blocks.ts';
import { plainLine } from '../domain/plain-markdown.ts';
import { isRequirementHeading, requirementsOf, titleOf } from '../domain/spec.ts';
import type { FeatureDocument, PlannedSpec, Requirement } from '../domain/task.ts';
import { plainWords, plannedRequirement } from './requirement-key.ts';
import { sha256 } from './sha256.ts';

/** What a spec says now and did not when the tasks were made from it. */
export interface SpecChanges {
  /** Ids of requirements; so in the next two. */
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  /** Headings of what is no requirement. */
  readonly sections: readonly string[];
  /** All requirements as the spec states them now. */
  readonly stated: readonly Requirement[];
}

/** What a spec says, so that a later one can be compared part by part. Layout makes no difference. */
export function plannedSpec(spec: string): PlannedSpec {
  return {
    requirements: requirementsOf(spec).map(plannedRequirement),
    sections: [...sectionWords(spec)].map(([heading, words]) => ({
      heading,
      sha256: sha256(words),
    })),
  };
}

/** What changed since the plan was made; null when nothing did but the layout. */
export function specChanges(
  { plan }: Pick<FeatureDocument, 'plan'>,
  spec: string,
): SpecChanges | null {
  if (plan.spec === null || sha256(spec) === plan.specSha256) return null;
  const stated = requirementsOf(spec).map(({ id, text, acceptance }) => ({ id, text, acceptance }));
  const before = plan.spec;
  // A list of an earlier version does not say whether its requirements stood in the spec by number.
  const changes =
    before.sections === null && stated.length === 0
      ? { added: [], changed: [], removed: [], sections: [titleOf(spec) ?? 'spec.md'], stated }
      : {
          ...requirementChanges(before.requirements, stated),
          sections: before.sections === null ? [] : changedSections(before.sections, spec),
          stated,
        };
  return isEmpty(changes) ? null : changes;
}

/** Requirements that were added, changed or removed, by id. */
export function requirementChanges(
  before: PlannedSpec['requirements'],
  now: readonly Requirement[],
): Pick<SpecChanges, 'added' | 'changed' | 'removed'> {
  const known = new Map(before.map(({ id, sha256: hash }) => [id, hash]));
  const ids = new Set(now.map(({ id }) => id));
  return {
    added: now.filter(({ id }) => !known.has(id)).map(({ id }) => id),
    changed: now
      .filter((one) => known.has(one.id) && known.get(one.id) !== plannedRequirement(one).sha256)
      .map(({ id }) => id),
    removed: before.filter(({ id }) => !ids.has(id)).map(({ id }) => id),
  };
}

/** The changes in words: `R2 changed, R4 added, section «Limits» changed`. */
export function specChangesText({ added, changed, removed, sections }: SpecChanges): string {
  const some = (ids: readonly string[], what: string): string[] =>
    ids.length === 0 ? [] : [`${ids.join(', ')} ${what}`];
  const named = sections.map((heading) => (heading === '' ? 'its beginning' : `«${heading}»`));
  return [
    ...some(changed, 'changed'),
    ...some(added, 'added'),
    ...some(removed, 'removed'),
    ...(named.length === 0
      ? []
      : [`other text changed (${named.slice(0, 5).join(', ')}${named.length > 5 ? ', …' : ''})`]),
  ].join(', ');
}

/** That the spec changed, and how: a sentence without its full stop. */
export function specChangedText(changes: SpecChanges): string {
  return `spec.md changed since it was planned: ${specChangesText(changes)}`;
}

/** Why a spec cannot be used, where it is, and what to do, for people. */
export function specProblemText({ message, target = 'spec.md', fix = '' }: Diagnostic): string {
  return `${message}: ${target}. ${fix}`;
}

/** Ids of requirements that read otherwise now, or are no longer there. */
export function movedRequirements({
  changed,
  removed,
}: Pick<SpecChanges, 'changed' | 'removed'>): Set<string> {
  return new Set([...changed, ...removed]);
}

/**
 * Why a spec cannot be used for the plan that was made from it; null where it can.
 * @param spec null where there is none. @param shown its path, for people
 */
export function specProblem(
  { plan }: Pick<FeatureDocument, 'plan'>,
  spec: string | null,
  shown: string,
): Diagnostic | null {
  // Nothing is known of the spec of a list that was written by hand.
  if (plan.spec === null || (spec !== null && sha256(spec) === plan.specSha256)) return null;
  const planned = plan.spec.requirements.length;
  const fix =
    'Restore it, from version control or a copy; what is planned and approved is kept meanwhile.';
  const problem = (code: string, message: string): Diagnostic => ({
    code,
    message,
    target: shown,
    fix,
  });
  // A list of an earlier version may never have had one beside it.
  if (spec === null)
    return plan.spec.sections === null ? null : problem('spec-missing', 'The spec is gone');
  if (/[\0\uFFFD]/.test(spec)) return problem('spec-broken', 'The spec is no UTF-8 text any more');
  if (spec.trim() === '') return problem('spec-broken', 'The spec is empty');
  if (plan.spec.sections !== null && planned > 0 && requirementsOf(spec).length === 0)
    return problem(
      'spec-broken',
      `The spec states no requirement any more, and ${planned} when it was planned; they are read from «### R1: …» or «- R1: …»`,
    );
  return null;
}

/**
 * The task list's requirements in the spec's words of now, for prompts: the list itself keeps what was
 * planned until it is planned anew.
 */
export function withSpecWords(
  document: FeatureDocument,
  changes: SpecChanges | null,
): FeatureDocument {
  if (changes === null) return document;
  const stated = new Map(changes.stated.map((requirement) => [requirement.id, requirement]));
  const moved = new Set([...changes.changed, ...changes.added]);
  const removed = new Set(changes.removed);
  const requirements = document.requirements.map((requirement) => {
    const now = moved.has(requirement.id) ? stated.get(requirement.id) : undefined;
    if (now !== undefined) return now;
    return removed.has(requirement.id)
      ? { ...requirement, text: `No longer part of the specification: ${requirement.text}` }
      : requirement;
  });
  return { ...document, requirements };
}

function isEmpty({ added, changed, removed, sections }: SpecChanges): boolean {
  return [added, changed, removed, sections].every((list) => list.length === 0);
}

function changedSections(before: NonNullable<PlannedSpec['sections']>, spec: string): string[] {
  const known = new Map(before.map(({ heading, sha256: hash }) => [heading, hash]));
  const now = new Map([...sectionWords(spec)].map(([heading, words]) => [heading, sha256(words)]));
  const changed = [...now].filter(([heading, hash]) => known.get(heading) !== hash);
  const gone = [...known.keys()].filter((heading) => !now.has(heading));
  return [...changed.map(([heading]) => heading), ...gone];
}

/** The words below each heading, without requirements and what belongs to them. */
function sectionWords(markdown: string): Map<string, string> {
  const found = new Map<string, string>();
  let heading = '';
  let inRequirement = false;
  for (const token of blocksOf(markdown.replace(/^\uFEFF/, ''))) {
    if (token.type === 'heading') {
      const { text } = token as Tokens.Heading;
      inRequirement = isRequirementHeading(text);
      if (!inRequirement) heading = plainWords(plainLine(text));
      continue;
    }
    const words = inRequirement ? '' : plainWords(wordsOf(token));
    if (words !== '') found.set(heading, [found.get(heading) ?? '', words].join(' ').trim());
  }
  return found;
}

/** A block's words, whatever marks it. */
function wordsOf(token: Token): string {
  switch (token.type) {
    case 'space':
    case 'hr':
      return '';
    case 'html':
      return token.raw.replace(/<!--.*?(?:-->|$)/gs, '');
    case 'list':
      return (token as Tokens.List).items
        .filter(({ text }) => !isRequirementHeading(text.split('\n')[0] ?? ''))
        .map((item) => item.tokens.map(wordsOf).join('\n'))
        .join('\n');
    case 'table': {
      const { header, rows } = token as Tokens.Table;
      return [header, ...rows]
        .flat()
        .map(({ tokens }) => tokens.map(wordsOf).join(''))
        .join('\n');
    }
    default: {
      const inner = 'tokens' in token ? token.tokens : undefined;
      if (inner !== undefined && inner.length > 0) return inner.map(wordsOf).join('');
      return 'text' in token && typeof token.text === 'string' ? token.text : token.raw;
    }
  }
}
