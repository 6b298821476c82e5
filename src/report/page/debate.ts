import type { ChecklistItem, DebateVerdict, FinalPosition } from '../../domain/debate.ts';
import { severities } from '../../domain/review.ts';
import { counted } from '../../text/counted.ts';
import { spendText } from './parts.ts';
import type { DebatePart, ReportDocument } from '../work/document.ts';
import { given, html, type Markup, type Shown } from './html.ts';
import { chip, list, prose, table } from './parts.ts';

const verdictColours = {
  APPROVED: 'good',
  CONDITIONAL: 'warn',
  BLOCKED: 'bad',
} as const satisfies Record<DebateVerdict, string>;

/** What was debated, and what it came to. */
export function debatesSection({ debates }: ReportDocument): Markup | false {
  return (
    debates.length > 0 &&
    html`<section aria-labelledby="debates">
      <h2 id="debates">${debates.length === 1 ? 'Debate' : 'Debates'}</h2>
      ${debates.map(debateArticle)}
    </section>`
  );
}

function debateArticle({ id, about, position, steps, spend }: DebatePart): Markup {
  return html`<article class="debate">
    <h3>
      ${about}
      ${position ? chip(position.verdict, verdictColours[position.verdict]) : chip('not finished', 'plain')}
    </h3>
    <p class="note">
      <code>${id}</code>${spend && ` · ${spendText(spend)} · ${counted(spend.calls, 'call')}`}
    </p>
    ${position && positionPart(position)}
    ${
      steps.length > 0 &&
      html`<details>
        <summary>What was said when (${counted(steps.length, 'step')})</summary>
        ${list(
          steps.map(
            ({ step, name, outcome, detail }) =>
              html`${step}${name !== null && ` ${name}`}:
                <strong>${outcome.replaceAll('_', ' ')}</strong> ${detail}`,
          ),
        )}
      </details>`
    }
  </article>`;
}

function positionPart(position: FinalPosition): Markup {
  const { debaters, rounds, decisions, actions, dissent, missing } = position;
  return html`${prose(position.summary)}
    <p class="prose"><strong>Recommendation.</strong> ${position.recommendation}</p>
    ${position.verdictChanged !== null && html`<p class="prose">${position.verdictChanged}</p>`}
    <p class="note">
      Strategist ${debaters.strategist.model};
      ${debaters.critics.map(({ label, model }) => `critic ${label} ${model}`).join(', ')}; judge
      ${debaters.judge.model}.
      ${position.endedAtBaseline ? 'The critics agreed at once that nothing blocks.' : `${counted(rounds.critics, 'round')} of the critics, ${rounds.defence} of the defence.`}
    </p>
    ${titled(
      'For you to decide',
      decisions.map(
        ({ question, options, recommendation, issues }) =>
          html`<span class="prose">${question}</span
            >${refs(issues)}${list(options)}${recommendation !== null && html`<div>Recommended: ${recommendation}</div>`}`,
      ),
    )}
    ${
      actions.length > 0 &&
      html`<h4>Actions</h4>
        ${table(
          'Actions',
          ['Action', 'Priority', 'Effort', 'Section', 'Issues'],
          actions.map(({ id, title, detail, priority, effort, section, issues }) => [
            html`<span class="id">${id}</span> <span class="prose">${title}</span>
              <div class="note prose">${detail}</div>`,
            priority,
            effort,
            section,
            issues.join(', '),
          ]),
        )}`
    }
    ${issuesPart(position)}
    ${titled(
      'Dissent',
      dissent.map(({ issue, position: said }) => html`<span class="id">${issue}</span> ${said}`),
    )}
    ${
      position.checklist.length > 0 &&
      html`<details>
        <summary>Checklist (${position.checklist.length})</summary>
        ${table('Checklist', ['Issue', 'Status', 'Note'], position.checklist.map(checklistRow))}
      </details>`
    }
    ${missing.length > 0 && html`<p><strong>Not answered:</strong> ${missing.join(', ')}</p>`}`;
}

function checklistRow({ issue, status, note }: ChecklistItem): Shown[] {
  return [issue, status.replaceAll('_', ' '), html`<span class="prose">${note}</span>`];
}

function issuesPart({ issues }: FinalPosition): Shown {
  const graded = severities.flatMap((severity) =>
    issues.filter((one) => one.severity === severity),
  );
  return titled('Issues', graded.map(issueItem));
}

const stances = {
  defend: 'The strategist defends the proposal:',
  concede: 'The strategist concedes:',
  escalate: 'The strategist leaves it to you:',
} as const;

function issueItem({
  id,
  severity,
  title,
  claim,
  breaks,
  evidence,
  origins,
  outcome,
}: FinalPosition['issues'][number]): Markup {
  const critics = [...new Set(origins.map(({ critic }) => critic))].join(', ');
  return html`${chip(severity, severity === 'blocker' || severity === 'major' ? 'bad' : 'plain')}
    <span class="id">${id}</span> <strong class="prose">${title}</strong>
    <span class="note">by ${critics}</span>
    <p class="prose">${claim} Breaks: ${breaks}</p>
    ${evidence.map(({ quote, found }) => html`<blockquote class="prose">${quote}${!found && html` <span class="note">(not in the proposal)</span>`}</blockquote>`)}
    ${outcome && html`<p class="prose">${stances[outcome.stance]} ${outcome.reason}${outcome.change !== null && ` Change: ${outcome.change}`}</p>`}
    ${given(outcome?.reply, (reply) => html`<p class="prose">The critic ${outcome?.insisted === true ? 'insists' : 'accepts'}: ${reply}</p>`)}`;
}

function refs(issues: readonly string[]): Shown {
  return issues.length > 0 && html` <span class="note">(${issues.join(', ')})</span>`;
}

function titled(title: string, items: readonly Shown[]): Shown {
  return (
    items.length > 0 &&
    html`<h4>${title}</h4>
      ${list(items)}`
  );
}
