/** Languages that a computation may be written in: they need nothing but their interpreter. */
export const programLanguages = ['python', 'javascript'] as const;
export type ProgramLanguage = (typeof programLanguages)[number];

/** A program in one file, which prints what it finds out. */
export interface GivenProgram {
  readonly language: ProgramLanguage;
  readonly code: string;
}

export interface ProgramRun {
  readonly stdout: string;
  readonly stderr: string;
  /** How it ended, as `exit code 0`. */
  readonly end: string;
  /** It ended by itself with exit code 0. */
  readonly succeeded: boolean;
  /** False: it ran as a plain process. */
  readonly isolated: boolean;
}

/**
 * Runs a program by itself, without network, in an empty folder; or says why it cannot be run.
 * @throws InterruptedError
 */
export type RunProgram = (
  program: GivenProgram,
  signal: AbortSignal,
) => Promise<ProgramRun | { readonly missing: string; readonly fix: string }>;
