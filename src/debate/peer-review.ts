import type * as z from 'zod';
import { peerReviewReplySchema, type DebateIssue, type Winner } from '../domain/debate.ts';
import { asCritic, askSpeaker, callsLeft, step, tell, type DebateContext } from './context.ts';
import { peerReviewPrompt } from './prompts.ts';

export type PeerReview = z.infer<typeof peerReviewReplySchema>;

/** The winner on all issues, its own and the others'; null where there is none. */
export async function peerReview(
  context: DebateContext,
  issues: readonly DebateIssue[],
  { winner }: Winner,
): Promise<PeerReview | null> {
  const critic = context.debaters.critics.find(({ label }) => label === winner);
  if (critic === undefined) return null;
  const review = await step(
    context,
    { name: 'peer-review', from: [issues, winner], schema: peerReviewReplySchema },
    async () => {
      const said = await askSpeaker(context.asking, asCritic(critic), {
        stage: 'debate-peer-review',
        round: 0,
        parts: peerReviewPrompt(context.proposal, issues, critic.label),
        schema: peerReviewReplySchema,
      });
      const isKnown = (id: string): boolean => issues.some((issue) => issue.id === id);
      return {
        ...said,
        maintained: said.maintained.filter(isKnown),
        adopted: said.adopted.filter(isKnown),
        contested: said.contested.filter(({ issue }) => isKnown(issue)),
      };
    },
  );
  const { maintained, adopted, contested } = review;
  tell(context, 'peer-review', {
    name: critic.label,
    outcome: 'done',
    detail: `${maintained.length} maintained, ${adopted.length} adopted, ${contested.length} contested`,
    data: { critic: critic.label, ...review, left: callsLeft(context, 'peer-review') },
  });
  return review;
}
