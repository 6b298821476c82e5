import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Critic } from '../../../src/domain/tournament-settings.ts';
import {
  bestPossible,
  consolidate,
  neededOf,
  type Opinion,
} from '../../../src/supervisor/critics/consolidate.ts';
import type { CriticFinding, Critique } from '../../../src/supervisor/critics/critique.ts';
import { doubtsOn } from '../../../src/strategies/tournament/verdict.ts';
import {
  all,
  blocking,
  blockingGates,
  critic,
  critics,
  gate,
  gates,
  judged,
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
      judged([]),
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
        const one = consolidate(judged(checks), blockingGates, given, rules);
        const other = consolidate(judged(checks), blockingGates, given.toReversed(), rules);
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
        const { blockers, unproven } = consolidate(judged(checks), blockingGates, given, rules);
        for (const { gate: name, status } of checks)
          expect(blockers.some(({ from }) => from === name)).toBe(
            blockingGates.has(name) && status === 'failed',
          );
        const reported = given.flatMap((each) =>
          'critique' in each ? each.critique.failures : [],
        );
        expect([...blockers, ...unproven].filter(({ by }) => by === 'critic')).toHaveLength(
          reported.filter(({ category }) => blocking.includes(category)).length,
        );
      }),
    );
  });

  describe('of a critic’s finding that would block', () => {
    const accepts: Critique = {
      candidate: 'x',
      verdict: 'accept',
      scores: all(0.9),
      failures: [],
      nextActions: [],
    };
    const finding = {
      category: 'contract',
      evidence: 'It is wrong.',
      location: null,
      fixHint: 'f',
    };
    const changes = new Map([
      ['src/a.js', 'export const answer = 41;\n'],
      ['old.js', null],
    ]);
    const passed = [gate('tests', 'passed')];
    /** Critics of which the first `count` report a finding. */
    const blocking = (
      count: number,
      more: Partial<typeof finding | { location: string }> = {},
      gates = passed,
    ): string[] => {
      const given = critics.map((each, index): Opinion => {
        const failures = index < count ? [{ ...finding, ...more } as CriticFinding] : [];
        return { critic: each, critique: { ...accepts, failures } };
      });
      const { blockers } = consolidate(
        { gates, changes, mode: 'any' },
        blockingGates,
        given,
        rules,
      );
      return blockers.map(({ from }) => from);
    };

    it('takes one that shows nothing for no veto where the tests pass', () => {
      expect(blocking(1)).toEqual([]);
      expect(blocking(2)).toEqual(['a', 'b']);
      for (const status of ['skipped', 'errored'] as const)
        expect(blocking(1, {}, [gate('tests', status)]), status).toEqual(['a']);
      expect(blocking(1, {}, [gate('syntax', 'passed')])).toEqual(['a']);
    });

    it.each([
      ['a line of the work', { location: 'src/a.js:1' }, true],
      ['a stretch of lines', { location: 'src/a.js:1-2' }, true],
      ['a line that the work has not', { location: 'src/a.js:40' }, false],
      ['a file that the work has not', { location: 'src/b.js:1' }, false],
      ['a file that the work deletes', { location: 'old.js:1' }, false],
      ['words of the work', { evidence: 'It says `answer  = 41`, and 42 was asked for.' }, true],
      ['words that are not in it', { evidence: 'It says `answer = 43`, and 42 was asked.' }, false],
      ['a word that is everywhere', { evidence: 'It has `a` in it.' }, false],
    ])('takes one that shows %s so', (_, shown, isVeto) => {
      expect(blocking(1, shown)).toEqual(isVeto ? ['a'] : []);
    });

    it.each([
      ['proved', true],
      ['grounded', true],
      ['doubtful', false],
      ['refuted', false],
      [undefined, false],
    ] as const)(
      'by how it was settled alone where findings have to show something: %s',
      (standing, vetoes) => {
        const more = standing === undefined ? {} : { standing, reason: 'r' };
        const given = critics.map((each): Opinion => ({
          critic: each,
          critique: { ...accepts, failures: [{ ...finding, ...more } as CriticFinding] },
        }));
        const judgedWork = { gates: passed, changes, mode: 'grounded' } as const;
        const { blockers, unproven } = consolidate(judgedWork, blockingGates, given, rules);
        expect([blockers.length, unproven.length]).toEqual(vetoes ? [3, 0] : [0, 3]);
      },
    );

    it('knows a critic from a gate of the same name', () => {
      const named = critic('tests');
      const opinion: Opinion = {
        critic: named,
        critique: { ...accepts, verdict: 'revise', failures: [finding as CriticFinding] },
      };
      const judgedWork = { gates: [gate('tests', 'skipped')], changes, mode: 'any' } as const;
      const consolidated = consolidate(judgedWork, blockingGates, [opinion], {
        ...rules,
        critics: [named],
      });
      const settings = { mustPass: [], critics: [named] };
      expect(
        doubtsOn(
          { gates: judgedWork.gates, consolidated, doubted: null },
          null,
          blockingGates,
          settings,
        ),
      ).toEqual([
        { reason: 'validators_disagree', detail: 'critics found what blocks: contract (tests)' },
      ]);
    });
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
    const one = consolidate(judged([]), blockingGates, [answer, { critic: b, ...lost }], rules);
    expect(one.score).toBeCloseTo(0.9);
    expect(one.quorum).toBe(false);
    const two = [answer, { ...answer, critic: b }, { critic: c, ...lost }];
    expect(consolidate(judged([]), blockingGates, two, rules)).toMatchObject({
      quorum: true,
      answered: 2,
    });
    expect(
      [1, 2, 3, 4, 5].map((count) => neededOf({ ...rules, critics: Array(count).fill(a) })),
    ).toEqual([1, 2, 2, 3, 3]);
    expect(neededOf({ critics, quorum: 9 })).toBe(3);
    expect(consolidate(judged([]), blockingGates, [], rules)).toMatchObject({
      score: null,
      quorum: false,
    });
  });

  it('never turns out better than was thought possible', () => {
    fc.assert(
      fc.property(opinions, gates, fc.integer({ min: 0, max: 3 }), (given, checks, known) => {
        const best = bestPossible(judged(checks), blockingGates, given.slice(0, known), rules);
        const final = consolidate(judged(checks), blockingGates, given, rules);
        expect(final.score ?? 0).toBeLessThanOrEqual((best.score ?? 0) + 1e-9);
        expect(final.blockers.length).toBeGreaterThanOrEqual(best.blockers.length);
      }),
    );
  });
});
