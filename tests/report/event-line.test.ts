import { describe, expect, test } from 'vitest';
import type { RunEvent, RunEventBody } from '../../src/domain/event.ts';
import { noUsage } from '../../src/domain/usage.ts';
import { eventLine } from '../../src/report/event-line.ts';

const event = (body: RunEventBody): RunEvent => ({
  at: '2026-01-31T12:00:00.000Z',
  run: 'r1',
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

const member = (model: string) => ({ model, family: 'f', reason: 'r' });
const ensemblePlan = {
  category: { category: 'backend', scores: [], reason: 'backend 7 (api)' },
  mode: 'medium',
  modeReason: 'complexity 5 of 10',
  wanted: { primaries: 2, validators: 1 },
  primaries: [member('a/b'), member('c/d')],
  validators: [member('e/f')],
  substitutes: [],
  passedOver: [],
} as const;

const lines: readonly (readonly [RunEventBody, string | null])[] = [
  [
    { type: 'ensemble-plan', task: 'T1', plan: ensemblePlan },
    'T1   medium (complexity 5 of 10), backend (backend 7 (api)): asks a/b, c/d; e/f will judge',
  ],
  [
    { type: 'ensemble-answer', task: null, model: 'a/b', files: ['x.js', 'y.js'], failure: null },
    'a/b answers with x.js, y.js',
  ],
  [
    { type: 'ensemble-answer', task: null, model: 'a/b', files: [], failure: 'overloaded' },
    'a/b gave no answer (overloaded)',
  ],
  [
    {
      type: 'ensemble-finish',
      task: null,
      how: 'merged',
      asked: 3,
      answered: 2,
      needsReview: ['refusal'],
    },
    '2 of 3 answered, merged; a person must look: refusal',
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
