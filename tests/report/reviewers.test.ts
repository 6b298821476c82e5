import { describe, expect, it } from 'vitest';
import type { RunEvent, RunEventBody } from '../../src/domain/event.ts';
import type { Finding } from '../../src/domain/review.ts';
import { createReviewersFold, joinReviewers } from '../../src/report/reviewers.ts';

const event = (body: RunEventBody): RunEvent => ({
  at: '2026-01-01',
  run: 'r',
  version: 2,
  ...body,
});

const finding = (evidence: string, severity: Finding['severity'] = 'major'): Finding => ({
  category: 'correctness',
  severity,
  evidence,
  location: 'a.ts:3',
  fixHint: 'Mend it.',
});
const scores = { correctness: 1, consistency: 1, safety: 1, efficiency: 1, clarity: 1 };

function review(
  round: number,
  findings: readonly Finding[],
  more: { task?: string; by?: string } = {},
): RunEvent {
  const { task = 'T1', by = 'one/r' } = more;
  return event({
    type: 'review-finish',
    task,
    attempt: 1,
    round,
    reviewer: by,
    sameFamily: false,
    review: { verdict: 'revise', summary: '', scores, findings: [...findings] },
  });
}
const done = (task = 'T1'): RunEvent =>
  event({ type: 'task-finish', task, status: 'done', reason: '', attempt: 1, rounds: 1 });
const decision = (what: 'approve' | 'reject', after = 'a'.repeat(64)): RunEvent =>
  event({
    type: 'decision',
    task: 'T1',
    what,
    feedback: null,
    detail: '',
    files: [{ path: 'a.ts', before: 'a'.repeat(64), after }],
  });
const gate = (round: number, status: 'passed' | 'failed'): RunEvent =>
  event({
    type: 'gate-finish',
    task: 'T1',
    attempt: 1,
    round,
    candidate: null,
    result: { gate: 'tests', status, summary: '', findings: [], durationMs: 1 },
  });
const judged = (flipped: boolean, outcome: 'first' | 'tie', usable = true): RunEvent =>
  event({
    type: 'judge-finish',
    task: null,
    attempt: 1,
    judge: 'two/j',
    first: 'a'.repeat(64),
    second: 'b'.repeat(64),
    orders: [
      { outcome: 'first', said: '' },
      { outcome: usable ? 'second' : null, said: '' },
    ],
    outcome,
    flipped,
  });

const reportOf = (...events: RunEvent[]) => {
  const fold = createReviewersFold(() => null);
  for (const one of events) fold.follow(one);
  return fold.report();
};

describe('createReviewersFold', () => {
  it('tells what was mended from what was found again, whatever its line', () => {
    const moved = { ...finding('b'), location: 'a.ts:9' };
    const { reviewers } = reportOf(
      review(1, [finding('a'), finding('b'), finding('c', 'nit')]),
      review(2, [moved]),
      review(3, []),
      done(),
    );
    expect(reviewers).toEqual([
      {
        model: 'one/r',
        reviews: 3,
        accepted: 1,
        findings: { blocker: 0, major: 3, minor: 0, nit: 1 },
        blocking: { mended: 2, repeated: 1, overruled: 0, confirmed: 0, open: 0 },
        standings: { proved: 0, grounded: 0, doubtful: 0, refuted: 0 },
        missed: 0,
        refutedByChecks: 0,
        approvedTasks: 1,
        usd: 0,
      },
    ]);
  });

  it('counts how findings stand, and follows by their ids those that block', () => {
    const stands = (id: string, standing: Finding['standing']): Finding => {
      return { ...finding(`words of ${id} ${standing}`), id, ...(standing && { standing }) };
    };
    const { reviewers } = reportOf(
      review(1, [stands('F1', 'proved'), stands('F2', 'doubtful'), stands('F3', 'grounded')]),
      review(2, [stands('F1', 'grounded'), stands('F3', 'refuted')]),
      review(3, []),
    );
    expect(reviewers[0]).toMatchObject({
      standings: { proved: 1, grounded: 2, doubtful: 1, refuted: 1 },
      blocking: { mended: 2, repeated: 1, open: 0 },
    });
  });

  it.each([
    ['approves it as it is', decision('approve'), { overruled: 1 }],
    ['approves it changed', decision('approve', 'b'.repeat(64)), { confirmed: 1 }],
    ['sends it back', decision('reject'), { confirmed: 1 }],
  ])('goes by the person who %s', (_, decided, blocking) => {
    expect(reportOf(review(1, [finding('a')]), decided).reviewers[0]?.blocking).toMatchObject({
      open: 0,
      ...blocking,
    });
  });

  it('counts work that was accepted and then sent back, or refused by a check', () => {
    expect(reportOf(review(1, []), decision('reject')).reviewers[0]?.missed).toBe(1);
    expect(
      reportOf(gate(1, 'passed'), review(1, []), gate(1, 'failed')).reviewers[0],
    ).toMatchObject({
      accepted: 1,
      refutedByChecks: 1,
    });
    expect(reportOf(gate(1, 'failed'), review(2, [])).reviewers[0]?.refutedByChecks).toBe(0);
  });

  it('leaves open what nothing settles, and keeps attempts and tasks apart', () => {
    const { reviewers } = reportOf(
      review(1, [finding('a')], { task: 'T2', by: 'two/s' }),
      review(1, [finding('b')]),
      decision('reject'),
    );
    expect(
      reviewers.map(({ model, blocking }) => [model, blocking.confirmed, blocking.open]),
    ).toEqual([
      ['one/r', 1, 0],
      ['two/s', 0, 1],
    ]);
  });

  it('counts how often a judge turns with the order', () => {
    expect(
      reportOf(judged(true, 'tie'), judged(false, 'first'), judged(false, 'tie', false)).judges,
    ).toEqual([{ model: 'two/j', judged: 3, flipped: 1, ties: 2, unusable: 1 }]);
  });

  it('adds up what reviews cost', () => {
    const call = (stage: string, usd: number): RunEvent =>
      event({
        type: 'call-finish',
        call: `${stage}${usd}`,
        role: 'reviewer',
        model: 'one/r',
        purpose: { stage, feature: 'f', task: 'T1', attempt: 1, round: 1 },
        finishReason: 'stop',
        usage: { input: 1, cachedInput: 0, cacheWrite: 0, output: 1, reasoning: 0 },
        usd,
        durationMs: 1,
        stored: false,
        servedBy: 'x',
      });
    const { reviewers } = reportOf(
      call('review', 0.5),
      call('review', 0.25),
      call('refine', 9),
      review(1, []),
    );
    expect(reviewers[0]?.usd).toBe(0.75);
  });

  it('joins the records of several features', () => {
    const one = reportOf(review(1, [finding('a')]), review(2, []), done(), judged(true, 'tie'));
    const { reviewers, judges } = joinReviewers([one, one]);
    expect(reviewers[0]).toMatchObject({
      model: 'one/r',
      reviews: 4,
      approvedTasks: 2,
      blocking: { mended: 2 },
    });
    expect(judges[0]).toMatchObject({ judged: 2, flipped: 2 });
    expect(joinReviewers([])).toEqual({ reviewers: [], judges: [] });
  });
});
