import { counted } from '../../text/counted.ts';
import type { FeaturePart } from '../work/document.ts';
import { html, type Markup, type Shown } from './html.ts';
import { list, table, taskLink, timeText } from './parts.ts';

const verbs = {
  approve: 'approved',
  reject: 'sent back',
  edit: 'edited files of',
  'set-status': 'set the status of',
  'add-task': 'added',
  'edit-task': 'changed',
  'remove-task': 'removed',
  'apply-debate': 'carried a debate out in the spec',
} as const satisfies Record<FeaturePart['decisions'][number]['what'], string>;

/** What people decided, and what became of the work in the project. */
export function decisionsSection({ decisions, applied, leftOut, tasks }: FeaturePart): Shown {
  const known = new Set(tasks.map(({ id }) => id));
  const rows = [
    ...decisions.map(({ at, task, what, feedback, detail, files }) => ({
      at,
      cells: [
        html`${verbs[what]} ${task !== null && (known.has(task) ? taskLink(task) : task)}`,
        html`<span class="prose"
            >${[feedback, detail].filter((text) => text !== null && text !== '').join(' · ')}</span
          >${filesPart(files)}`,
      ],
    })),
    ...applied.map(({ at, what, files }) => ({
      at,
      cells: [
        html`${what === 'apply' ? 'applied the work' : 'took the apply back'}`,
        html`${counted(files.length, 'file')}${filesPart(files)}`,
      ],
    })),
  ].sort((a, b) => (a.at < b.at ? -1 : 1));
  return (
    rows.length > 0 &&
    html`<section aria-labelledby="decisions">
      <h2 id="decisions">Decisions by people</h2>
      ${table(
        'Decisions',
        ['When (UTC)', 'What', 'Why'],
        rows.map(({ at, cells }) => [timeText(at), ...cells]),
      )}
      ${leftOut.decisions > 0 && html`<p class="note">${counted(leftOut.decisions, 'older decision')} left out here.</p>`}
    </section>`
  );
}

function filesPart(files: readonly string[]): Shown {
  return (
    files.length > 0 &&
    html`<details>
      <summary>Files</summary>
      ${list(files.map((path) => html`<code>${path}</code>`))}
    </details>`
  );
}

/** What was odd about the plan and the runs. */
export function warningsSection({ warnings, remarks, outlooks, leftOut }: FeaturePart): Shown {
  if (warnings.length + remarks.length + outlooks.length === 0) return null;
  return html`<section aria-labelledby="warnings">
    <h2 id="warnings">Remarks and warnings</h2>
    ${list([
      ...remarks.map((text): Markup => html`<span class="prose">Plan: ${text}</span>`),
      ...outlooks.map(
        ({ gate, found }) => html`<span class="prose">${gate} before any work: ${found}</span>`,
      ),
      ...warnings.map(
        ({ code, message, task, times }) =>
          html`<code>${code}</code> ${task !== null && taskLink(task)}
            <span class="prose">${message}</span
            >${times > 1 && html` <span class="note">${times} times</span>`}`,
      ),
    ])}
    ${leftOut.warnings > 0 && html`<p class="note">${counted(leftOut.warnings, 'older warning')} left out here.</p>`}
  </section>`;
}
