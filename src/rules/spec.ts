import type { SpecDocument } from '../domain/spec.ts';
import { acceptanceOf, capped } from './criteria.ts';
import { isNarrative, sectionKind, type SectionKind } from './kinds.ts';
import { Outline, type Statement } from './outline.ts';
import type { ProjectStack } from './project.ts';
import { inline } from './prose.ts';
import { detectStack } from './stack.ts';
import { groupBy, shared, termsOf, wordsOf } from './terms.ts';

/** More than a person can keep in view, and more than a plan should have tasks for. */
const maxRequirements = 40;
const maxListed = 40;
const maxOverview = 12;
const maxUnclear = 5;

/**
 * A brief as a spec, by its own words. Has at least one requirement, whatever the brief.
 * @param answers to questions about the brief; the questions themselves say nothing of the product.
 */
export function specOf(
  brief: string,
  answers: readonly string[] = [],
  project: ProjectStack | null = null,
): SpecDocument {
  const outline = new Outline(brief, answers);
  const of = (kind: SectionKind): Statement[] =>
    outline.statements.filter((statement) => statement.kind === kind);
  const first = outline.title ?? outline.statements[0]?.text ?? '';
  const named = inline(first, 80).replace(/[.:!?。]+$/u, '');
  const title = named || 'Untitled';
  const demands = of('requirements').length > 0 ? of('requirements') : standIns(outline, named, of);
  const { points, note } = condense([...demands, ...attach(of('acceptance'), demands)]);
  const background = of('background').filter((statement) => !demands.includes(statement));
  const goals = texts(of('goals'));
  const unclear = notUnderstood(outline.statements, demands, named).slice(0, maxUnclear);
  const questions = [...texts(of('questions')), ...unclear];
  const { name, guessed } = detectStack(brief, project);
  return {
    title,
    overview: overviewOf(background, title, note),
    goals:
      goals.length > 0
        ? goals
        : [`«${title}» does what the requirements below say, and tests show it.`],
    nonGoals: texts(of('nonGoals')),
    requirements: points.map((statement, index) => ({
      id: `R${index + 1}`,
      text: statement.text,
      acceptance: acceptanceOf(statement),
      area: areaOf(statement),
    })),
    interfaces:
      'Names and formats are as the requirements give them; the design decides the others.',
    constraints: texts(of('constraints')),
    openQuestions: guessed
      ? [...questions, `Which language and platform? The brief names none; ${name} is assumed.`]
      : questions,
  };
}

/** In a brief that words no requirement: its goals, else what it tells, else its headings. */
function standIns(
  { headings }: Outline,
  title: string,
  of: (kind: SectionKind) => Statement[],
): Statement[] {
  if (of('goals').length > 0) return of('goals');
  if (of('acceptance').length > 0) return [];
  const background = of('background').filter(({ from }) => from !== 'lead');
  const telling = background.filter(saysEnough);
  if (telling.length > 0) return telling;
  if (background.length > 0) return background;
  const only = title || 'Settle what is to be built: the brief says nothing';
  const about = { kind: 'requirements', path: [], from: 'item' } as const;
  return (headings.length > 0 ? headings : [only]).map((text) => ({
    ...about,
    text,
    details: [],
    examples: [],
  }));
}

/** Greetings and signatures ask for nothing; scripts without blanks have short words. */
function saysEnough({ text, from, path }: Statement): boolean {
  return from === 'item' || path.length > 0 || wordsOf(text).length > 3;
}

/** Points below no telling heading that were not taken for a demand: a person is to look at them. */
function notUnderstood(
  statements: readonly Statement[],
  demands: readonly Statement[],
  title: string,
): string[] {
  return statements
    .filter((statement) => !demands.includes(statement) && statement.text !== title)
    .filter(({ text, from, path, kind }) => {
      const inBackground = path.some((heading) => sectionKind(heading) !== null);
      return kind === 'background' && from !== 'lead' && !inBackground && !isNarrative(text);
    })
    .map(({ text }) => `Not taken as a requirement: «${text}» Does it ask for something?`);
}

/** Puts each acceptance criterion to the requirement it speaks of; the others stand for themselves. */
function attach(criteria: readonly Statement[], demands: readonly Statement[]): Statement[] {
  const known = demands.map((statement) => ({ statement, own: termsOf(statement.text) }));
  return criteria.filter(({ text, details }) => {
    const terms = termsOf(text);
    // Of two that share as many words the shorter one is nearer.
    const [best] = known
      .map(({ statement, own }) => ({ statement, common: shared(own, terms).length, own }))
      .filter(({ common }) => common >= 2)
      .sort((a, b) => b.common - a.common || a.own.size - b.own.size);
    best?.statement.details.push(text, ...details);
    return best === undefined;
  });
}

function overviewOf(background: readonly Statement[], title: string, note: string | null): string {
  const sentences = background.map(({ text }) => (/[.!?…。]$/u.test(text) ? text : `${text}.`));
  const cut = sentences.length - maxOverview;
  return [
    sentences.slice(0, maxOverview).join(' ') || `${title}.`,
    ...(cut > 0 ? [`The brief gives ${cut} more sentences of background.`] : []),
    ...(note === null ? [] : [note]),
    'Written by rules from the sentences of the brief; no model has read it.',
  ].join('\n\n');
}

function texts(statements: readonly Statement[]): string[] {
  const all = statements.flatMap(({ text, details }) => [text, ...details]);
  return capped([...new Set(all)], maxListed);
}

/** The outermost heading that names a part of the product, as opposed to `Requirements`. */
function areaOf({ path }: Pick<Statement, 'path'>): string | null {
  return path.find((heading) => sectionKind(heading) === null) ?? null;
}

/**
 * What is said twice as one statement, with the details of both; and what goes beyond the number that a
 * plan can hold, section by section, as one. The note says what was grouped, or is null.
 */
function condense(statements: readonly Statement[]): {
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
