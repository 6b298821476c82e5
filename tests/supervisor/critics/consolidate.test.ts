import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Critic } from '../../../src/domain/tournament-settings.ts';
import {
  bestPossible,
  consolidate,
  neededOf,
  type Opinion,
} from '../../../src/supervisor/critics/consolidate.ts';
import {
  all,
  blocking,
  blockingGates,
  critic,
  critics,
  gates,
  opinions,
  rules,
} from './arbitrary-opinions.ts';

describe('consolidation', () => {
  it('is as bad as the worst critic where that matters, and the weighted mean elsewhere', () => {
    const given = (name: Critic, value: number): Opinion => ({
      critic: name,
      critique: {
        candidate: 'x',
        verdict: 'accept',
        scores: all(value),
        failures: [],
        nextActions: [],
      },
    });
    const [a = critic('a'), b = critic('b'), c = critic('c')] = critics;
    const { scores: got, score } = consolidate(
      [],
      blockingGates,
      [given(a, 1), given(b, 0.5), given(c, 0.8)],
      rules,
    );
    expect(got).toMatchObject({ correctness: 0.5, consistency: 0.5, safety: 0.5 });
    expect(got?.efficiency).toBeCloseTo((1 + 2 * 0.5 + 0.8) / 4);
    expect(score).toBeCloseTo(0.9 * 0.5 + 0.1 * 0.7);
  });

  it('takes the order of critics for nothing, and stays between the worst and the best score', () => {
    fc.assert(
      fc.property(opinions, gates, (given, checks) => {
        const one = consolidate(checks, blockingGates, given, rules);
        const other = consolidate(checks, blockingGates, given.toReversed(), rules);
        expect(other.score === null ? null : other.score.toFixed(9)).toBe(
          one.score === null ? null : one.score.toFixed(9),
        );
        expect(other.blockers.length).toBe(one.blockers.length);
        expect(other.answered).toBe(one.answered);
        const values = given.flatMap((each) =>
          'critique' in each ? Object.values(each.critique.scores) : [],
        );
        if (one.score === null) expect(values).toEqual([]);
        else {
          expect(one.score).toBeGreaterThanOrEqual(Math.min(...values) - 1e-9);
          expect(one.score).toBeLessThanOrEqual(Math.max(...values) + 1e-9);
        }
        const keys = one.actions.map((action) => action.toLowerCase().replace(/[.!;]+$/, ''));
        expect(new Set(keys).size).toBe(keys.length);
        expect(keys).not.toContain('');
      }),
    );
  });

  it('blocks on each failed gate that blocks, and on no other', () => {
    fc.assert(
      fc.property(opinions, gates, (given, checks) => {
        const { blockers } = consolidate(checks, blockingGates, given, rules);
        for (const { gate: name, status } of checks)
          expect(blockers.some(({ from }) => from === name)).toBe(
            blockingGates.has(name) && status === 'failed',
          );
        const reported = given.flatMap((each) =>
          'critique' in each ? each.critique.failures : [],
        );
        expect(
          blockers.filter(({ from }) => critics.some(({ name }) => name === from)),
        ).toHaveLength(reported.filter(({ category }) => blocking.includes(category)).length);
      }),
    );
  });

  it('counts a critic that failed as unknown, not as zero, and needs a majority', () => {
    const [a = critic('a'), b = critic('b'), c = critic('c')] = critics;
    const answer: Opinion = {
      critic: a,
      critique: {
        candidate: 'x',
        verdict: 'accept',
        scores: all(0.9),
        failures: [],
        nextActions: [],
      },
    };
    const lost = { unknown: 'it failed' };
    const one = consolidate([], blockingGates, [answer, { critic: b, ...lost }], rules);
    expect(one.score).toBeCloseTo(0.9);
    expect(one.quorum).toBe(false);
    const two = [answer, { ...answer, critic: b }, { critic: c, ...lost }];
    expect(consolidate([], blockingGates, two, rules)).toMatchObject({ quorum: true, answered: 2 });
    expect(
      [1, 2, 3, 4, 5].map((count) => neededOf({ ...rules, critics: Array(count).fill(a) })),
    ).toEqual([1, 2, 2, 3, 3]);
    expect(neededOf({ critics, quorum: 9 })).toBe(3);
    expect(consolidate([], blockingGates, [], rules)).toMatchObject({ score: null, quorum: false });
  });

  it('never turns out better than was thought possible', () => {
    fc.assert(
      fc.property(opinions, gates, fc.integer({ min: 0, max: 3 }), (given, checks, known) => {
        const best = bestPossible(checks, blockingGates, given.slice(0, known), rules);
        const final = consolidate(checks, blockingGates, given, rules);
        expect(final.score ?? 0).toBeLessThanOrEqual((best.score ?? 0) + 1e-9);
        expect(final.blockers.length).toBeGreaterThanOrEqual(best.blockers.length);
      }),
    );
  });
});
