import type { Effort } from '../../models/language-model.ts';
import { mostCandidates } from '../../domain/tournament-settings.ts';

/** What makes one candidate different from the others: temperature is not for current models to set. */
export interface Lever {
  /** `C1`, `C2`, … */
  readonly id: string;
  /** Index in the role's list of the model that is asked first. */
  readonly model: number;
  /** Index in `approaches`. */
  readonly approach: number;
  /** As the model does by itself when absent. */
  readonly effort?: Effort;
}

/** Ways to go at the same task, each in words for the model. */
export const approaches = [
  'Take the plainest way that meets every requirement.',
  'Begin with the edge cases and error paths, and let them shape the design.',
  'For each acceptance criterion think of the test that would catch its breach; then write the least that passes all of them.',
  'Put the contract first: names, types, units and error forms exactly as the spec words them; then fill it in.',
  'Build it of small pure functions, with the flow of data plain to see.',
  'Assume hostile and enormous input: bound every cost, and fail loudly and early.',
  'Ask what can be left out; use what the language and the files shown already give.',
] as const;

const efforts: readonly (Effort | undefined)[] = [undefined, 'high', 'medium'];

/**
 * The levers of so many candidates over so many models: no two alike, models and approaches taken in turn.
 * @throws RangeError for a number of candidates that is not from 1 to `mostCandidates`.
 */
export function leversOf(candidates: number, models: number): Lever[] {
  if (!Number.isInteger(candidates) || candidates < 1 || candidates > mostCandidates)
    throw new RangeError(`${candidates} candidates; from 1 to ${mostCandidates} are allowed`);
  const pool = Math.max(1, models);
  return Array.from({ length: candidates }, (_, index): Lever => {
    const effort = efforts[Math.floor(index / leastCommonMultiple(pool, approaches.length)) % 3];
    return {
      id: `C${index + 1}`,
      model: index % pool,
      approach: index % approaches.length,
      ...(effort !== undefined && { effort }),
    };
  });
}

function leastCommonMultiple(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return (a * b) / x;
}
