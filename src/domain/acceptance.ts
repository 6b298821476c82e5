import * as z from 'zod';

/** Whether a task's author sees the tests of its criteria: `hidden` until its first try is there. */
export const acceptanceModes = ['hidden', 'shown', 'off'] as const;

export interface AcceptanceSettings {
  readonly tests: (typeof acceptanceModes)[number];
  /** Changed copies of approved work, at most, that its tests are tried on. */
  readonly mutants: number;
}

/**
 * Who has seen a criterion hold: `test`: one that failed before the work and passes after; `reviewer`, `person`:
 * they judged it; `elsewhere`: another task of its requirement is held to it; `open`: nobody.
 */
export const criterionMarks = ['test', 'reviewer', 'person', 'elsewhere', 'open'] as const;
export type CriterionMark = (typeof criterionMarks)[number];

export const criterionResultSchema = z.strictObject({
  id: z.string(),
  by: z.enum(criterionMarks),
  test: z.string().nullable().describe('path of the file of its tests; null: none'),
  sha256: z.string().nullable().describe('of that file, as it was fixed; null: none'),
  names: z.array(z.string()).describe('of its tests that ran on the work'),
  note: z.string().describe('why there is no test, what was judged, what the tests do not notice'),
  weak: z.boolean().describe('its tests pass on changed copies of the work too'),
});
export type CriterionResult = Readonly<z.infer<typeof criterionResultSchema>>;
