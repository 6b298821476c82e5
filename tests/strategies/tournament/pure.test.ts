import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GateResult, GateStatus } from '../../../src/domain/gate-result.ts';
import { scoreNames, type Scores } from '../../../src/domain/review.ts';
import {
  bestPossible,
  consolidate,
  neededOf,
  type Consolidated,
  type Opinion,
  type Rules,
} from '../../../src/strategies/tournament/consolidate.ts';
import { contentKey, exactKey } from '../../../src/text/content-key.ts';
import { critiqueSchema } from '../../../src/strategies/tournament/critique.ts';
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
import type { Critic } from '../../../src/domain/tournament-settings.ts';
import { gainOf } from '../../../src/strategies/tournament/synthesis.ts';
import { responseSchema } from '../../../src/models/generate-object.ts';

const blocking = ['syntax', 'test', 'contract', 'security'];
const critic = (name: string, weight = 1): Critic => ({ name, charter: name, weight, blocking });
const critics = [critic('a'), critic('b', 2), critic('c')];
const rules: Rules = {
  critics,
  quorum: null,
  weights: { correctness: 0.5, consistency: 0.2, safety: 0.2, efficiency: 0.05, clarity: 0.05 },
  pessimistic: ['correctness', 'consistency', 'safety'],
};
const all = (value: number): Scores => ({
  correctness: value,
  consistency: value,
  safety: value,
  efficiency: value,
  clarity: value,
});
const gate = (name: string, status: GateStatus): GateResult => ({
  gate: name,
  status,
  summary: `${name} ${status}`,
  findings: [],
  durationMs: 0,
});
const blockingGates = new Set(['paths', 'tests']);

const unit = fc.integer({ min: 0, max: 100 }).map((value) => value / 100);
const scores = fc.record(
  Object.fromEntries(scoreNames.map((name) => [name, unit])) as Record<keyof Scores, typeof unit>,
);
const failure = fc.record({
  category: fc.constantFrom('contract', 'security', 'style', 'other'),
  evidence: fc.constantFrom('e', 'f'),
  location: fc.constant(null),
  fixHint: fc.constantFrom('Do this.', 'do  this', 'Do that'),
});
const opinionOf = (name: Critic): fc.Arbitrary<Opinion> =>
  fc.oneof(
    fc
      .record({
        candidate: fc.constant('x'),
        verdict: fc.constantFrom('accept' as const, 'revise' as const),
        scores,
        failures: fc.array(failure, { maxLength: 2 }),
        nextActions: fc.array(fc.constantFrom('Do this', 'Rest', ''), { maxLength: 2 }),
      })
      .map((critique): Opinion => ({ critic: name, critique })),
    fc.constant<Opinion>({ critic: name, unknown: 'it failed' }),
  );
const opinions = fc.tuple(...critics.map(opinionOf));
const gates = fc.tuple(
  ...['paths', 'tests', 'lint'].map((name) =>
    fc
      .constantFrom<GateStatus>('passed', 'failed', 'errored', 'skipped')
      .map((status) => gate(name, status)),
  ),
);

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

const standing = fc
  .record({ given: opinions, checks: gates, content: fc.constantFrom('p', 'q', 'r', 's') })
  .map(({ given, checks, content }) => ({
    content,
    given,
    checks,
    depth: depthOf(checks, blockingGates),
    consolidated: consolidate(checks, blockingGates, given, rules),
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
            const best = bestPossible(checks, blockingGates, given.slice(0, known[index]), rules);
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
          category: 'test',
          evidence: 'e',
          location: null,
          fixHint: 'f',
        })),
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
        consolidated: consolidate(checks, blockingGates, [], rules),
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

describe('keys of content', () => {
  const files = fc.dictionary(
    fc.constantFrom('a.js', 'b/c.js', 'd.md'),
    fc.oneof(
      fc.constant(null),
      fc
        .array(fc.constantFrom('x = 1', '  y', ''), { maxLength: 4 })
        .map((lines) => lines.join('\n')),
    ),
    { minKeys: 1 },
  );

  it('do not see line ends, blanks at the end of lines, and the order of files', () => {
    fc.assert(
      fc.property(files, (given) => {
        const changes = new Map(Object.entries(given));
        const other = new Map(
          [...changes]
            .reverse()
            .map(([path, text]) => [
              path,
              text === null ? null : `${text.replaceAll('\n', ' \r\n')}\n\n`,
            ]),
        );
        expect(contentKey(other)).toBe(contentKey(changes));
        const some = [...changes.values()].some((text) => text !== null);
        expect(exactKey(other) === exactKey(changes)).toBe(!some);
      }),
    );
  });

  it('see everything else', () => {
    const key = (text: string | null): string => contentKey(new Map([['a.py', text]]));
    const texts = [null, '', 'x\n', '  x\n', 'x\n\ny\n', 'x\ny\n', 'X\n'];
    expect(new Set(texts.map(key)).size).toBe(texts.length);
  });
});

describe('a critic’s reply', () => {
  const schema = critiqueSchema('candidate-1', [
    critic('a'),
    { ...critic('b'), blocking: ['licence'] },
  ]);
  const reply = {
    candidate: 'candidate-1',
    verdict: 'accept',
    scores: all(0.5),
    failures: [{ category: 'licence', evidence: 'e', location: null, fixHint: 'f' }],
    nextActions: [],
  };

  it('is taken in its form', () => {
    expect(schema.safeParse(reply).success).toBe(true);
  });

  it.each([
    ['a score of 7 out of 1', { scores: { ...all(0.5), safety: 7 } }],
    ['a score below 0', { scores: { ...all(0.5), safety: -0.1 } }],
    ['a score that is missing', { scores: { correctness: 1 } }],
    ['another candidate', { candidate: 'candidate-2' }],
    ['an unknown category', { failures: [{ ...reply.failures[0], category: 'vibes' }] }],
    ['a revision without a reason', { verdict: 'revise', failures: [] }],
    ['an unknown field', { mood: 'good' }],
  ])('is a fault with %s', (_, wrong) => {
    expect(schema.safeParse({ ...reply, ...wrong }).success).toBe(false);
  });

  it('is asked for in the portable style', () => {
    const { json } = responseSchema('critique', schema);
    const text = JSON.stringify(json);
    expect(text).not.toMatch(/minimum|maximum|pattern|minLength|\$ref/);
    expect(text).toContain('"additionalProperties":false');
    expect(text).toContain('licence');
  });
});
