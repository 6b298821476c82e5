import type { Solution } from '../../../src/workflows/answers/solution.ts';

/** A solution with this answer, by a model of its own. */
export function solution(label: string, answer: string, more: Partial<Solution> = {}): Solution {
  return {
    label,
    author: { ref: { provider: 'fake', model: label }, family: label },
    reasoning: `Reasoning of ${label}.`,
    claims: [],
    assumptions: [],
    units: [],
    program: null,
    answer,
    computed: null,
    ...more,
  };
}
