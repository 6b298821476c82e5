import * as z from 'zod';

export const severities = ['blocker', 'major', 'minor', 'nit'] as const;

export const scoreNames = [
  'correctness',
  'consistency',
  'safety',
  'efficiency',
  'clarity',
] as const;
export type ScoreName = (typeof scoreNames)[number];
/** Each from 0 to 1. */
export type Scores = Readonly<Record<ScoreName, number>>;

/** All fields are required and nothing recurs: the portable style that every provider's schema mode takes. */
export const findingSchema = z.strictObject({
  category: z.string().describe('one word, as correctness, contract, test, security, style'),
  severity: z.enum(severities),
  evidence: z.string().describe('what in the work shows it'),
  location: z.string().nullable().describe('path:line, or null'),
  fixHint: z.string().describe('the smallest change that mends it'),
});

export const reviewSchema = z.strictObject({
  verdict: z.enum(['accept', 'revise']),
  summary: z.string(),
  scores: z.strictObject({
    correctness: z.number().describe('0 to 1'),
    consistency: z.number().describe('0 to 1'),
    safety: z.number().describe('0 to 1'),
    efficiency: z.number().describe('0 to 1'),
    clarity: z.number().describe('0 to 1'),
  }),
  findings: z.array(findingSchema),
});

export type Finding = z.infer<typeof findingSchema>;
export type Review = z.infer<typeof reviewSchema>;

/** Findings of these severities keep work from being approved; the others are recorded. */
export function isBlocking(finding: Finding): boolean {
  return finding.severity === 'blocker' || finding.severity === 'major';
}
