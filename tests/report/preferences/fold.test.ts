import { describe, expect, it } from 'vitest';
import type { RunEventBody } from '../../../src/domain/event.ts';
import { createEvidenceFold } from '../../../src/report/preferences/fold.ts';
import { gatesSay } from '../../../src/report/preferences/seen-work.ts';
import {
  at,
  begun,
  blocker,
  called,
  decided,
  ended,
  failed,
  gate,
  judged,
  reviewed,
  step,
  timed,
} from './events.ts';

function attemptsOf(bodies: readonly RunEventBody[], folder: 'feature' | 'ad-hoc' = 'feature') {
  const fold = createEvidenceFold(folder);
  for (const event of timed(bodies)) fold.follow(event);
  return fold.attempts();
}

/** What is said of each work of the first attempt: what speaks for it and against it, and its gates. */
function saidOf(bodies: readonly RunEventBody[], folder?: 'ad-hoc'): Record<string, string> {
  const [attempt] = attemptsOf(bodies, folder);
  const said = [...(attempt?.works.values() ?? [])].map((work) => {
    const { verdict } = gatesSay(work);
    const kinds = [
      ...work.good.map(({ kind }) => `+${kind}`),
      ...work.bad.map(({ kind }) => `-${kind}`),
      ...(verdict === 'neither' ? [] : [verdict]),
    ];
    return [work.name, kinds.join(' ')] as const;
  });
  return Object.fromEntries(said.filter(([, kinds]) => kinds !== ''));
}

describe('the supervisor’s rounds', () => {
  const rounds = [
    begun(),
    called({}),
    gate('passed'),
    reviewed('revise'),
    called({ stage: 'correct' }, { call: 'c2', model: 'two/corrector' }),
    gate('passed', { round: 2 }),
    reviewed('accept', { round: 2 }),
  ];

  it('are refused and approved by their reviews', () => {
    expect(saidOf([...rounds, ended('done', { rounds: 2 })])).toEqual({
      'round-1': '-review passed',
      'round-2': '+supervisor passed',
    });
    const [attempt] = attemptsOf([...rounds, ended('done', { rounds: 2 })]);
    expect(attempt?.works.get('round-2')?.good).toEqual([
      { kind: 'supervisor', at: at(8), by: 'two/reviewer' },
    ]);
    expect([...(attempt?.works.get('round-2')?.calls.values() ?? [])]).toEqual([
      { call: 'c2', model: 'two/corrector', finishReason: 'stop' },
    ]);
    expect(attempt?.call).toBe('c1');
  });

  it('say nothing for work that nobody approved', () => {
    expect(saidOf([...rounds, ended('needs_review', { rounds: 2 })])).toEqual({
      'round-1': '-review passed',
      'round-2': 'passed',
    });
  });

  it('are those of the last review of each', () => {
    expect(saidOf([reviewed('revise'), reviewed('accept')])).toEqual({});
    expect(saidOf([reviewed('accept'), reviewed('revise')])).toEqual({ 'round-1': '-review' });
  });

  it('are not refused by what does not block, but by a verdict without any reason', () => {
    const minor = { ...blocker, severity: 'minor' } as const;
    expect(saidOf([reviewed('revise', {}, [minor])])).toEqual({});
    expect(saidOf([reviewed('revise', {}, [])])).toEqual({ 'round-1': '-review' });
  });
});

describe('gates', () => {
  it.each<[string, RunEventBody[], string | undefined]>([
    ['passed by all', [gate('passed'), gate('passed', {}, { name: 'tests' })], 'passed'],
    [
      'skipped beside one that passed',
      [gate('passed'), gate('skipped', {}, { name: 'tests' })],
      'passed',
    ],
    ['skipped alone', [gate('skipped')], undefined],
    ['broken', [gate('passed'), gate('errored', {}, { name: 'tests' })], undefined],
    ['failed by one', [gate('passed'), gate('failed', {}, { name: 'tests' })], 'failed'],
    ['failed without what blocks', [gate('failed', {}, { findings: [] })], undefined],
    ['broken, then passed', [gate('errored'), gate('passed')], 'passed'],
    ['passed, then failed', [gate('passed'), gate('failed')], 'unsteady'],
    ['failed, broken, passed', [gate('failed'), gate('errored'), gate('passed')], 'passed'],
  ])('%s', (_, bodies, said) => {
    expect(saidOf(bodies)['round-1']).toBe(said);
  });

  it('are those of candidates, and of answers by their models', () => {
    const answers = [
      called({ round: 1 }, { model: 'one/a', call: 'c1' }),
      called({ round: 2 }, { model: 'two/b', call: 'c2' }),
    ];
    const gates = [
      gate('failed', { candidate: 'one/a' }),
      gate('passed', { candidate: 'two/b' }),
      gate('passed', { candidate: 'merge' }),
      gate('passed', { candidate: 'C2' }),
      gate('passed', { candidate: 'S1' }),
      gate('passed', { candidate: '../C3' }),
    ];
    expect(saidOf([...answers, ...gates])).toEqual({
      'answer-1': 'failed',
      'answer-2': 'passed',
      C2: 'passed',
    });
  });
});

describe('a person', () => {
  const waiting = [begun(), called({}), gate('passed'), ended('needs_review')];

  it('approves what an attempt ended in', () => {
    expect(saidOf([...waiting, decided('approve'), ended('done')])).toEqual({
      'round-1': 'passed',
      proposed: '+person',
    });
  });

  it('approves what they made of it, over what was proposed', () => {
    const edit = [['a.js', 'h1', 'h2']] as const;
    const edited = [decided('edit', edit), decided('approve', edit), ended('done')];
    expect(saidOf([...waiting, ...edited])).toEqual({
      'round-1': 'passed',
      edited: '+edit',
      proposed: '-edit',
    });
  });

  it('edits nothing where others’ newer changes are what was merged in', () => {
    const [edit, merged] = [['a.js', 'h1', 'h2'] as const, ['b.js', 'h3', 'h4'] as const];
    const edited = [decided('edit', [edit]), decided('approve', [edit, merged]), ended('done')];
    expect(saidOf([...waiting, ...edited])).toEqual({ 'round-1': 'passed' });
  });

  it('rejects it; edited first, they have not said which of the two', () => {
    expect(saidOf([...waiting, decided('reject')])).toMatchObject({ proposed: '-person' });
    const edit = [['a.js', 'h1', 'h2']] as const;
    expect(saidOf([...waiting, decided('edit', edit), decided('reject')])).toEqual({
      'round-1': 'passed',
    });
  });

  it('takes an approval back by rejecting, or by another status', () => {
    const done = [begun(), called({}), gate('passed'), reviewed('accept'), ended('done')];
    const back = { type: 'task-status', task: 'T1', from: 'done', to: 'pending' } as const;
    expect(saidOf([...done, decided('reject')])).toMatchObject({
      'round-1': '+supervisor passed',
      proposed: '-person',
    });
    expect(saidOf([...done, decided('set-status'), { ...back, by: 'person' }])).toMatchObject({
      proposed: '-person',
    });
    expect(saidOf([...done, { ...back, by: 'engine' }])).not.toHaveProperty('proposed');
  });

  it('speaks of the latest attempt', () => {
    const attempts = attemptsOf([
      ...waiting,
      decided('reject'),
      begun(2),
      ended('needs_review', { attempt: 2 }),
      decided('approve'),
      ended('done', { attempt: 2 }),
    ]);
    expect(attempts.map(({ attempt, works }) => [attempt, works.get('proposed')])).toMatchObject([
      [1, { good: [], bad: [{ kind: 'person' }] }],
      [2, { good: [{ kind: 'person' }], bad: [] }],
    ]);
  });
});

describe('a tournament', () => {
  const order = [
    { candidate: 'C2', score: 0.9, blockers: 0 },
    { candidate: 'C1', score: null, blockers: 1 },
  ];

  it('is one attempt in a folder of its own, with its winner', () => {
    const bodies = [
      called({ candidate: 'C1', task: 'S' }, { call: 'c1' }),
      called({ candidate: 'C2', task: 'S' }, { call: 'c2' }),
      step('tournament', 'candidate', { content: 'h1' }, { task: 'S' }),
      step('tournament', 'rank', { order }, { task: 'S' }),
      step('tournament', 'finish', {}, { task: 'S', name: 'C2', outcome: 'approved' }),
      ended('done', { task: 'S' }),
    ];
    const [attempt, another] = attemptsOf(bodies, 'ad-hoc');
    expect(another).toBeUndefined();
    expect(attempt).toMatchObject({ task: null, attempt: 1, call: 'c1', ranks: { order } });
    expect(attempt?.contents).toEqual(new Set(['h1']));
    expect(saidOf(bodies, 'ad-hoc')).toEqual({ C2: '+tournament' });
  });

  it('leaves the last word to the supervisor in a feature', () => {
    const bodies = [
      begun(),
      step('tournament', 'rank', { order }),
      step('tournament', 'finish', {}, { name: 'C2', outcome: 'approved' }),
    ];
    expect(saidOf(bodies)).toEqual({});
    expect(attemptsOf(bodies)[0]?.ranks.order).toEqual(order);
  });

  it.each([{ order: 'C2' }, {}, { order: [{ candidate: 'C2' }] }])(
    'says nothing by damaged data %j',
    (data) => {
      expect(attemptsOf([begun(), step('tournament', 'rank', data)])[0]?.ranks.order ?? []).toEqual(
        [],
      );
    },
  );
});

it('a judge’s word counts once, and only where it held in both orders', () => {
  const [attempt] = attemptsOf([
    judged('h1', 'h2', ['first', 'first']),
    judged('h1', 'h2', ['first', 'first']),
    judged('h1', 'h3', ['first', 'second']),
    judged('h2', 'h3', ['first', 'tie']),
    judged('h2', 'h4', ['second', null]),
  ]);
  const outcomes = [...(attempt?.judgements.values() ?? [])].map(
    ({ first, second, outcome }) => `${first} ${second} ${outcome}`,
  );
  expect(outcomes).toEqual(['h1 h2 first', 'h1 h3 flip', 'h2 h3 tie', 'h2 h4 tie']);
});

it('replies that gave nothing are remembered once, of authors alone', () => {
  const [attempt] = attemptsOf([
    failed({ candidate: 'C1' }, 'truncated', 'c1'),
    failed({ candidate: 'C1' }, 'truncated', 'c1'),
    failed({ candidate: 'C2' }, 'refused', 'c2'),
    failed({ candidate: 'C3' }, 'network', 'c3'),
    failed({ stage: 'review' }, 'refused', 'c4'),
    failed({ stage: 'critique', candidate: 'C1', critic: 'tests' }, 'refused', 'c5'),
  ]);
  expect([...(attempt?.truncated ?? [])]).toEqual(['c1']);
  expect([...(attempt?.refused ?? [])]).toEqual(['c2']);
});
