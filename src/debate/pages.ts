import type { FinalPosition, StrategistAnswer } from '../domain/debate.ts';
import { toSingleLine, withoutControls } from '../domain/text.ts';
import { counted } from '../text/counted.ts';
import { fenced } from '../text/fence.ts';
import { countsText, isGrounded } from './issues.ts';
import type { DebateResult } from './run-debate.ts';

/** `final.md`: the final position, for the people who decide. */
export function finalPage(position: FinalPosition): string {
  const { id, verdict, verdictChanged, summary, recommendation, decisions, actions } = position;
  const { dissent, issues, checklist, missing, sections, resolved, debaters, rounds } = position;
  const kindOf = new Map(position.kinds.map(({ issue, kind }) => [issue, kind]));
  const critics = debaters.critics.map(({ label, model }) => `${label} ${model}`).join(', ');
  return page(
    `# ${verdict}: ${id}`,
    verdictChanged ?? '',
    prose(summary),
    `**Recommendation.** ${prose(recommendation)}`,
    section(
      'Decisions for you',
      decisions.map(({ question, options, recommendation: advice, issues: about }) =>
        [
          `- ${line(question)} (${about.join(', ') || 'no issue'})`,
          ...options.map((option) => `  - ${line(option)}`),
          ...(advice === null ? [] : [`  - recommended: ${line(advice)}`]),
        ].join('\n'),
      ),
    ),
    section(
      'Actions',
      actions.map(
        ({ id: action, title, detail, priority, effort, section: place, issues: about }) =>
          `- **${action}** ${line(title)} (priority ${priority}, effort ${effort}${place === null ? '' : `, in «${line(place)}»`}; ${about.join(', ') || 'no issue'})\n  ${line(detail)}`,
      ),
    ),
    section(
      'Dissent',
      dissent.map(({ issue, position: said }) => `- ${issue}: ${line(said)}`),
    ),
    ...(['technical_fact', 'trade_off', 'constraint'] as const).map((kind) =>
      section(
        kindTitles[kind],
        issues.filter((issue) => kindOf.get(issue.id) === kind).map(issueLine),
      ),
    ),
    section('Other issues', issues.filter(({ id: issue }) => !kindOf.has(issue)).map(issueLine)),
    section(
      'Resolved',
      resolved.map(({ issue, how }) => `- ${issue}: ${line(how)}`),
    ),
    section(
      'By section of the proposal',
      sections.map((each) => `- ${line(each.section)}: ${each.issues.join(', ')}`),
    ),
    section('Checklist', [
      ...checklist.map(
        ({ issue, status, note }) => `- ${issue}: ${status.replace('_', ' ')}. ${line(note)}`,
      ),
      ...(missing.length === 0 ? [] : [`- **Not answered:** ${missing.join(', ')}`]),
    ]),
    `Strategist ${debaters.strategist.model}; critics ${critics}; judge ${debaters.judge.model}. ${counted(rounds.critics, 'round')} of the critics, ${rounds.defence} of the defence.`,
  );
}

const kindTitles = {
  technical_fact: 'Technical facts',
  trade_off: 'Trade-offs',
  constraint: 'Constraints',
} as const;

function issueLine(issue: FinalPosition['issues'][number]): string {
  const { id, severity, title, claim, breaks, evidence, origins, outcome } = issue;
  const critics = [...new Set(origins.map(({ critic }) => critic))].join(', ');
  const quotes = evidence.map(
    ({ quote, found }) => `  > ${line(quote)}${found ? '' : ' — not in the proposal'}`,
  );
  return [
    `- **${id}** ${severity}, by ${critics}: ${line(title)}${isGrounded(issue) ? '' : ' (no quote shows it)'}`,
    `  ${line(claim)} Breaks: ${line(breaks)}`,
    ...quotes,
    ...(outcome === null ? [] : [`  ${answerText(outcome)}`]),
    ...(outcome?.reply
      ? [`  The critic ${outcome.insisted ? 'insists' : 'accepts'}: ${line(outcome.reply)}`]
      : []),
  ].join('\n');
}

const stances = {
  defend: 'defends the proposal',
  concede: 'concedes',
  escalate: 'leaves it to you',
} as const;

function answerText({ stance, reason, change }: Omit<StrategistAnswer, 'issue'>): string {
  const said = `The strategist ${stances[stance]}: ${line(reason)}`;
  return change === null ? said : `${said} Change: ${line(change)}`;
}

/** `transcript.md`: who said what, phase by phase. */
export function transcriptPage(
  { position, debate, debated }: DebateResult,
  proposal: string,
): string {
  const { critics } = position.debaters;
  const labelOf = (index: number): string => critics[index]?.label ?? '';
  return page(
    `# Debate ${position.id}`,
    section('The proposal', [fenced(withoutControls(proposal))]),
    section(
      'Baseline',
      debate.baseline.map(
        ({ summary, issues }, index) =>
          `**${labelOf(index)}** (${countsText(issues)}): ${line(summary)}`,
      ),
    ),
    ...debate.rounds.map((replies, index) =>
      section(
        `Critics, round ${index + 1}`,
        replies.map(({ summary, responses, issues }, at) =>
          [
            `**${labelOf(at)}** (${countsText(issues)} new): ${line(summary)}`,
            ...responses.map(
              ({ issue, stance, reason }) => `- ${issue}: ${stance}. ${line(reason)}`,
            ),
          ].join('\n'),
        ),
      ),
    ),
    ...(debated === null
      ? []
      : [
          section('Judge', [
            `${debated.winner.winner === null ? 'Neither goes on alone' : `${debated.winner.winner} goes on`}: ${line(debated.winner.reasons)}`,
          ]),
          section(
            'Peer review',
            debated.review === null
              ? []
              : [
                  `Maintained ${debated.review.maintained.join(', ') || 'none'}; adopted ${debated.review.adopted.join(', ') || 'none'}.`,
                  ...debated.review.contested.map(
                    ({ issue, reason }) => `- contests ${issue}: ${line(reason)}`,
                  ),
                  line(debated.review.recommendedPath),
                ],
          ),
        ]),
    section('The issues and their defence', position.issues.map(issueLine)),
  );
}

function section(title: string, items: readonly string[]): string {
  return items.length === 0 ? '' : `## ${title}\n\n${items.join('\n')}`;
}

function page(...parts: readonly string[]): string {
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function line(text: string): string {
  return toSingleLine(withoutControls(text), 2_000);
}

function prose(text: string): string {
  return withoutControls(text).trim();
}
