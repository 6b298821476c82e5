import type { GateResult } from '../../domain/gate-result.ts';
import { isBlocking, standingText, type Finding } from '../../domain/review.ts';
import { counted } from '../../text/counted.ts';
import { durationText } from '../../text/duration.ts';
import { usdText } from '../cost.ts';
import { stateWords } from '../progress.ts';
import type { AttemptReading, ContextReading, RoundReading } from '../work/attempts.ts';
import type { FeaturePart, TaskPart } from '../work/document.ts';
import { diffDetails } from './diff.ts';
import { given, html, type Markup, type Shown } from './html.ts';
import { chip, list, prose, spendText, stateChip, taskAnchor, taskLink } from './parts.ts';

const wantsPerson: ReadonlySet<TaskPart['state']> = new Set(['needs_review', 'failed']);

/** Each task with its evidence; those that wait for a person stand open. */
export function tasksSection({ tasks }: FeaturePart): Markup {
  return html`<section aria-labelledby="tasks">
    <h2 id="tasks">Tasks</h2>
    ${tasks.length === 0 ? html`<p class="note">There are none.</p>` : tasks.map(taskDetails)}
  </section>`;
}

function taskDetails(task: TaskPart): Markup {
  const { id, title, state, saidByFile, result, spend, work, leftOut } = task;
  const open = wantsPerson.has(state);
  const body = html`<div class="body">
    ${prose(task.description)} ${facts(task)}
    ${result && html`<p class="prose"><strong>${result.outcome.replaceAll('_', ' ')}</strong> by ${result.by}: ${result.reason}</p>`}
    ${given(result?.feedback, (words) => html`<p class="prose"><strong>Your words:</strong> ${words}</p>`)}
    ${task.attempts.map((attempt) => attemptPart(attempt, result?.reason ?? null))}
    ${given(
      work?.answer,
      (answer) =>
        html`<h4>Answer</h4>
          <pre class="scroll" tabindex="0">${answer}</pre>`,
    )}
    ${work && diffDetails(work)}
    ${leftOut.length > 0 && html`<p class="note">Left out here: ${leftOut.join(', ')}.</p>`}
  </div>`;
  const head = html`<summary>
    <h3 id="${taskAnchor(id)}"><span class="id">${id}</span> ${title}</h3>
    ${stateChip(state, saidByFile)}<span class="aside"
      >${task.type}${given(result?.author, (author) => ` · ${author}`)}${spend && ` · ${usdText(spend)}`}</span
    >
  </summary>`;
  return open
    ? html`<details class="task" open>${head}${body}</details>`
    : html`<details class="task">${head}${body}</details>`;
}

function facts({ result, ...task }: TaskPart): Markup {
  const rows: [string, Shown][] = [
    ['Requirements', task.requirements.join(', ')],
    ['After', task.dependsOn.length > 0 && task.dependsOn.map((id) => html`${taskLink(id)} `)],
    ['Written by', result && (result.authors ?? [result.author ?? '']).join(', ')],
    ['Reviewed by', result?.reviewer],
    [
      'Worked at',
      task.workedMs > 0 &&
        `${durationText(task.workedMs)}${task.isCritical ? ', on the critical path' : ''}`,
    ],
    ['Cost', task.spend && `${spendText(task.spend)} · ${counted(task.spend.calls, 'call')}`],
    ['Acceptance', list(task.acceptance)],
    [
      'Planned files',
      task.files.length > 0 && task.files.map((path) => html`<code>${path}</code> `),
    ],
  ];
  const shown = rows.filter(
    ([, value]) => value !== false && value !== '' && (value ?? null) !== null,
  );
  return html`<dl>
    ${shown.map(
      ([name, value]) =>
        html`<dt>${name}</dt>
          <dd>${value}</dd>`,
    )}
  </dl>`;
}

/** @param known the task's reason, which is not said again */
function attemptPart(
  { number, status, reason, context, rounds, steps }: AttemptReading,
  known: string | null,
): Markup {
  return html`<div class="attempt">
    <h4>Attempt ${number}: ${status === null ? 'not ended' : stateWords(status)}</h4>
    ${reason !== known && given(reason, () => html`<p class="prose">${reason}</p>`)}
    ${context && contextDetails(context)}
    ${
      steps.length > 0 &&
      html`<details>
        <summary>${counted(steps.length, 'step')} of several models</summary>
        ${list(
          steps.map(
            ({ of, step, name, outcome, detail }) =>
              html`${of} ${step}${name !== null && ` ${name}`}:
                <strong>${outcome.replaceAll('_', ' ')}</strong> ${detail}`,
          ),
        )}
      </details>`
    }
    ${rounds.map(roundPart)}
  </div>`;
}

function contextDetails({ tokens, parts, files = [], leftOut }: ContextReading): Markup {
  return html`<details>
    <summary>
      Context: about ${tokens}
      tokens${files.length > 0 && `, ${counted(files.length, 'file')}`}${leftOut.length > 0 && `, ${leftOut.length} left out`}
    </summary>
    <p>${parts.join(', ')}</p>
    ${list(files.map(({ path, form, reason }) => html`<code>${path}</code> (${form}): ${reason}`))}
    ${
      leftOut.length > 0 &&
      html`<p>Left out:</p>
        ${list(leftOut)}`
    }
  </details>`;
}

function roundPart({ round, gates, review, correctedBy }: RoundReading): Markup {
  return html`<div class="round">
    <h5>Round ${round}</h5>
    ${
      gates.length > 0 &&
      html`<ul class="gates">
        ${gates.map(gateItem)}
      </ul>`
    }
    ${
      review &&
      html`<p>
          Review by ${review.reviewer}${review.sameFamily && ' (same family as the author)'}:
          ${chip(review.said.verdict, review.said.verdict === 'accept' ? 'good' : 'warn')}
          <span class="prose">${review.said.summary}</span
          >${given(review.said.note, (note) => html` <span class="note">${note}</span>`)}
        </p>
        ${findingList(review.said.findings)}`
    }
    ${correctedBy !== null && html`<p>Corrected by ${correctedBy}.</p>`}
  </div>`;
}

const gateColours = { passed: 'good', failed: 'bad', errored: 'warn', skipped: 'plain' } as const;

function gateItem({ gate, status, summary, findings, isolated }: GateResult): Markup {
  return html`<li>
    <span class="id">${gate}</span> ${chip(status, gateColours[status])}
    <span class="prose">${summary}</span
    >${isolated === false && html` <strong>not isolated</strong>`}${findingList(findings)}
  </li>`;
}

function findingList(findings: readonly Finding[]): Shown {
  return list(
    findings.map(
      (finding) =>
        html`${chip(finding.severity, isBlocking(finding) ? 'bad' : 'plain')}
          ${given(finding.id, (id) => html`<span class="id">${id}</span> `)}${finding.category}${finding.location !== null && html` <code>${finding.location}</code>`}
          <span class="prose">${finding.evidence}</span
          >${given(standingText(finding), (standing) => html`<div class="note prose">${standing}</div>`)}${finding.fixHint !== '' && html`<div class="note prose">Fix: ${finding.fixHint}</div>`}`,
    ),
  );
}
