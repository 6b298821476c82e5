import type { Ecosystem } from './protected-path.ts';

/** A file of which only some parts decide how tests are run. */
export interface Sectioned {
  /**
   * The proposed content with those parts as they were, and the names of the parts that differed; null
   * where either cannot be read, so that the whole file counts.
   * @param before null for a new file.
   * @param added whether parts that were not there before are left out; else they stand.
   */
  restore(before: string | null, proposed: string, added: boolean): Promise<Restored | null>;
  readonly of: Ecosystem;
}

export interface Restored {
  readonly content: string;
  readonly changed: readonly string[];
}
