import * as z from 'zod';
import { severities } from './review.ts';

/*
 * Replies are in the portable style that every provider's schema mode takes: all fields required, nothing
 * recurs, no rules on numbers or lengths.
 */

/** A fault of a proposal, as a critic writes it. */
export const issueReplySchema = z.strictObject({
  id: z.string().describe('your own short id, as S1'),
  severity: z.enum(severities),
  title: z.string().describe('one line'),
  claim: z.string().describe('what is wrong, in two or three sentences'),
  evidence: z.array(z.string()).describe('passages of the proposal, word for word'),
  breaks: z.string().describe('what breaks, for whom, and when'),
});
export type IssueReply = z.infer<typeof issueReplySchema>;

export const baselineReplySchema = z.strictObject({
  summary: z.string(),
  nothingBlocks: z.boolean().describe('true: the proposal may be built as it is'),
  issues: z.array(issueReplySchema),
});
export type BaselineReply = z.infer<typeof baselineReplySchema>;

export const roundReplySchema = z.strictObject({
  summary: z.string(),
  responses: z.array(
    z.strictObject({
      issue: z.string().describe('an id of the list, as I3'),
      stance: z.enum(['agree', 'dispute', 'refine']),
      reason: z.string(),
    }),
  ),
  issues: z.array(issueReplySchema).describe('new ones alone'),
  noNewIssues: z.boolean().describe('true: nothing is left to raise'),
});
export type RoundReply = z.infer<typeof roundReplySchema>;

export const peerReviewReplySchema = z.strictObject({
  maintained: z.array(z.string()).describe('ids of your own issues that stand'),
  adopted: z.array(z.string()).describe('ids of others’ issues that you take over'),
  contested: z.array(z.strictObject({ issue: z.string(), reason: z.string() })),
  recommendedPath: z.string().describe('what should be done with the proposal, in a few sentences'),
});

export const answersReplySchema = z.strictObject({
  answers: z.array(
    z.strictObject({
      issue: z.string(),
      stance: z.enum(['defend', 'concede', 'escalate']),
      reason: z.string(),
      change: z.string().nullable().describe('with concede: what changes in the proposal'),
    }),
  ),
});
export type StrategistAnswer = z.infer<typeof answersReplySchema>['answers'][number];

export const criticRepliesSchema = z.strictObject({
  replies: z.array(
    z.strictObject({
      issue: z.string(),
      stance: z.enum(['accept', 'insist']),
      reason: z.string(),
    }),
  ),
});
export type CriticReply = z.infer<typeof criticRepliesSchema>['replies'][number];

export const verdicts = ['APPROVED', 'CONDITIONAL', 'BLOCKED'] as const;
export type DebateVerdict = (typeof verdicts)[number];
const levels = ['high', 'medium', 'low'] as const;

const checklistItem = z.strictObject({
  issue: z.string(),
  status: z.enum(['addressed', 'rejected', 'deferred', 'not_applicable']),
  note: z.string(),
});
export const checklistReplySchema = z.strictObject({ checklist: z.array(checklistItem) });
export type ChecklistItem = z.infer<typeof checklistItem>;

export const finalReplySchema = z.strictObject({
  summary: z.string().describe('what was debated and how it came out, in one paragraph'),
  verdict: z.enum(verdicts),
  kinds: z.array(
    z.strictObject({
      issue: z.string(),
      kind: z.enum(['technical_fact', 'trade_off', 'constraint']),
    }),
  ),
  resolved: z.array(z.strictObject({ issue: z.string(), how: z.string() })),
  decisions: z
    .array(
      z.strictObject({
        question: z.string(),
        options: z.array(z.string()),
        recommendation: z.string().nullable(),
        issues: z.array(z.string()),
      }),
    )
    .describe('what only a person can decide'),
  actions: z.array(
    z.strictObject({
      title: z.string(),
      detail: z.string(),
      priority: z.enum(levels),
      effort: z.enum(['small', 'medium', 'large']),
      section: z.string().nullable().describe('heading of the proposal that it changes'),
      issues: z.array(z.string()),
    }),
  ),
  dissent: z
    .array(z.strictObject({ issue: z.string(), position: z.string() }))
    .describe('positions that lost and should not be forgotten'),
  sections: z.array(z.strictObject({ section: z.string(), issues: z.array(z.string()) })),
  recommendation: z.string(),
  checklist: z.array(checklistItem).describe('every issue id, once'),
});
export type FinalReply = z.infer<typeof finalReplySchema>;

/** An issue as the debate keeps it: one id for all who raise it. */
export const debateIssueSchema = z.strictObject({
  /** `I1…`, in the order in which they were raised. */
  id: z.string(),
  /** Minor at most where no quote stands in the proposal. */
  severity: z.enum(severities),
  /** As its critic rated it. */
  saidSeverity: z.enum(severities),
  title: z.string(),
  claim: z.string(),
  evidence: z.array(z.strictObject({ quote: z.string(), found: z.boolean() })),
  breaks: z.string(),
  /** Who raised it, by label, and under which id of their own. */
  origins: z.array(z.strictObject({ critic: z.string(), id: z.string() })),
  /** Of the critics' debate; 0 for the baseline. */
  round: z.int(),
});
export type DebateIssue = z.infer<typeof debateIssueSchema>;

const pairVerdictSchema = z.strictObject({
  first: z.string(),
  second: z.string(),
  outcome: z.enum(['first', 'second', 'tie']),
  flipped: z.boolean(),
  reasons: z.string(),
});

export const winnerSchema = z.strictObject({
  /** Label of the critic who speaks for the issues; null: each speaks for its own. */
  winner: z.string().nullable(),
  decidedBy: z.enum(['judge', 'evidence', 'nobody']),
  reasons: z.string(),
  pairs: z.array(pairVerdictSchema),
});
export type Winner = z.infer<typeof winnerSchema>;

/** How an issue came out of the defence. */
export const issueOutcomeSchema = z.strictObject({
  issue: z.string(),
  stance: z.enum(['defend', 'concede', 'escalate']),
  reason: z.string(),
  change: z.string().nullable(),
  /** A critic holds on to it. */
  insisted: z.boolean(),
  /** The critic's last word; null where there was none. */
  reply: z.string().nullable(),
});
export type IssueOutcome = z.infer<typeof issueOutcomeSchema>;

/** Who takes part: `provider/model`, and its family. */
const debaterSchema = z.strictObject({ model: z.string(), family: z.string() });
export const debatersSchema = z.strictObject({
  strategist: debaterSchema,
  critics: z.array(debaterSchema.extend({ label: z.string() })),
  judge: debaterSchema,
});
export type Debaters = z.infer<typeof debatersSchema>;
export type Debater = z.infer<typeof debaterSchema>;
export type DebateCritic = Debaters['critics'][number];

/** `final.json`: what a debate came to. Published as a JSON Schema. */
export const finalPositionSchema = z.strictObject({
  version: z.literal(1),
  id: z.string(),
  verdict: z.enum(verdicts),
  /** Why it is not what its author said; null where it is. */
  verdictChanged: z.string().nullable(),
  /** The critics agreed at once that nothing blocks, and no more was asked. */
  endedAtBaseline: z.boolean(),
  debaters: debatersSchema,
  rounds: z.strictObject({ critics: z.int(), defence: z.int() }),
  winner: winnerSchema.nullable(),
  issues: z.array(debateIssueSchema.extend({ outcome: issueOutcomeSchema.nullable() })),
  ...finalReplySchema.omit({ verdict: true }).shape,
  actions: z.array(finalReplySchema.shape.actions.element.extend({ id: z.string() })),
  /** Issues that the checklist does not answer, after it was asked twice. */
  missing: z.array(z.string()),
});
export type FinalPosition = z.infer<typeof finalPositionSchema>;
