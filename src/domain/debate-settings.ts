/** Each has a letter, and hears all the others. */
export const mostCritics = 6;

export const debateMoments = ['never', 'architecture', 'always'] as const;

export interface DebateSettings {
  /** Of the critics' debate at most. */
  readonly rounds: number;
  readonly defenseRounds: number;
  /** Goes on where the critics agree at once that nothing blocks. */
  readonly full: boolean;
}
