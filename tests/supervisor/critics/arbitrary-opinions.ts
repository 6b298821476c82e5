import fc from 'fast-check';
import type { GateResult, GateStatus } from '../../../src/domain/gate-result.ts';
import { scoreNames, type Scores } from '../../../src/domain/review.ts';
import type { Critic } from '../../../src/domain/tournament-settings.ts';
import type {
  ConsolidationRules,
  Judged,
  Opinion,
} from '../../../src/supervisor/critics/consolidate.ts';

export const blocking = ['syntax', 'test', 'contract', 'security'];
export const critic = (name: string, weight = 1): Critic => ({
  name,
  charter: name,
  weight,
  blocking,
});
export const critics = [critic('a'), critic('b', 2), critic('c')];
export const rules: ConsolidationRules = {
  critics,
  quorum: null,
  weights: { correctness: 0.5, consistency: 0.2, safety: 0.2, efficiency: 0.05, clarity: 0.05 },
  pessimistic: ['correctness', 'consistency', 'safety'],
};
export const all = (value: number): Scores => ({
  correctness: value,
  consistency: value,
  safety: value,
  efficiency: value,
  clarity: value,
});
export const gate = (name: string, status: GateStatus): GateResult => ({
  gate: name,
  status,
  summary: `${name} ${status}`,
  findings: [],
  durationMs: 0,
});
export const blockingGates = new Set(['paths', 'tests']);

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
export const opinions = fc.tuple(...critics.map(opinionOf));
export const gates = fc.tuple(
  ...['paths', 'tests', 'lint'].map((name) =>
    fc
      .constantFrom<GateStatus>('passed', 'failed', 'errored', 'skipped')
      .map((status) => gate(name, status)),
  ),
);

/** Nothing that a critic could show. */
export const judged = (given: readonly GateResult[]): Judged => ({
  gates: given,
  changes: new Map(),
  mode: 'any',
});
