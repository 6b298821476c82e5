import { expect, it } from 'vitest';
import type { RunEventBody } from '../../../src/domain/event.ts';
import { createAnswersFold } from '../../../src/report/preferences/debate-answers.ts';
import type { Skipped } from '../../../src/report/preferences/evidence.ts';
import { at, called, step, timed } from './events.ts';

type Said = 'accept' | 'insist' | 'silent' | 'escalate';

/** A round of the defence: its calls, and how each issue came out. */
function round(
  number: number,
  said: Readonly<Record<string, Said>>,
  calls = [`answers-${number}`],
): RunEventBody[] {
  const debate = { task: null, round: number };
  const outcomes = Object.entries(said).map(([issue, how]) => ({
    issue,
    stance: how === 'escalate' ? 'escalate' : 'defend',
    reason: 'because',
    change: null,
    insisted: how === 'insist' || how === 'silent',
    reply: how === 'escalate' ? null : how === 'silent' ? 'The critic did not reply.' : 'So.',
  }));
  return [
    ...calls.map((call) => called({ stage: 'debate-defence', ...debate }, { call })),
    called({ stage: 'debate-reply', ...debate }, { call: `r${number}`, model: 'two/critic' }),
    step('debate', 'defence', { round: number, outcomes, left: 1 }, { task: null }),
  ];
}

function pairsOf(...bodies: readonly RunEventBody[][]) {
  const fold = createAnswersFold();
  for (const event of timed(bodies.flat())) fold.follow(event);
  const skipped: Skipped = {};
  return { pairs: fold.pairs(skipped), skipped };
}

it('an answer that was accepted stands over those to the same issues that were not', () => {
  const { pairs, skipped } = pairsOf(
    round(1, { I1: 'insist', I2: 'insist' }),
    round(2, { I1: 'insist', I2: 'insist' }),
    round(3, { I1: 'accept', I2: 'accept' }),
  );
  expect(skipped).toEqual({});
  expect(pairs.map(({ question, chosen, rejected }) => [question, chosen, rejected])).toEqual([
    ['answers-1', 'answers-3', 'answers-1'],
    ['answers-1', 'answers-3', 'answers-2'],
  ]);
  expect(pairs[0]?.evidence).toEqual([
    { kind: 'critic-reply', at: at(3), by: 'two/critic' },
    { kind: 'critic-reply', at: at(9), by: 'two/critic' },
  ]);
});

it.each<[string, RunEventBody[][], Skipped]>([
  ['accepted at once', [round(1, { I1: 'accept' })], {}],
  ['never accepted', [round(1, { I1: 'insist' }), round(2, { I1: 'insist' })], {}],
  [
    'accepted in part',
    [round(1, { I1: 'insist', I2: 'accept' }), round(2, { I1: 'accept' })],
    { 'partly-accepted': 1 },
  ],
  [
    'about fewer issues in the end',
    [round(1, { I1: 'insist', I2: 'insist' }), round(2, { I1: 'accept' })],
    { 'partly-accepted': 1 },
  ],
  [
    'passed over in silence',
    [round(1, { I1: 'silent' }), round(2, { I1: 'accept' })],
    { 'partly-accepted': 1 },
  ],
  [
    'left to a person',
    [round(1, { I1: 'insist' }), round(2, { I1: 'escalate' })],
    { 'partly-accepted': 1 },
  ],
  [
    'asked for twice',
    [round(1, { I1: 'insist' }, ['a', 'b']), round(2, { I1: 'accept' })],
    { 'partly-accepted': 1 },
  ],
  [
    'told without a call, as by a torn journal',
    [round(1, { I1: 'insist' }, []), round(2, { I1: 'accept' })],
    {},
  ],
  [
    'between critics',
    [[step('debate', 'judge', { winner: 'S', decidedBy: 'judge' }, { task: null })]],
    { 'other-prompt': 1 },
  ],
  ['damaged', [[step('debate', 'defence', { round: 'x' }, { task: null })]], {}],
])('no pair is what was %s', (_, bodies, skipped) => {
  expect(pairsOf(...bodies)).toEqual({ pairs: [], skipped });
});

it('what is told again when a debate is resumed counts once', () => {
  const rounds = [round(1, { I1: 'insist' }), round(2, { I1: 'accept' })];
  expect(pairsOf(...rounds, ...rounds).pairs).toHaveLength(1);
});
