import { toSingleLine } from '../domain/text.ts';
import { essence } from './groups.ts';
import { inline, quotedIn, withoutQuoted } from './inline.ts';
import type { Statement } from './statement.ts';

const maxCriteria = 12;
const number = String.raw`(?:[$€£]\s?)?\d(?:[\d.,_]*\d)?\s?(?:%|[\p{L}µ]+)?`;
const bound = new RegExp(
  String.raw`(?:\b(?:at (?:most|least)|up to|no more than|more than|less than|fewer than|within|under|over|below|above|max(?:imum)?(?: of)?|min(?:imum)?(?: of)?|(?:timeout|limit|size) of|höchstens|mindestens|innerhalb)\s+|[<>≤≥]=?\s?)${number}`,
  'giu',
);
const exact = new RegExp(String.raw`\b(?:exactly|every|after|once per)\s+${number}`, 'giu');

/** By what a statement is about, the check that shows it. */
const checks: readonly (readonly [RegExp, readonly string[]])[] = [
  [
    /\b(?:readme|document(?:ation|ed)?|docs|manual|tutorial|user guide)\b/i,
    [
      'A reader who does not know the project can follow it, and each command in it works as shown.',
    ],
  ],
  [
    /\b(?:reject|refuse|invalid|error|fail|denied|unauthori[sz]ed|forbidden)/i,
    ['A test brings the fault about and checks the message, and that nothing else changed.'],
  ],
  [
    /\b(?:parse|read|accept|import|load|validate|decode|convert|upload|receive|register|submit|sign up)/i,
    [
      'A test gives valid input and checks the exact result.',
      'A test gives empty and malformed input and checks that each ends in a clear error.',
    ],
  ],
  [
    /\b(?:save|store|persist|delete|remove|update|edit|create|add|record|write|archive|rename)/i,
    ['A test does it, reads the data anew and finds the change, and nothing else changed.'],
  ],
  [
    /\b(?:search|filter|sort|find|list|select|query|group|compare)/i,
    [
      'A test with at least three entries checks which are given back and in which order; one checks that none match.',
    ],
  ],
  [
    /\b(?:show|display|print|render|format|view|export|generate|report|output|return|give|highlight|draw)/i,
    ['A test compares the output with the expected one, also for an empty input.'],
  ],
  [
    /\b(?:send|notify|remind|email|publish|post|schedule|call|request|webhook)/i,
    [
      'A test with a stand-in for the receiver checks what was sent, and that a failed receiver is reported.',
    ],
  ],
  [
    /\b(?:log ?in|authenticate|password|permission|role|access|token|session|encrypt|secure)/i,
    ['A test checks that it works with the right credentials, and is refused without them.'],
  ],
  [
    /\b(?:fast|quick|performance|responsive|scal(?:e|able)|efficient|concurren)/i,
    [
      'A measurement on data of a realistic size is kept beside the tests, with the bar that it must hold.',
    ],
  ],
];

/**
 * When a requirement is met: from its sub-points, its numbers, its examples and code; where the brief
 * gives none, a check that fits what the statement is about.
 */
export function acceptanceOf(statement: Statement): string[] {
  const criteria = [
    ...statement.details,
    ...limits(statement),
    ...examples(statement),
    ...statement.examples.map(codeCriterion),
  ].filter((criterion) => criterion !== '');
  return criteria.length === 0 ? checkFor(statement.text) : capped([...new Set(criteria)]);
}

/** The first ones, and a last one that says how many stand in the brief alone. */
export function capped(criteria: readonly string[], limit = maxCriteria): string[] {
  if (criteria.length <= limit) return [...criteria];
  const rest = criteria.length - limit;
  return [...criteria.slice(0, limit), `The ${rest} further points of the brief on this hold too.`];
}

function limits({ text }: Statement): string[] {
  const own = withoutQuoted(text);
  return [
    ...[...own.matchAll(bound)].map(
      ([limit]) => `A test checks «${toSingleLine(limit, 80)}» at the limit and just beyond it.`,
    ),
    ...[...own.matchAll(exact)].map(([amount]) => `A test checks «${toSingleLine(amount, 80)}».`),
  ];
}

function examples({ text }: Statement): string[] {
  const quoted = quotedIn(text)
    .map((example) => inline(example, 80))
    .filter((example) => example !== '');
  if (quoted.length === 0) return [];
  const list = quoted.map((example) => `«${example}»`).join(', ');
  return [`A test uses what the brief names: ${list}.`];
}

function codeCriterion(code: string): string {
  const lines = code.split('\n', 12).map((line) => inline(line, 120));
  const shown = lines.filter((line) => line !== '').slice(0, 3);
  return shown.length === 0 ? '' : `The brief's example holds as written: ${shown.join(' ⏎ ')}`;
}

function checkFor(text: string): string[] {
  // The first word that tells is the verb that the rest depends on.
  let first: { at: number; criteria: readonly string[] } | null = null;
  for (const [pattern, criteria] of checks) {
    const at = text.search(pattern);
    if (at !== -1 && (first === null || at < first.at)) first = { at, criteria };
  }
  return [
    ...(first?.criteria ?? [`A test shows «${essence(text)}», and fails without the code for it.`]),
  ];
}
