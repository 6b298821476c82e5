import * as z from 'zod';
import type { ModelIdentity } from '../../domain/model-role.ts';
import { programLanguages } from '../../domain/program.ts';
import { plainAnswer } from '../../text/answer/plain-answer.ts';

/** The reply of one who reasons. The reasoning comes first, so that the answer follows from it. */
export const reasoningReplySchema = z.strictObject({
  reasoning: z
    .string()
    .describe('how the answer follows, step by step, no longer than it has to be'),
  answer: z
    .string()
    // Those that say nothing would agree with each other.
    .refine((text) => plainAnswer(text) !== '', { error: 'says nothing' })
    .describe(
      'the answer alone, as short as it can be: a number with its unit, yes or no, a name, a list, or one sentence',
    ),
});

/** The same where something can be computed. */
export const scienceReplySchema = z.strictObject({
  reasoning: reasoningReplySchema.shape.reasoning,
  claims: z.array(z.string()).describe('facts and laws that the answer rests on'),
  assumptions: z.array(z.string()).describe('what the task leaves open and was assumed'),
  units: z.array(z.string()).describe('each quantity with its unit, as `v in m/s`'),
  program: z
    .strictObject({
      language: z.enum(programLanguages),
      code: z.string().describe('one file without packages; its last printed line is the answer'),
    })
    .nullable()
    .describe('null where nothing can be computed'),
  answer: reasoningReplySchema.shape.answer,
});

export type ScienceReply = z.infer<typeof scienceReplySchema>;

/** What became of a solution's program. */
export type Computed =
  | {
      readonly kind: 'ran';
      readonly output: string;
      /** As `exit code 0`. */
      readonly end: string;
      /** Whether what it printed last is the answer that was stated; null where it printed none. */
      readonly agrees: boolean | null;
      readonly isolated: boolean;
    }
  | { readonly kind: 'not-run'; readonly why: string };

/** One of several independent solutions. */
export interface Solution extends ScienceReply {
  /** `S1`, `S2`, … */
  readonly label: string;
  readonly author: ModelIdentity;
  /** Null where it has no program. */
  readonly computed: Computed | null;
}

/** Whether what a solution's own program printed is another answer than the one that it states. */
export function contradictsItself({ computed }: Solution): boolean {
  return computed?.kind === 'ran' && computed.agrees !== true;
}
