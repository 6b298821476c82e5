import {
  checklistReplySchema,
  finalReplySchema,
  type ChecklistItem,
  type DebateIssue,
  type DebateVerdict,
  type FinalPosition,
  type FinalReply,
  type Winner,
} from '../domain/debate.ts';
import { counted } from '../text/counted.ts';
import { asCritic, askSpeaker, step, tell, type DebateContext } from './context.ts';
import type { CriticsDebate } from './critics.ts';
import type { Defence } from './defence.ts';
import { isSerious } from './issues.ts';
import type { PeerReview } from './peer-review.ts';
import { checklistPrompt, finalPrompt, type WholeDebate } from './prompts.ts';

/** All phases before the last. */
export interface Debated {
  readonly debate: CriticsDebate;
  readonly winner: Winner;
  readonly review: PeerReview | null;
  readonly defence: Defence;
}

/**
 * What the debate came to, written by the critic who won, or by the judge where nobody did. The tool holds it
 * to the debate: unknown ids go, each issue stands once in the checklist, and nothing is approved over a
 * serious issue that is open.
 */
export async function finalPosition(
  context: DebateContext,
  debated: Debated,
): Promise<FinalPosition> {
  const { debate, winner, review, defence } = debated;
  const { issues } = debate;
  const { critics, judge } = context.debaters;
  const critic = critics.find(({ label }) => label === winner.winner);
  const writer = critic === undefined ? { role: 'judge' as const, ...judge } : asCritic(critic);
  const whole: WholeDebate = {
    proposal: context.proposal,
    issues,
    outcomes: defence.outcomes,
    recommendedPath: review?.recommendedPath ?? null,
  };
  const from = [issues, defence.outcomes, review, winner];
  const reply = await step(context, { name: 'final', from, schema: finalReplySchema }, async () =>
    ofKnownIssues(
      issues,
      await askSpeaker(context.asking, writer, {
        stage: 'debate-final',
        round: 0,
        parts: finalPrompt(whole),
        schema: finalReplySchema,
      }),
    ),
  );
  const left = unanswered(issues, reply.checklist);
  const repaired =
    left.length === 0
      ? { checklist: [] }
      : await step(
          context,
          { name: 'final-checklist', from: [from, reply], schema: checklistReplySchema },
          () =>
            askSpeaker(context.asking, writer, {
              stage: 'debate-checklist',
              round: 0,
              parts: checklistPrompt(whole, reply, left),
              schema: checklistReplySchema,
            }),
        );
  const checklist = onceEach(issues, [...reply.checklist, ...repaired.checklist]);
  const { verdict, verdictChanged } = heldVerdict(reply, issues, defence);
  const position: FinalPosition = {
    ...opening(context),
    rounds: { critics: debate.rounds.length, defence: defence.rounds },
    ...reply,
    verdict,
    verdictChanged,
    winner,
    issues: issues.map((issue) => ({
      ...issue,
      outcome: defence.outcomes.find((each) => each.issue === issue.id) ?? null,
    })),
    actions: numbered(reply.actions),
    checklist,
    missing: unanswered(issues, checklist),
  };
  return told(context, position);
}

/** Of a debate whose critics agreed at once: nothing blocks, and what they noted is put off. */
export function baselinePosition(
  context: DebateContext,
  { issues, baseline }: CriticsDebate,
): FinalPosition {
  return told(context, {
    ...opening(context),
    rounds: { critics: 0, defence: 0 },
    endedAtBaseline: true,
    verdict: 'APPROVED',
    verdictChanged: null,
    winner: null,
    issues: issues.map((issue) => ({ ...issue, outcome: null })),
    summary: baseline.map(({ summary }) => summary).join('\n\n'),
    kinds: [],
    resolved: [],
    decisions: [],
    actions: [],
    dissent: [],
    sections: [],
    recommendation:
      'Build it. The critics agreed, each for itself, that nothing blocks; what they noted beside that is listed.',
    checklist: issues.map(({ id }) => ({
      issue: id,
      status: 'deferred',
      note: 'It does not block, and was not debated.',
    })),
    missing: [],
  });
}

function opening({ id, debaters }: DebateContext) {
  return { version: 1, id, debaters, endedAtBaseline: false } as const;
}

function told(context: DebateContext, position: FinalPosition): FinalPosition {
  const { verdict, actions, decisions, dissent, missing } = position;
  tell(context, 'final', {
    outcome: missing.length > 0 ? 'incomplete' : verdict,
    detail:
      missing.length > 0
        ? `${verdict}; the checklist does not answer ${missing.join(', ')}`
        : `${counted(actions.length, 'action')}, ${counted(decisions.length, 'decision')} for a person, ${counted(dissent.length, 'dissenting position')}`,
    data: { verdict, actions, decisions, dissent, missing },
  });
  return position;
}

/** The reply without ids that nobody raised. */
function ofKnownIssues(issues: readonly DebateIssue[], reply: FinalReply): FinalReply {
  const ids = new Set(issues.map(({ id }) => id));
  const about = <T extends { readonly issue: string }>(all: readonly T[]): T[] =>
    all.filter(({ issue }) => ids.has(issue));
  const within = <T extends { readonly issues: readonly string[] }>(all: readonly T[]) =>
    all.map((each) => ({ ...each, issues: each.issues.filter((id) => ids.has(id)) }));
  return {
    ...reply,
    kinds: about(reply.kinds),
    resolved: about(reply.resolved),
    dissent: about(reply.dissent),
    decisions: within(reply.decisions),
    actions: within(reply.actions),
    sections: within(reply.sections).filter((each) => each.issues.length > 0),
    checklist: onceEach(issues, reply.checklist),
  };
}

function onceEach(
  issues: readonly DebateIssue[],
  checklist: readonly ChecklistItem[],
): ChecklistItem[] {
  return issues.flatMap(({ id }) => checklist.find(({ issue }) => issue === id) ?? []);
}

function unanswered(issues: readonly DebateIssue[], checklist: readonly ChecklistItem[]): string[] {
  const answered = new Set(checklist.map(({ issue }) => issue));
  return issues.flatMap(({ id }) => (answered.has(id) ? [] : id));
}

function numbered(actions: FinalReply['actions']): FinalPosition['actions'] {
  return actions.map((action, index) => ({ ...action, id: `A${index + 1}` }));
}

/** Nothing is approved over a serious issue that nobody settled, or that is conceded and left undone. */
function heldVerdict(
  { verdict, actions }: FinalReply,
  issues: readonly DebateIssue[],
  { outcomes }: Defence,
): { verdict: DebateVerdict; verdictChanged: string | null } {
  const acted = new Set(actions.flatMap((action) => action.issues));
  const serious = new Set(issues.filter(isSerious).map(({ id }) => id));
  const open = outcomes.filter(
    ({ issue, stance, insisted }) =>
      serious.has(issue) &&
      (insisted || stance === 'escalate' || (stance === 'concede' && !acted.has(issue))),
  );
  if (verdict !== 'APPROVED' || open.length === 0) return { verdict, verdictChanged: null };
  const ids = open.map(({ issue }) => issue).join(', ');
  return {
    verdict: 'CONDITIONAL',
    verdictChanged: `Its author wrote APPROVED, but serious issues are open: ${ids}.`,
  };
}
