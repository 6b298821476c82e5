import * as z from 'zod';
import {
  answersReplySchema,
  criticRepliesSchema,
  type CriticReply,
  type DebateIssue,
  type IssueOutcome,
  type StrategistAnswer,
  type Winner,
} from '../domain/debate.ts';
import {
  asCritic,
  askSpeaker,
  asStrategist,
  callsLeft,
  eachCritic,
  step,
  tell,
  type DebateContext,
} from './context.ts';
import type { PeerReview } from './peer-review.ts';
import { answersPrompt, repliesPrompt, type Remarks } from './prompts.ts';

export interface Defence {
  /** How each issue came out, in the order of the issues. */
  readonly outcomes: readonly IssueOutcome[];
  readonly rounds: number;
}

/**
 * The strategist answers each issue, its critic replies; what the critic insists on is answered again, as
 * long as there are rounds. What is escalated waits for a person.
 * @param answered hears of each answer, in order, for the journal of answers.
 */
export async function defend(
  context: DebateContext,
  issues: readonly DebateIssue[],
  { winner }: Winner,
  review: PeerReview | null,
  answered: (round: number, answers: readonly StrategistAnswer[]) => Promise<void>,
): Promise<Defence> {
  const outcomes = new Map<string, IssueOutcome>();
  let open = issues.map(({ id }) => id);
  let remarks: Remarks = new Map(
    (review?.contested ?? []).map(({ issue, reason }) => [
      issue,
      `another critic contests it: ${reason}`,
    ]),
  );
  let round = 0;
  while (open.length > 0 && round < context.settings.defenseRounds) {
    round++;
    const answers = await answersTo(context, round, issues, open, remarks);
    await answered(round, answers);
    const replies = await repliesTo(context, round, issues, winner, answers);
    for (const { issue, ...answer } of answers) {
      const reply = replies.get(issue);
      const insisted = answer.stance !== 'escalate' && reply?.stance === 'insist';
      outcomes.set(issue, { issue, ...answer, insisted, reply: reply?.reason ?? null });
    }
    const held = [...outcomes.values()].filter(
      ({ issue, insisted }) => insisted && open.includes(issue),
    );
    const escalated = answers.filter(({ stance }) => stance === 'escalate').length;
    tell(context, 'defence', {
      name: `${round}`,
      outcome: held.length === 0 ? 'settled' : 'contested',
      detail: `${answers.length} answered, ${escalated} escalated, ${held.length} insisted on`,
      data: {
        round,
        outcomes: answers.flatMap(({ issue }) => outcomes.get(issue) ?? []),
        left: callsLeft(context, 'defence', held.length === 0 ? Infinity : round),
      },
    });
    open = held.map(({ issue }) => issue);
    remarks = new Map(
      held.map(({ issue, reply }) => [issue, `its critic insists: ${reply ?? ''}`]),
    );
  }
  return { outcomes: issues.flatMap(({ id }) => outcomes.get(id) ?? []), rounds: round };
}

const answersSchema = z.array(answersReplySchema.shape.answers.element);

/** An answer to each; of what was left out the strategist is asked once more, then a person is. */
function answersTo(
  context: DebateContext,
  round: number,
  issues: readonly DebateIssue[],
  open: readonly string[],
  remarks: Remarks,
): Promise<StrategistAnswer[]> {
  const from = [issues, open, [...remarks]];
  return step(
    context,
    { name: `defence/${round}/answers`, from, schema: answersSchema },
    async () => {
      const ask = async (ids: readonly string[]): Promise<StrategistAnswer[]> => {
        const { answers } = await askSpeaker(context.asking, asStrategist(context), {
          stage: 'debate-defence',
          round,
          parts: answersPrompt(context.proposal, issues, ids, remarks, round),
          schema: answersReplySchema,
        });
        return answers;
      };
      const said = firstOfEach(open, await ask(open));
      const left = open.filter((id) => !said.has(id));
      if (left.length > 0)
        for (const [id, answer] of firstOfEach(left, await ask(left))) said.set(id, answer);
      return open.map((issue) => said.get(issue) ?? { issue, ...unanswered });
    },
  );
}

const unanswered = {
  stance: 'escalate',
  reason: 'The strategist did not answer it.',
  change: null,
} as const;

/** Of the winner on all; without one, of each critic on the issues that it raised first. */
async function repliesTo(
  context: DebateContext,
  round: number,
  issues: readonly DebateIssue[],
  winner: string | null,
  answers: readonly StrategistAnswer[],
): Promise<Map<string, CriticReply>> {
  const { critics } = context.debaters;
  const firstOf = new Map(issues.map(({ id, origins }) => [id, origins[0]?.critic]));
  const toReply = answers.filter(({ stance }) => stance !== 'escalate');
  const shares = critics.flatMap((critic) => {
    const own = toReply.filter(({ issue }) => (winner ?? firstOf.get(issue)) === critic.label);
    return own.length === 0 ? [] : { critic, own };
  });
  const replying = shares.map(({ critic }) => critic);
  const said = await eachCritic(context, replying, async (critic, asking, index) => {
    const own = shares[index]?.own ?? [];
    const { replies } = await step(
      context,
      {
        name: `defence/${round}/replies-${critic.label}`,
        from: [issues, own],
        schema: criticRepliesSchema,
      },
      () =>
        askSpeaker(asking, asCritic(critic), {
          stage: 'debate-reply',
          round,
          parts: repliesPrompt(context.proposal, issues, critic.label, own, round),
          schema: criticRepliesSchema,
        }),
    );
    // What a critic says nothing to is not settled by silence.
    const silent = { stance: 'insist', reason: 'The critic did not reply.' } as const;
    const ids = own.map(({ issue }) => issue);
    const given = firstOfEach(ids, replies);
    return ids.map((issue): CriticReply => given.get(issue) ?? { issue, ...silent });
  });
  return new Map(said.flat().map((reply) => [reply.issue, reply]));
}

/** What was said of each of the ids, the first time; of nothing else. */
function firstOfEach<T extends { readonly issue: string }>(
  ids: readonly string[],
  said: readonly T[],
): Map<string, T> {
  const known = new Map<string, T>();
  for (const each of said)
    if (ids.includes(each.issue) && !known.has(each.issue)) known.set(each.issue, each);
  return known;
}
