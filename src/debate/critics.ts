import {
  baselineReplySchema,
  roundReplySchema,
  type BaselineReply,
  type DebateIssue,
  type RoundReply,
} from '../domain/debate.ts';
import { counted } from '../text/counted.ts';
import {
  asCritic,
  askSpeaker,
  callsLeft,
  eachCritic,
  step,
  tell,
  type DebateContext,
} from './context.ts';
import { collectIssues, countsText, isOf, isSerious, type Contribution } from './issues.ts';
import { lensOf } from './lenses.ts';
import { baselinePrompt, roundPrompt } from './prompts.ts';

/** What the critics said among themselves; replies in the order of the critics. */
export interface CriticsDebate {
  readonly baseline: readonly BaselineReply[];
  readonly rounds: readonly (readonly RoundReply[])[];
  readonly issues: readonly DebateIssue[];
  /** Each said at once that nothing blocks, and raised nothing that does. */
  readonly nothingBlocks: boolean;
}

/** The critics apart, then over and against each other until nobody has anything new, or the rounds are used up. */
export async function debateOfCritics(context: DebateContext): Promise<CriticsDebate> {
  const baseline = await baselineOf(context);
  const rounds: RoundReply[][] = [];
  const issuesNow = (): DebateIssue[] => issuesOf(context, baseline, rounds);
  const first = issuesNow();
  const tellIssues = (all: readonly DebateIssue[], round: number): void => {
    const data = {
      issues: all,
      left: callsLeft(context, round === 0 ? 'baseline' : 'round', round),
    };
    tell(context, 'issues', { outcome: 'raised', detail: countsText(all), data });
  };
  tellIssues(first, 0);
  const nothingBlocks = baseline.every((reply) => reply.nothingBlocks) && !first.some(isSerious);
  if (nothingBlocks && !context.settings.full)
    return { baseline, rounds, issues: first, nothingBlocks };
  for (let round = 1; round <= context.settings.rounds; round++) {
    const said = await roundOf(context, round, issuesNow(), rounds.at(-1) ?? baseline);
    rounds.push(said);
    tellIssues(issuesNow(), round);
    if (said.every(({ noNewIssues }) => noNewIssues)) {
      tell(context, 'round', {
        outcome: 'converged',
        detail: `nothing new after round ${round}`,
        data: { left: callsLeft(context, 'round', Infinity) },
      });
      break;
    }
  }
  return { baseline, rounds, issues: issuesNow(), nothingBlocks };
}

/** Each critic apart from the others, with its own lens. */
function baselineOf(context: DebateContext): Promise<BaselineReply[]> {
  return eachCritic(context, context.debaters.critics, async (critic, asking, index) => {
    const { label, model } = critic;
    const lens = lensOf(index);
    const reply = await step(
      context,
      { name: `baseline/${label}`, from: lens, schema: baselineReplySchema },
      () =>
        askSpeaker(asking, asCritic(critic), {
          stage: 'debate-baseline',
          round: 0,
          parts: baselinePrompt(context.proposal, lens),
          schema: baselineReplySchema,
        }),
    );
    const own = collectIssues(context.original, [{ critic: label, round: 0, ...reply }]);
    tell(context, 'baseline', {
      name: label,
      outcome: reply.nothingBlocks ? 'nothing_blocks' : 'objects',
      detail: `${model}: ${countsText(own)}`,
      data: { critic: label, model, issues: own },
    });
    return reply;
  });
}

function roundOf(
  context: DebateContext,
  round: number,
  issues: readonly DebateIssue[],
  last: readonly (BaselineReply | RoundReply)[],
): Promise<RoundReply[]> {
  const { critics } = context.debaters;
  const ids = new Set(issues.map(({ id }) => id));
  return eachCritic(context, critics, async (critic, asking, index) => {
    const { label, model } = critic;
    const self = { label, lens: lensOf(index), round };
    const others = critics.flatMap((other, at) => {
      const said = last[at];
      return at === index || said === undefined ? [] : { label: other.label, said };
    });
    const reply = await step(
      context,
      { name: `rounds/${round}/${label}`, from: [issues, others], schema: roundReplySchema },
      async () => {
        const said = await askSpeaker(asking, asCritic(critic), {
          stage: 'debate-round',
          round,
          parts: roundPrompt(context.proposal, issues, self, others),
          schema: roundReplySchema,
        });
        return { ...said, responses: said.responses.filter(({ issue }) => ids.has(issue)) };
      },
    );
    const { responses, noNewIssues } = reply;
    tell(context, 'round', {
      name: `${round} ${label}`,
      outcome: noNewIssues ? 'no_new_issues' : 'new_issues',
      detail: `${model}: ${countsText(reply.issues)}, ${counted(responses.length, 'response')}`,
      data: { critic: label, round, responses, issues: reply.issues },
    });
    return reply;
  });
}

function issuesOf(
  { original, debaters }: DebateContext,
  baseline: readonly BaselineReply[],
  rounds: readonly (readonly RoundReply[])[],
): DebateIssue[] {
  const contributions = [baseline, ...rounds].flatMap((replies, round) =>
    replies.map(({ issues }, index): Contribution => {
      return { critic: debaters.critics[index]?.label ?? '', round, issues };
    }),
  );
  return collectIssues(original, contributions);
}

/** Of one critic: its issues, and what it said in each round. */
export function saidBy(
  { issues, rounds }: CriticsDebate,
  { debaters: { critics } }: Pick<DebateContext, 'debaters'>,
  label: string,
): { issues: DebateIssue[]; rounds: RoundReply[] } {
  const index = critics.findIndex((critic) => critic.label === label);
  return {
    issues: issues.filter(isOf(label)),
    rounds: rounds.flatMap((replies) => replies[index] ?? []),
  };
}
