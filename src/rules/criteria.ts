import { cleanedLine } from '../domain/text.ts';
import type { Statement } from './outline.ts';
import { inline, quotedIn, withoutQuoted } from './prose.ts';

const number = String.raw`(?:[$€£]\s?)?\d(?:[\d.,_]*\d)?\s?(?:%|[\p{L}µ]+)?`;
const bound = new RegExp(
  String.raw`(?:\b(?:at (?:most|least)|up to|no more than|more than|less than|fewer than|within|under|over|below|above|max(?:imum)?(?: of)?|min(?:imum)?(?: of)?|(?:timeout|limit|size) of|höchstens|mindestens|innerhalb)\s+|[<>≤≥]=?\s?)${number}`,
  'giu',
);
const exact = new RegExp(String.raw`\b(?:exactly|every|after|once per)\s+${number}`, 'giu');

/** Of what the documentation says a reader is the test. */
export const documents =
  /\b(?:readme|documentation|documented|docs|user guide|manual|tutorial|changelog|dokumentation|documentaci[óo]n)\b/i;

/**
 * When a requirement is met: from its sub-points, its numbers, its examples and code; where the brief
 * gives none, that a test shows it.
 */
export function acceptanceOf({ text, details, examples }: Statement): string[] {
  const own = withoutQuoted(text);
  const named = quotedIn(text, 80).map((example) => `«${example}»`);
  const criteria = [
    ...details,
    ...[...own.matchAll(bound)].map(
      ([limit]) => `A test checks «${cleanedLine(limit, 80)}» at the limit and just beyond it.`,
    ),
    ...[...own.matchAll(exact)].map(([amount]) => `A test checks «${cleanedLine(amount, 80)}».`),
    ...(named.length === 0 ? [] : [`A test uses what the brief names: ${named.join(', ')}.`]),
    ...examples.flatMap(codeCriterion),
  ];
  if (criteria.length > 0) return capped([...new Set(criteria)], 30);
  return documents.test(text)
    ? ['A reader who does not know the project can follow it.']
    : [`A test shows «${essence(text)}», and fails without the code for it.`];
}

/** The first ones, and a last one that says how many stand in the brief alone. */
export function capped(criteria: readonly string[], limit: number): string[] {
  if (criteria.length <= limit) return [...criteria];
  const rest = criteria.length - limit;
  return [...criteria.slice(0, limit), `The ${rest} further points of the brief on this hold too.`];
}

function codeCriterion(code: string): string[] {
  const lines = code.split('\n', 12).map((line) => inline(line, 120));
  const shown = lines.filter((line) => line !== '').slice(0, 3);
  return shown.length === 0 ? [] : [`The brief's example holds as written: ${shown.join(' ⏎ ')}`];
}

/** `As a user I want to`, `The tool must`, `Users can`. */
const preamble =
  /^(?:as an? .{1,60}?,?\s(?:i|we)\s(?:want|need|can|would like|should|must)\s(?:to\s)?|(?:(?:the|it|this|an?|each|every|all|any)\b.{0,60}?\b|(?:users?|we|you|i|people|visitors?|customers?|admins?)\s)(?:must|shall|should|can|will|has to|have to|needs? to|want to|want|is able to)\s(?:be able to\s)?)/i;

/** A statement without the words that only say that it is one: `The tool must parse x` → `parse x`. */
export function essence(text: string): string {
  const core = text
    .replace(preamble, '')
    .replace(/,? so (?:that )?.*$/i, '')
    .replace(/[.:;!。]+$/u, '');
  return inline(core, 70) || inline(text, 70) || 'The work';
}
