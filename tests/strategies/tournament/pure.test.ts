import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GateStatus } from '../../../src/domain/gate-result.ts';
import { approaches, leversOf } from '../../../src/strategies/tournament/levers.ts';
import {
  canStillWin,
  depthOf,
  isBlocked,
  isNearTie,
  ranked,
  runnerUpOf,
  type Standing,
} from '../../../src/strategies/tournament/rank.ts';
import { gainOf } from '../../../src/strategies/tournament/synthesis.ts';
import {
  bestPossible,
  consolidate,
  type Consolidated,
} from '../../../src/supervisor/critics/consolidate.ts';
import {
  all,
  blockingGates,
  gate,
  gates,
  judged,
  opinions,
  rules,
} from '../../supervisor/critics/arbitrary-opinions.ts';

const standing = fc
  .record({ given: opinions, checks: gates, content: fc.constantFrom('p', 'q', 'r', 's') })
  .map(({ given, checks, content }) => ({
    content,
    given,
    checks,
    depth: depthOf(checks, blockingGates),
    consolidated: consolidate(judged(checks), blockingGates, given, rules),
  }));
const field = fc
  .array(standing, { minLength: 1, maxLength: 6 })
  .map((each) => each.map((one, index) => ({ ...one, id: `C${index + 1}` })));

describe('ranking', () => {
  it('has all of them, those without blockers first, then by score, whatever came first', () => {
    fc.assert(
      fc.property(field, (standings) => {
        const order = ranked<Standing>(standings);
        expect(new Set(order)).toEqual(new Set(standings));
        expect(order).toHaveLength(standings.length);
        for (const [index, each] of order.entries()) {
          const next = order[index + 1];
          if (next === undefined) break;
          expect(isBlocked(each) && !isBlocked(next)).toBe(false);
          if (
            isBlocked(each) === isBlocked(next) &&
            each.consolidated.quorum === next.consolidated.quorum
          )
            expect(each.consolidated.score ?? -1).toBeGreaterThanOrEqual(
              next.consolidated.score ?? -1,
            );
        }
        const runnerUp = runnerUpOf(order);
        if (runnerUp === null) expect(new Set(order.map(({ content }) => content)).size).toBe(1);
        else expect(runnerUp.content).not.toBe(order[0]?.content);
      }),
    );
  });

  it('never loses the winner by ending the critics of those that can no longer win', () => {
    fc.assert(
      fc.property(
        field,
        fc.array(fc.nat(3), { minLength: 6, maxLength: 6 }),
        (standings, known) => {
          const margin = 0.02;
          const [winner] = ranked<Standing>(standings);
          const through = standings.map(({ consolidated }) => consolidated);
          for (const [index, { id, given, checks }] of standings.entries()) {
            const best = bestPossible(
              judged(checks),
              blockingGates,
              given.slice(0, known[index]),
              rules,
            );
            if (canStillWin(best, through, margin)) continue;
            expect(id).not.toBe(winner?.id);
            const self = standings[index];
            if (winner !== undefined && self !== undefined)
              expect(isNearTie(winner, self, margin)).toBe(false);
          }
        },
      ),
    );
  });

  it('knows a near tie only among those that could win', () => {
    const of = (score: number, blockers = 0, quorum = true): Standing => ({
      id: `at ${score}`,
      content: String(score),
      depth: Number.POSITIVE_INFINITY,
      consolidated: {
        scores: all(score),
        score,
        blockers: Array.from({ length: blockers }, () => ({
          from: 'a',
          by: 'critic' as const,
          category: 'test',
          evidence: 'e',
          location: null,
          fixHint: 'f',
        })),
        unproven: [],
        actions: [],
        answered: 3,
        quorum,
      } satisfies Consolidated,
    });
    expect(isNearTie(of(0.92), of(0.9), 0.02)).toBe(true);
    expect(isNearTie(of(0.92), of(0.89), 0.02)).toBe(false);
    expect(isNearTie(of(0.92), of(0.91, 1), 0.02)).toBe(false);
    expect(isNearTie(of(0.92), of(0.91, 0, false), 0.02)).toBe(false);
  });

  it('puts work that got further through the checks first where nobody could score', () => {
    const blocked = (id: string, ...statuses: GateStatus[]): Standing => {
      const checks = ['paths', 'tests'].map((name, at) => gate(name, statuses[at] ?? 'passed'));
      return {
        id,
        content: id,
        depth: depthOf(checks, blockingGates),
        consolidated: consolidate(judged(checks), blockingGates, [], rules),
      };
    };
    const order = ranked([blocked('one', 'failed', 'skipped'), blocked('two', 'passed', 'failed')]);
    expect(order.map(({ id }) => id)).toEqual(['two', 'one']);
  });
});

describe('a revision', () => {
  it('is never taken when a check gets worse or the score falls', () => {
    fc.assert(
      fc.property(standing, standing, (before, after) => {
        const of = ({ checks, depth, consolidated }: typeof before) => ({
          gates: checks,
          depth,
          consolidated,
        });
        const { accepted } = gainOf(of(before), of(after));
        if (!accepted) return;
        expect(after.depth).toBeGreaterThanOrEqual(before.depth);
        if (before.consolidated.score !== null)
          expect(after.consolidated.score ?? 0).toBeGreaterThanOrEqual(
            before.consolidated.score - 1e-9,
          );
        expect(
          after.depth > before.depth ||
            after.consolidated.blockers.length < before.consolidated.blockers.length,
        ).toBe(true);
      }),
    );
  });
});

describe('levers', () => {
  it('are all different, for any number of candidates and models', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 8 }), (k, models) => {
        const levers = leversOf(k, models);
        expect(levers.map(({ id }) => id)).toEqual(levers.map((_, index) => `C${index + 1}`));
        expect(new Set(levers.map((lever) => JSON.stringify({ ...lever, id: '' }))).size).toBe(k);
        for (const { model, approach } of levers) {
          expect(model).toBeLessThan(models);
          expect(approaches[approach]).toBeDefined();
        }
        // As many models as there can be.
        expect(new Set(levers.map(({ model }) => model)).size).toBe(Math.min(k, models));
      }),
    );
  });

  it.each([0, 21, 50, 1.5, -1])('are not to be had for %s candidates', (k) => {
    expect(() => leversOf(k, 2)).toThrow(RangeError);
  });
});
