import { expect, it } from 'vitest';
import type { RunEventBody } from '../../../src/domain/event.ts';
import { createEvidenceFold } from '../../../src/report/preferences/fold.ts';
import { verdictsOf } from '../../../src/report/trace/verdicts.ts';
import { begun, called, decided, ended, gate, reviewed, timed } from '../preferences/events.ts';

function verdicts(bodies: readonly RunEventBody[]): Record<string, string> {
  const fold = createEvidenceFold('feature');
  for (const event of timed(bodies)) fold.follow(event);
  return Object.fromEntries(
    [...verdictsOf(fold.attempts())].map(([call, { verdict, by }]) => [call, `${verdict} ${by}`]),
  );
}

const first = [begun(), called({}, { call: 'c1' })];
const second = [...first, called({ stage: 'correct' }, { call: 'c2' })];
const review = called({ stage: 'review' }, { call: 'r1' });

it.each<[string, RunEventBody[], Record<string, string>]>([
  ['nothing', first, {}],
  ['gates', [...first, gate('failed')], { c1: 'failed gates' }],
  ['gates that it passed', [...first, gate('passed')], { c1: 'passed gates' }],
  [
    'a review, then the supervisor',
    [
      ...second,
      review,
      gate('passed'),
      reviewed('revise'),
      reviewed('accept', { round: 2 }),
      ended('done', { rounds: 2 }),
    ],
    { c1: 'refused review', c2: 'approved supervisor' },
  ],
  [
    'a person, on the last revision',
    [
      ...second,
      gate('passed', { round: 2 }),
      ended('needs_review', { rounds: 2 }),
      decided('reject'),
    ],
    { c2: 'refused person' },
  ],
  [
    'a person against the supervisor',
    [...first, ended('done'), decided('reject')],
    { c1: 'refused person' },
  ],
  [
    'candidates’ gates',
    [
      called({ candidate: 'C1' }, { call: 'c1' }),
      called({ candidate: 'C1', stage: 'execute:repair' }, { call: 'c1b' }),
      gate('passed', { candidate: 'C1' }),
    ],
    { c1b: 'passed gates' },
  ],
])('a call is judged by %s', (_, bodies, found) => {
  expect(verdicts(bodies)).toEqual(found);
});
