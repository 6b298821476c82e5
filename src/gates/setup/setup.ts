/** The user's own step before a check, as an install from what is there. */
export interface Setup {
  /** For a shell, in the copy. */
  readonly run: string;
  /**
   * What in the project it depends on, in patterns as `.gitignore` has them, so that its result serves wherever
   * these are the same; null: everything.
   */
  readonly reads: readonly string[] | null;
}
