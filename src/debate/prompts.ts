import type {
  CriticReply,
  DebateIssue,
  FinalReply,
  IssueOutcome,
  RoundReply,
  StrategistAnswer,
} from '../domain/debate.ts';
import {
  cachedPart,
  instructionsPart,
  userPart,
  type MessagePart,
} from '../models/language-model.ts';
import { fenced, fenceRule } from '../text/fence.ts';
import { sha256 } from '../text/sha256.ts';

const criticInstructions = `You are one of several critics of a proposal for a software project. It has not been built yet; what you find now is cheap to change. You work apart from the others and do not know who they are.

Rules
- Try to break it. Look for what goes wrong, not for what could be nicer.
- An issue names what breaks, for whom and when. Quote the passages of the proposal that show it, word for word; where something is missing, quote the passage that should hold it. What no quote shows is minor at most.
- Severity: blocker (must not be built like this), major (must change before or while it is built), minor (should change), nit.
- One issue for one fault. Nothing vague, nothing that holds for every proposal.
- Agreeing where the proposal or another critic is right is as useful as a fault.
- ${fenceRule}`;

const strategistInstructions = `You speak for a proposal for a software project that critics attack before it is built. You want it to succeed, not to win.

Rules
- Answer every issue by its id: defend it with a reason that its critic can check; concede it, and say what changes; or escalate what only a person can decide, as cost, risk or taste.
- Do not defend what is wrong, and do not concede what is right to have peace.
- ${fenceRule}`;

const judgeInstructions = `Critics, A and B, attacked a proposal for a software project over several rounds. You say whose criticism serves the proposal better. You do not know who they are.

Judge, in this order: are the issues real and do they matter; does quoted evidence show them (a quote that is not in the proposal is marked); are they consistent with each other and over the rounds; do they say what the other did not see?

Rules
- Length, number, tone and confidence are no merit.
- The order of the two is drawn by lot and means nothing.
- ${fenceRule}
- Say tie when neither serves better in a way that matters.
- Give the reasons first.`;

const tasks = {
  baseline:
    'Give your own issues with the proposal. Say that nothing blocks where it may be built as it is; minor issues and nits do not block.',
  round:
    'Respond to issues of the others where you agree, dispute, or would put it otherwise, by id. Then raise issues that are new; do not repeat what is in the list. Say so where nothing is left to raise.',
  peerReview:
    'Your criticism was chosen to go on. Say which of your issues stand, which of the others’ you adopt, which you contest and why, and what should be done with the proposal.',
  answers: 'Answer each of these issues:',
  replies:
    'The proposal’s strategist answered. Accept what settles an issue, be it a reason or a promised change; insist, with the reason, where it does not. Reply to each of these issues:',
  finalPosition:
    'The debate is over. Write its final position for the people who decide: fair to both sides, each statement traceable to an issue id. Approve only what may be built as it is; condition means that the actions have to be carried out first or on the way; block what must not be built like this. Positions that lost and may yet be right belong into the dissent. The checklist answers every id once: addressed (an action or a change covers it), rejected (the defence holds), deferred, or not applicable.',
  checklist: 'Your checklist leaves out some issues. Give the entries of these alone:',
} as const;

/** Over all that is said in every debate. */
export const promptsHash = sha256(
  JSON.stringify([criticInstructions, strategistInstructions, judgeInstructions, tasks]),
);

function proposalPart(proposal: string): MessagePart {
  return cachedPart('proposal', `# The proposal\n\n${fenced(proposal)}`);
}

/** All critics, in all phases, share what stands before their task. */
function criticPrompt(proposal: string, ...parts: readonly MessagePart[]): MessagePart[] {
  return [instructionsPart(criticInstructions), proposalPart(proposal), ...parts];
}

export function baselinePrompt(proposal: string, lens: string): MessagePart[] {
  return criticPrompt(
    proposal,
    userPart('task', `Look above all at ${lens}.\n\n${tasks.baseline}`),
  );
}

/** What the others said in the round before this one. */
export interface OtherCritic {
  readonly label: string;
  readonly said: Pick<RoundReply, 'summary'> & Partial<Pick<RoundReply, 'responses'>>;
}

export function roundPrompt(
  proposal: string,
  issues: readonly DebateIssue[],
  self: { readonly label: string; readonly lens: string; readonly round: number },
  others: readonly OtherCritic[],
): MessagePart[] {
  const last = others.map(
    ({ label, said }) =>
      `## Critic ${label}\n\n${fenced([said.summary, ...(said.responses ?? []).map(lineOf)].join('\n'))}`,
  );
  return criticPrompt(
    proposal,
    issuesPart(issues),
    userPart(
      'task',
      `# What the others said last\n\n${last.join('\n\n')}\n\nThis is round ${self.round}. You are critic ${self.label}. Look above all at ${self.lens}.\n\n${tasks.round}`,
    ),
  );
}

/** @param shownAsA all that one critic said. */
export function judgeCriticsPrompt(
  proposal: string,
  shownAsA: string,
  shownAsB: string,
): MessagePart[] {
  return [
    instructionsPart(judgeInstructions),
    proposalPart(proposal),
    userPart(
      'pair',
      `# Critic A\n\n${fenced(shownAsA)}\n\n# Critic B\n\n${fenced(shownAsB)}\n\nWho serves better?`,
    ),
  ];
}

/** All that a critic said, without who it is; ids are those of the whole debate. */
export function saidByCritic(
  issues: readonly DebateIssue[],
  rounds: readonly Pick<RoundReply, 'summary' | 'responses'>[],
): string {
  const responses = rounds.flatMap(({ responses: each }) => each.map(lineOf));
  return [
    ...issues.map(bareIssueText),
    ...(responses.length === 0 ? [] : ['On issues of the other:', ...responses]),
  ].join('\n\n');
}

export function peerReviewPrompt(
  proposal: string,
  issues: readonly DebateIssue[],
  label: string,
): MessagePart[] {
  return criticPrompt(
    proposal,
    issuesPart(issues),
    userPart('task', `You are critic ${label}. ${tasks.peerReview}`),
  );
}

/** What was said of an issue before: by the critic who contests it, or who insists on it. */
export type Remarks = ReadonlyMap<string, string>;

export function answersPrompt(
  proposal: string,
  issues: readonly DebateIssue[],
  asked: readonly string[],
  remarks: Remarks,
  round: number,
): MessagePart[] {
  return [
    instructionsPart(strategistInstructions),
    proposalPart(proposal),
    issuesPart(issues),
    userPart(
      'task',
      `${remarksText('# What critics add', asked, remarks)}This is round ${round}. ${askFor(tasks.answers, asked)}`,
    ),
  ];
}

export function repliesPrompt(
  proposal: string,
  issues: readonly DebateIssue[],
  label: string,
  answers: readonly StrategistAnswer[],
  round: number,
): MessagePart[] {
  const said = answers.map(
    ({ issue, stance, reason, change }) =>
      `${issue}: ${stance}. ${reason}${change === null ? '' : `\nChange: ${change}`}`,
  );
  const asked = answers.map(({ issue }) => issue);
  return criticPrompt(
    proposal,
    issuesPart(issues),
    userPart(
      'task',
      `# The answers\n\n${fenced(said.join('\n\n'))}\n\nThis is round ${round}. You are critic ${label}. ${askFor(tasks.replies, asked)}`,
    ),
  );
}

export interface WholeDebate {
  readonly proposal: string;
  readonly issues: readonly DebateIssue[];
  readonly outcomes: readonly IssueOutcome[];
  readonly recommendedPath: string | null;
}

export function finalPrompt(debate: WholeDebate): MessagePart[] {
  return [...wholeDebate(debate), userPart('task', tasks.finalPosition)];
}

export function checklistPrompt(
  debate: WholeDebate,
  { checklist }: Pick<FinalReply, 'checklist'>,
  missing: readonly string[],
): MessagePart[] {
  const given = checklist.map(({ issue, status, note }) => `${issue}: ${status}. ${note}`);
  return [
    ...wholeDebate(debate),
    userPart(
      'task',
      `# Your checklist so far\n\n${fenced(given.join('\n'))}\n\n${askFor(tasks.checklist, missing)}`,
    ),
  ];
}

function wholeDebate({
  proposal,
  issues,
  outcomes,
  recommendedPath,
}: WholeDebate): readonly MessagePart[] {
  const said = outcomes.map(
    ({ issue, stance, reason, change, insisted, reply }) =>
      `${issue}: ${stance}. ${reason}${change === null ? '' : `\nChange: ${change}`}${reply === null ? '' : `\nThe critic ${insisted ? 'insists' : 'accepts'}: ${reply}`}`,
  );
  const path = recommendedPath === null ? [] : [`The critic recommends: ${recommendedPath}`];
  return criticPrompt(
    proposal,
    issuesPart(issues),
    cachedPart('defence', `# The defence\n\n${fenced([...said, ...path].join('\n\n'))}`),
  );
}

function issuesPart(issues: readonly DebateIssue[]): MessagePart {
  return cachedPart('issues', `# The issues\n\n${fenced(issues.map(issueText).join('\n\n'))}`);
}

function issueText(issue: DebateIssue): string {
  const critics = [...new Set(issue.origins.map(({ critic }) => critic))];
  return `${bareIssueText(issue)}\nRaised by: ${critics.join(', ')}`;
}

function bareIssueText({ id, severity, title, claim, evidence, breaks }: DebateIssue): string {
  const quotes = evidence.map(
    ({ quote, found }) => `> ${quote}${found ? '' : ' (not in the proposal)'}`,
  );
  return [`${id} (${severity}): ${title}`, claim, `Breaks: ${breaks}`, ...quotes].join('\n');
}

function remarksText(title: string, ids: readonly string[], remarks: Remarks): string {
  const lines = ids.flatMap((id) => {
    const remark = remarks.get(id);
    return remark === undefined ? [] : `${id}: ${remark}`;
  });
  return lines.length === 0 ? '' : `${title}\n\n${fenced(lines.join('\n'))}\n\n`;
}

function askFor(task: string, ids: readonly string[]): string {
  return `${task} ${ids.join(', ')}`;
}

function lineOf({ issue, stance, reason }: RoundReply['responses'][number] | CriticReply): string {
  return `${issue}: ${stance}. ${reason}`;
}
