import type { GateResult } from '../src/domain/gate-result.ts';
import {
  blockingCategories,
  pessimisticScores,
  scoreWeights,
} from '../src/config/default-critics.ts';
import { consolidate, type Opinion } from '../src/supervisor/critics/consolidate.ts';
import { depthOf, ranked, type Standing } from '../src/strategies/tournament/rank.ts';
import type { Critic } from '../src/domain/tournament-settings.ts';
import { doubtsOn } from '../src/strategies/tournament/verdict.ts';
import { sequence } from './sequence.ts';

export const ways = ['single', 'majority', 'mean score', 'pessimistic score'] as const;
export type Way = (typeof ways)[number];

/** Shares of all simulated choices, from 0 to 1. */
export interface ChoiceQuality {
  readonly way: Way;
  /** A candidate is right with this probability. */
  readonly p: number;
  /** A critic errs on a candidate with this probability. */
  readonly q: number;
  /** Tests ran on every candidate, and tell right from wrong. */
  readonly tests: boolean;
  /** The one that stands first is right. */
  readonly rightWinner: number;
  readonly approved: number;
  /** Approved, and wrong. */
  readonly falseApproval: number;
}

const candidates = 3;
const critics: readonly Critic[] = ['contracts', 'tests', 'security', 'performance', 'style'].map(
  (name) => ({ name, charter: name, weight: 1, blocking: blockingCategories }),
);
const rules = { critics, quorum: null, weights: scoreWeights, pessimistic: pessimisticScores };
const blockingGates = new Set(['tests']);

interface Contender extends Standing {
  readonly doubted: null;
  readonly isRight: boolean;
  readonly gates: readonly GateResult[];
  readonly opinions: readonly Opinion[];
}

/** Every way of choosing on the same simulated candidates; the same sequence each time. */
export function choiceQuality(rounds: number): ChoiceQuality[] {
  const rows: ChoiceQuality[] = [];
  for (const tests of [false, true])
    for (const p of [0.2, 0.5, 0.8])
      for (const q of [0.1, 0.3]) {
        const random = sequence();
        const sums = new Map(ways.map((way) => [way, { right: 0, approved: 0, wrong: 0 }]));
        for (let round = 0; round < rounds; round++) {
          const field = Array.from({ length: candidates }, (_, index) =>
            contender(`C${index + 1}`, random() < p, q, tests, random),
          );
          for (const [way, sum] of sums) {
            const { winner, approved } = choose[way](field, tests);
            if (winner.isRight) sum.right += 1;
            if (approved) sum.approved += 1;
            if (approved && !winner.isRight) sum.wrong += 1;
          }
        }
        for (const [way, { right, approved, wrong }] of sums)
          rows.push({
            way,
            p,
            q,
            tests,
            rightWinner: right / rounds,
            approved: approved / rounds,
            falseApproval: wrong / rounds,
          });
      }
  return rows;
}

type Choose = (
  field: readonly Contender[],
  tests: boolean,
) => { winner: Contender; approved: boolean };

const choose: Record<Way, Choose> = {
  single: (field, tests) => {
    const winner = first(field);
    const [reviewer] = winner.opinions;
    return { winner, approved: accepts(reviewer) && passes(winner, tests) };
  },
  majority: (field, tests) => {
    const winner = best(field, tests, ({ opinions }) => opinions.filter(accepts).length);
    const votes = winner.opinions.filter(accepts).length;
    return { winner, approved: votes * 2 > critics.length && passes(winner, tests) };
  },
  'mean score': (field, tests) => {
    const winner = best(field, tests, meanScore);
    return { winner, approved: meanScore(winner) >= 0.7 && passes(winner, tests) };
  },
  /** What a tournament does. */
  'pessimistic score': (field, tests) => {
    const winner = first(ranked(field));
    const mustPass = tests ? ['tests'] : [];
    const doubts = doubtsOn(winner, null, blockingGates, { mustPass, critics });
    return { winner, approved: doubts.length === 0 };
  },
};

function contender(
  id: string,
  isRight: boolean,
  q: number,
  tests: boolean,
  random: () => number,
): Contender {
  const opinions = critics.map((critic): Opinion => {
    const likes = random() < q ? !isRight : isRight;
    const value = (likes ? 0.85 : 0.45) + (random() - 0.5) * 0.2;
    const failure = {
      category: 'contract',
      evidence: 'wrong',
      location: null,
      fixHint: 'Mend it.',
    };
    return {
      critic,
      critique: {
        candidate: id,
        verdict: likes ? 'accept' : 'revise',
        scores: {
          correctness: value,
          consistency: value,
          safety: value,
          efficiency: value,
          clarity: value,
        },
        failures: likes ? [] : [failure],
        nextActions: [],
      },
    };
  });
  const gates: GateResult[] = tests
    ? [
        {
          gate: 'tests',
          status: isRight ? 'passed' : 'failed',
          summary: '',
          findings: [],
          durationMs: 0,
        },
      ]
    : [];
  // As in a tournament: no critic sees what fails a check.
  const asked = tests && !isRight ? [] : opinions;
  return {
    id,
    isRight,
    gates,
    opinions,
    content: id,
    depth: depthOf(gates, blockingGates),
    doubted: null,
    consolidated: consolidate(
      { gates, changes: new Map(), mode: 'any' },
      blockingGates,
      asked,
      rules,
    ),
  };
}

function accepts(opinion: Opinion | undefined): boolean {
  return opinion !== undefined && 'critique' in opinion && opinion.critique.verdict === 'accept';
}

function passes({ gates }: Contender, tests: boolean): boolean {
  return !tests || gates.every(({ status }) => status === 'passed');
}

function best(
  field: readonly Contender[],
  tests: boolean,
  value: (one: Contender) => number,
): Contender {
  const sound = field.filter((one) => passes(one, tests));
  return first((sound.length > 0 ? sound : field).toSorted((a, b) => value(b) - value(a)));
}

function meanScore({ opinions }: Contender): number {
  const values = opinions.flatMap((opinion) =>
    'critique' in opinion ? [opinion.critique.scores.correctness] : [],
  );
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function first<T>(all: readonly T[]): T {
  const [one] = all;
  if (one === undefined) throw new Error('There is no candidate');
  return one;
}
