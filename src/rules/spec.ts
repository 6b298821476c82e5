import type { SpecDocument } from '../domain/spec.ts';
import { areaOf, condense } from './condense.ts';
import { acceptanceOf, capped } from './criteria.ts';
import type { SectionKind } from './kinds.ts';
import { Outline, type Statement } from './outline.ts';
import { inline } from './prose.ts';
import { detectStack } from './stack.ts';
import { shared, termsOf } from './terms.ts';

const maxListed = 40;
const maxOverview = 12;

/**
 * A brief as a spec, by its own words. Has at least one requirement, whatever the brief.
 * @param answers to questions about the brief; the questions themselves say nothing of the product.
 */
export function specOf(brief: string, answers: readonly string[] = []): SpecDocument {
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
  const questions = texts(of('questions'));
  const { name, guessed } = detectStack(brief);
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

function overviewOf(told: readonly Statement[], title: string, note: string | null): string {
  const sentences = told.map(({ text }) => (/[.!?…。]$/u.test(text) ? text : `${text}.`));
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
