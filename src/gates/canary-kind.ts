/** A test of a name. */
export type Line = (name: string) => string;

/** How canaries are written into a file. */
export interface Kind {
  /** Stands before them. */
  readonly head: string;
  readonly fails: readonly Line[];
  readonly passes: Line;
  readonly skips: Line;
  /** Where they stand; behind the file's own text when absent. */
  readonly within?: (text: string, added: string) => string;
  /** Nothing in a file's tests keeps others of it from being run: one that did not run is wrong too. */
  readonly alwaysRun?: true;
}

export type KindOf = (mark: string, text: string) => Kind | null;
