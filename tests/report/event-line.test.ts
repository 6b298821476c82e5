import { describe, expect, it, test } from 'vitest';
import type { RunEvent, RunEventBody } from '../../src/domain/event.ts';
import { noUsage } from '../../src/domain/usage.ts';
import { eventLine, eventLines } from '../../src/report/event-line.ts';

const event = (body: RunEventBody): RunEvent => ({
  at: '2026-01-31T12:00:00.000Z',
  run: 'r1',
  version: 2,
  ...body,
});

const call = {
  call: 'abc',
  role: 'coder',
  model: 'openai/x',
  purpose: { stage: 'execute', feature: 'links', task: 'T1', attempt: 1, round: 1 },
} as const;

const review = {
  verdict: 'revise',
  summary: '',
  scores: { correctness: 1, consistency: 1, safety: 1, efficiency: 1, clarity: 1 },
  findings: [
    { category: 'x', severity: 'blocker', evidence: '', location: null, fixHint: '' },
    { category: 'x', severity: 'nit', evidence: '', location: null, fixHint: '' },
  ],
} as const;

const along = { path: 'a.js', form: 'whole', reason: 'named' } as const;
const step = { type: 'step-finish', of: 'tournament', data: {} } as const;
const gate = { gate: 'tests', status: 'passed', summary: '4 passed', findings: [], durationMs: 1 };

const lines: readonly (readonly [RunEventBody, string | null])[] = [
  [
    { ...step, task: 'T1', step: 'critic', name: 'C2/tests', outcome: 'revise', detail: 'test: x' },
    'T1   tournament critic C2/tests: revise (test: x)',
  ],
  [
    {
      ...step,
      task: null,
      of: 'ensemble',
      step: 'plan',
      name: null,
      outcome: 'simple',
      detail: '',
    },
    'ensemble plan: simple',
  ],
  ...(
    [
      [0, 0, null],
      [4, 9, null],
      [8, 0, 'T1   npm test has run for 8 s'],
      [10, 9, null],
      [64, 1, 'T1   npm test has run for 64 s; 1 test so far, the last a.js › adds'],
    ] as const
  ).map(([seconds, tests, line]): readonly [RunEventBody, string | null] => {
    const last = tests === 0 ? null : 'a.js › adds';
    return [{ type: 'gate-progress', task: 'T1', runner: 'npm test', seconds, tests, last }, line];
  }),
  [
    {
      type: 'gate-finish',
      task: 'T1',
      attempt: 1,
      round: 1,
      candidate: null,
      result: { ...gate, status: 'passed' },
    },
    'T1   gate tests: passed (4 passed)',
  ],
  [
    {
      type: 'gate-finish',
      task: 'T1',
      attempt: 1,
      round: 1,
      candidate: 'C1',
      result: { ...gate, status: 'passed' },
    },
    null,
  ],
  [
    {
      type: 'judge-finish',
      task: 'T1',
      attempt: 1,
      judge: 'a/b',
      first: 'aa',
      second: 'bb',
      orders: [
        { outcome: 'first', said: '' },
        { outcome: 'second', said: '' },
      ],
      outcome: 'tie',
      flipped: true,
    },
    'T1   a/b compared two pieces of work: neither is better (its verdict turned with their order)',
  ],
  [{ type: 'stage-start', stage: 'spec' }, null],
  [
    { type: 'stage-finish', stage: 'spec', summary: '2 requirements', resumed: true },
    'spec: 2 requirements (kept from before)',
  ],
  [
    { type: 'route-fallback', role: 'coder', from: 'a/b', to: 'c/d', kind: 'auth' },
    'coder: a/b could not answer (auth); asking c/d',
  ],
  [
    { type: 'call-retry', ...call, tries: 1, kind: 'overloaded', delayMs: 1234 },
    'T1   openai/x: overloaded; try 2 in 1.2 s',
  ],
  [{ type: 'call-fail', ...call, kind: 'interrupted', message: 'x', durationMs: 1 }, null],
  [
    { type: 'call-fail', ...call, kind: 'auth', message: 'no', durationMs: 1 },
    'T1   openai/x failed (auth): no',
  ],
  [
    {
      type: 'call-finish',
      ...call,
      finishReason: 'stop',
      usage: noUsage,
      durationMs: 0,
      stored: true,
      servedBy: 'x',
    },
    'T1   execute: reply kept from before, nothing paid',
  ],
  [
    {
      type: 'call-finish',
      ...call,
      finishReason: 'stop',
      usage: noUsage,
      durationMs: 9,
      stored: false,
      servedBy: 'x',
    },
    null,
  ],
  [
    { type: 'task-start', task: 'T1', title: 'Do it', attempt: 2, resumed: true },
    'T1   goes on: Do it (attempt 2)',
  ],
  [{ type: 'context-pack', task: 'T1', tokens: 9, parts: [], leftOut: [] }, null],
  [
    {
      type: 'context-pack',
      task: 'ask',
      tokens: 9,
      parts: [],
      leftOut: [],
      files: [along],
      kept: false,
    },
    'ask  1 file of the project, about 9 tokens, to the models: a.js',
  ],
  [
    {
      type: 'context-pack',
      task: 'ask',
      tokens: 9,
      parts: [],
      leftOut: ['b: large'],
      files: [along],
      kept: true,
    },
    'ask  1 file of the project, about 9 tokens, to the models, as it was when this was begun: a.js; left out of the context: b: large',
  ],
  [
    {
      type: 'context-pack',
      task: 'ask',
      tokens: 0,
      parts: [],
      leftOut: ['b: large'],
      files: [],
      kept: false,
    },
    'ask  left out of the context: b: large',
  ],
  [
    { type: 'context-pack', task: 'T1', tokens: 9, parts: [], leftOut: ['a.js', 'b.js'] },
    'T1   left out of the context: a.js; b.js',
  ],
  [
    {
      type: 'review-finish',
      task: 'T1',
      attempt: 1,
      round: 1,
      review: { ...review, findings: [...review.findings] },
      reviewer: 'a/b',
      sameFamily: true,
    },
    'T1   review 1 by a/b: revise, 2 findings, 1 blocking (same family as the author)',
  ],
  [
    {
      type: 'task-finish',
      task: 'T10',
      status: 'needs_review',
      reason: 'Look.',
      attempt: 1,
      rounds: 1,
    },
    'T10  needs review: Look.',
  ],
  [{ type: 'warning', code: 'x', message: 'odd', task: null }, 'warning: odd'],
  [
    { type: 'apply-finish', feature: 'f', files: [{ path: 'a', change: 'added' }] },
    'applied 1 file of f',
  ],
  [{ type: 'undo-finish', feature: 'f', files: [] }, 'undone: 0 files of f as before'],
  [{ type: 'task-status', task: 'T1', from: 'pending', to: 'done', by: 'person' }, null],
];

describe('eventLine', () => {
  test.for(lines)('%j', ([body, line]) => {
    expect(eventLine(event(body))).toBe(line);
  });
});

describe('eventLines', () => {
  it('has a line for each finding that blocks, however long, with place and evidence', () => {
    const finding = {
      category: 'test',
      severity: 'major',
      evidence: `gives 3\nnot 2, ${'x'.repeat(500)}`,
      location: 'src/a.ts:2',
      fixHint: '',
    } as const;
    const [first, second, ...rest] = eventLines(
      event({
        type: 'review-finish',
        task: 'T1',
        attempt: 1,
        round: 1,
        review: { ...review, findings: [finding, { ...finding, severity: 'nit' }] },
        reviewer: 'a/b',
        sameFamily: false,
      }),
    );
    expect(first).toBe('T1   review 1 by a/b: revise, 2 findings, 1 blocking');
    expect(second).toMatch(/^T1 {5}major src\/a\.ts:2: gives 3 not 2, x{100,150}…$/);
    expect(rest).toEqual([]);
  });

  it('counts what is in doubt or refuted, and has no line for it', () => {
    const finding = { category: 'test', evidence: 'e', location: 'a.ts:2', fixHint: '' } as const;
    const findings = (['proved', 'grounded', 'doubtful', 'doubtful', 'refuted'] as const).map(
      (standing) => ({ ...finding, severity: 'blocker' as const, standing }),
    );
    const [first, ...rest] = eventLines(
      event({
        type: 'review-finish',
        task: 'T1',
        attempt: 1,
        round: 1,
        review: { ...review, findings },
        reviewer: 'a/b',
        sameFamily: false,
      }),
    );
    expect(first).toBe(
      'T1   review 1 by a/b: revise, 5 findings, 2 blocking, 2 in doubt, 1 refuted',
    );
    expect(rest).toHaveLength(2);
  });

  it('has none where there is nothing to say', () => {
    const settled = { task: 'T1', from: 'pending', to: 'done', by: 'person' } as const;
    expect(eventLines(event({ type: 'task-status', ...settled }))).toEqual([]);
  });
});
