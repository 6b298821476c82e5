import * as z from 'zod';

/** A judge's reply on two pieces of work. The reasons come first, so that the verdict follows from them. */
export const judgementSchema = z.strictObject({
  reasons: z.string().describe('what decides, in two or three sentences; name the work as A and B'),
  better: z.enum(['A', 'B', 'tie']),
});

/** What became of a pair that was shown in both orders. */
export interface PairVerdict {
  /** `first` and `second` as they were given, not as they were shown. */
  readonly outcome: 'first' | 'second' | 'tie';
  /** The judge took the other one when the order was turned round: position decided, not the work. */
  readonly flipped: boolean;
  /** For people, in one paragraph; A is the first of the two. */
  readonly reasons: string;
}
