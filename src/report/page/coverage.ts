import type { Coverage, FeaturePart, RequirementPart, TaskPart } from '../work/document.ts';
import { counted } from '../../text/counted.ts';
import type { CriterionRow } from '../criteria.ts';
import { given, html, type Markup } from './html.ts';
import { chip, list, stateChip, table, taskLink } from './parts.ts';

const words = {
  met: ['met', 'good'],
  open: ['open', 'plain'],
  waits: ['waits for you', 'warn'],
  failed: ['failed', 'bad'],
  skipped: ['left out', 'warn'],
  uncovered: ['no task', 'bad'],
} as const satisfies Record<Coverage, readonly [string, Parameters<typeof chip>[1]]>;

const marks = {
  test: ['held by tests', 'good'],
  reviewer: ['judged by a reviewer', 'good'],
  person: ['judged by a person', 'good'],
  elsewhere: ['held by another task', 'plain'],
  open: ['seen by nobody', 'warn'],
  waiting: ['not yet', 'plain'],
  untested: ['no test', 'warn'],
} as const satisfies Record<CriterionRow['by'], readonly [string, Parameters<typeof chip>[1]]>;

const mostFiles = 8;

/** Which task and which file serve a requirement, and how far that is. */
export function coverageSection({ requirements, tasks }: FeaturePart): Markup {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const uncovered = requirements.filter(({ coverage }) => coverage === 'uncovered');
  const met = requirements.filter(({ coverage }) => coverage === 'met').length;
  return html`<section aria-labelledby="coverage">
    <h2 id="coverage">Requirements</h2>
    <p>
      ${met} of ${counted(requirements.length, 'requirement')}
      met${uncovered.length > 0 && html`; <strong>covered by no task: ${uncovered.map(({ id }) => id).join(', ')}</strong>`}.
    </p>
    ${
      requirements.length > 0 &&
      table(
        'Requirements',
        ['Requirement', 'Verdict', 'Tasks', 'Files'],
        requirements.map((requirement) => rowOf(requirement, byId)),
      )
    }
  </section>`;
}

function rowOf(
  { id, text, acceptance, criteria, coverage, tasks, files }: RequirementPart,
  byId: ReadonlyMap<string, TaskPart>,
): Markup[] {
  const [word, kind] = words[coverage];
  const more = files.length - mostFiles;
  return [
    html`<span class="id">${id}</span> <span class="prose">${text}</span>${
        criteria.length > 0
          ? html`<details open>
              <summary>Criteria (${criteria.length})</summary>
              ${list(criteria.map(criterionLine))}
            </details>`
          : acceptance.length > 0 &&
            html`<details>
              <summary>Acceptance (${acceptance.length})</summary>
              ${list(acceptance)}
            </details>`
      }`,
    chip(word, kind),
    html`${tasks.map((task) => {
      const found = byId.get(task);
      return html`<div class="line">
        ${taskLink(task)} ${found && stateChip(found.state, found.saidByFile)}
      </div>`;
    })}`,
    html`${files.slice(0, mostFiles).map((path) => html`<div><code>${path}</code></div>`)}${more > 0 && html`<div class="note">and ${more} more</div>`}`,
  ];
}

/** A criterion with who has seen it hold, by which test, and where that is committed. */
function criterionLine({
  id,
  text,
  by,
  task,
  test,
  run,
  commit,
  weak,
  note,
}: CriterionRow): Markup {
  const [word, kind] = marks[by];
  return html`<span class="id">${id}</span> ${text} ${chip(word, kind)}
    ${weak && chip('weak', 'warn')} ${task !== null && taskLink(task)}
    ${given(test, (path) => html`<code>${path}</code> `)}
    ${given(commit, (hash) => html`<code>${hash.slice(0, 10)}</code> `)}
    ${given(run, (name) => html`<span class="note">run ${name}</span>`)}
    ${note !== '' && html`<div class="note">${note}</div>`}`;
}
