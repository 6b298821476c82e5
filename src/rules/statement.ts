/** One thing that a brief says, with what stands below it. */
export interface Statement {
  readonly text: string;
  /** Headings above it, the title left out. */
  readonly path: readonly string[];
  /** `lead`: a sentence that introduces a list whose items speak for themselves. */
  readonly from: 'sentence' | 'item' | 'lead';
  /** Sub-points: they say when it is done. */
  readonly details: string[];
  /** Code blocks that follow it. */
  readonly examples: string[];
}
