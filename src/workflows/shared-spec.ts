import { isRequirementHeading, sectionsOf } from '../domain/spec.ts';

/** Sections of a spec that take the budget before others. */
const weightySections =
  /\b(?:overview|goals?|data|interfaces?|constraints?|architecture|design|api)\b/i;

export interface SharedSection {
  readonly heading: string;
  readonly text: string;
  readonly weighty: boolean;
}

let lastShared = { spec: '', sections: [] as SharedSection[] };

/**
 * All sections of a spec, whatever their headings, but requirements: those are shown to the tasks that
 * serve them. All tasks of a feature are shown the same text, so that it caches, and the last answer is kept.
 */
export function sharedSpec(spec: string): SharedSection[] {
  if (lastShared.spec === spec) return lastShared.sections;
  const sections: SharedSection[] = [];
  let weightyBelow: number | null = null;
  for (const { heading, depth, body } of sectionsOf(spec)) {
    if (weightyBelow !== null && depth <= weightyBelow) weightyBelow = null;
    if (isRequirementHeading(heading)) continue;
    // The first heading names the whole.
    if (weightyBelow === null && depth > 1 && weightySections.test(heading)) weightyBelow = depth;
    const weighty = weightyBelow !== null || weightySections.test(heading);
    if (body !== '')
      sections.push({
        heading,
        text: `${'#'.repeat(Math.max(2, depth))} ${heading}\n\n${body}`,
        weighty,
      });
  }
  lastShared = { spec, sections };
  return sections;
}
