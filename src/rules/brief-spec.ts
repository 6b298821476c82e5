import type { SpecDocument } from '../domain/spec.ts';
import type { Requirement } from '../domain/task.ts';
import { acceptanceOf, capped } from './acceptance.ts';
import { condense, type Point } from './condense.ts';
import { inline, quotedIn } from './inline.ts';
import { outlineOf, type Outline } from './outline.ts';
import { kindOf, type SentenceKind } from './sentence-kind.ts';
import { detectStack } from './stack.ts';
import type { Statement } from './statement.ts';
import { overlap, shared, termsOf } from './terms.ts';

const untitled = 'Untitled';
const maxListed = 40;
const maxOverview = 12;
/** A grouped requirement may list more than one that stands for itself. */
const maxGroupedCriteria = 30;

/**
 * A brief as a spec, by its own words. Has at least one requirement, whatever the brief.
 * @param answers to questions about the brief; the questions themselves say nothing of the product.
 */
export function specOf(brief: string, answers: readonly string[] = []): SpecDocument {
  const clarified =
    answers.length === 0
      ? brief
      : `${brief}\n\n## Clarifications\n\n${answers.map((answer) => `- ${answer}`).join('\n')}\n`;
  const outline = outlineOf(clarified);
  const byKind = sorted(outline.statements);
  const title = titleFor(outline);
  const demands =
    byKind.requirement.length > 0 ? byKind.requirement : nearest(outline, byKind, title);
  const criteria = attach(byKind.criterion, demands);
  const { points, note } = condense([...demands, ...criteria]);
  const requirements = points.map(({ statement }, index): Requirement => ({
    id: `R${index + 1}`,
    text: statement.text,
    acceptance:
      statement.details.length > maxGroupedCriteria
        ? capped(statement.details, maxGroupedCriteria)
        : acceptanceOf(statement),
  }));
  const demanded = new Set(demands);
  const told = byKind.background.filter((statement) => !demanded.has(statement));
  return {
    title,
    overview: overviewOf(told, title, note),
    goals: goalsOf(byKind.goal, title),
    nonGoals: texts(byKind.nonGoal),
    requirements,
    interfaces: interfacesOf(points, outline),
    constraints: texts(byKind.constraint),
    openQuestions: questionsOf(byKind.question, brief),
  };
}

function sorted(statements: readonly Statement[]): Record<SentenceKind, Statement[]> {
  const byKind: Record<SentenceKind, Statement[]> = {
    requirement: [],
    nonGoal: [],
    constraint: [],
    question: [],
    goal: [],
    criterion: [],
    background: [],
  };
  for (const statement of statements) byKind[kindOf(statement)].push(statement);
  return byKind;
}

/** What stands in for requirements in a brief that words none: goals, else what it tells, else headings. */
function nearest(
  outline: Outline,
  byKind: Record<SentenceKind, Statement[]>,
  title: string,
): Statement[] {
  if (byKind.goal.length > 0) return byKind.goal;
  if (byKind.criterion.length > 0) return [];
  const told = byKind.background.filter(({ from }) => from !== 'lead');
  if (told.length > 0) return told;
  const only = title === untitled ? 'Settle what is to be built: the brief says nothing' : title;
  const headings = outline.headings.length > 0 ? outline.headings : [only];
  return headings.map((text) => ({ text, path: [], from: 'item', details: [], examples: [] }));
}

function titleFor(outline: Outline): string {
  const first = outline.title ?? outline.statements[0]?.text ?? '';
  const title = inline(first, 80).replace(/[.:!?。]+$/u, '');
  return title === '' ? untitled : title;
}

/** Puts each acceptance criterion to the requirement it speaks of; the others stand for themselves. */
function attach(criteria: readonly Statement[], demands: readonly Statement[]): Statement[] {
  const known = demands.map((statement) => ({ statement, terms: termsOf(statement.text) }));
  return criteria.filter((criterion) => {
    const terms = termsOf(criterion.text);
    let best: { statement: Statement; score: number } | null = null;
    for (const { statement, terms: own } of known) {
      if (shared(own, terms).length < 2) continue;
      const score = overlap(own, terms);
      if (best === null || score > best.score) best = { statement, score };
    }
    best?.statement.details.push(criterion.text, ...criterion.details);
    return best === null;
  });
}

function overviewOf(told: readonly Statement[], title: string, note: string | null): string {
  const sentences = told.map(({ text }) => (/[.!?…。]$/u.test(text) ? text : `${text}.`));
  const kept = sentences.slice(0, maxOverview);
  const cut = sentences.length - kept.length;
  return [
    kept.length === 0 ? `${title}.` : kept.join(' '),
    ...(cut > 0 ? [`The brief gives ${cut} more sentences of background.`] : []),
    ...(note === null ? [] : [note]),
    'Written by rules from the sentences of the brief; no model has read it.',
  ].join('\n\n');
}

function goalsOf(goals: readonly Statement[], title: string): string[] {
  if (goals.length > 0) return texts(goals);
  return [`«${title}» does what the requirements below say, and tests show it.`];
}

function texts(statements: readonly Statement[]): string[] {
  const all = [...new Set(statements.flatMap(({ text, details }) => [text, ...details]))];
  if (all.length <= maxListed) return all;
  return [...all.slice(0, maxListed), `The brief lists ${all.length - maxListed} more.`];
}

function questionsOf(questions: readonly Statement[], brief: string): string[] {
  const stack = detectStack(brief);
  const ask = stack.guessed
    ? [`Which language and platform? The brief names none; ${stack.name} is assumed.`]
    : [];
  return [...texts(questions), ...ask];
}

/** The line before the list that `areasOf` reads back. */
const areasLead = 'Areas of the brief:';

function interfacesOf(points: readonly Point[], { statements }: Outline): string {
  const areas = new Map<string, string[]>();
  points.forEach(({ area }, index) => {
    if (area === null) return;
    areas.set(area, [...(areas.get(area) ?? []), `R${index + 1}`]);
  });
  const quoted = statements.flatMap(({ text, details }) => [text, ...details].flatMap(quotedIn));
  const names = [...new Set(quoted.map((name) => inline(name, 60)))]
    .filter((name) => name !== '')
    .slice(0, 30);
  return [
    names.length === 0
      ? 'The brief fixes no names; the design decides them.'
      : `Names and examples that the brief gives: ${names.map((name) => `«${name}»`).join(', ')}.`,
    ...(areas.size === 0
      ? []
      : [areasLead, [...areas].map(([area, ids]) => `- ${area}: ${ids.join(', ')}`).join('\n')]),
  ].join('\n\n');
}

/** The areas that a spec written by `specOf` lists, with the ids of their requirements. */
export function areasOf(spec: string): Map<string, string[]> {
  const areas = new Map<string, string[]>();
  const list = spec.split(`\n${areasLead}\n`, 2)[1] ?? '';
  for (const line of list.trimStart().split('\n')) {
    const [, area, ids] = /^- (.{1,200}): (R\d+(?:, R\d+)*)\s*$/.exec(line) ?? [];
    if (area === undefined || ids === undefined) break;
    areas.set(area, ids.split(', '));
  }
  return areas;
}
