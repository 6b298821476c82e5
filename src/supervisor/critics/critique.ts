import * as z from 'zod';
import {
  citesReply,
  plainFindingReply,
  type Finding,
  type FindingsMode,
  type Scores,
} from '../../domain/review.ts';
import type { Critic } from '../../domain/tournament-settings.ts';

/** What is wrong with a candidate; its category says whether it blocks. */
const categories = [
  'syntax',
  'test',
  'contract',
  'security',
  'performance',
  'style',
  'other',
] as const;

const score = z.number().min(0).max(1).describe('0 to 1');

/** A critic's reply on one candidate, checked. */
export interface Critique {
  candidate: string;
  verdict: 'accept' | 'revise';
  scores: Scores;
  nextActions: string[];
  failures: CriticFinding[];
}
export type CriticFinding = Omit<Finding, 'severity'>;

/**
 * The schema of a reply about the candidate of that label, in the portable style; the rules that providers'
 * schema modes do not take are checked here.
 */
export function critiqueSchema(
  label: string,
  critics: readonly Critic[],
  mode: FindingsMode,
): z.ZodType<Critique> {
  const known = [...new Set([...categories, ...critics.flatMap(({ blocking }) => blocking)])];
  const plain = plainFindingReply.omit({ severity: true }).extend({ category: z.enum(known) });
  return z
    .strictObject({
      candidate: z
        .string()
        .refine((name) => name === label, { error: `must be «${label}», the one that was shown` })
        .describe('the label of the candidate'),
      verdict: z.enum(['accept', 'revise']),
      scores: z.strictObject({
        correctness: score,
        consistency: score,
        safety: score,
        efficiency: score,
        clarity: score,
      }),
      nextActions: z.array(z.string()).describe('what to do next, the most useful first'),
      failures: z.array(mode === 'any' ? plain : plain.extend({ cites: citesReply })),
    })
    .refine(({ verdict, failures }) => verdict === 'accept' || failures.length > 0, {
      error: 'A verdict of revise needs at least one failure that shows why.',
      path: ['failures'],
    });
}
