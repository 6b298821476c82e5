import type { Coverage, FeaturePart, RequirementPart, TaskPart } from '../work/document.ts';
import { counted } from '../../text/counted.ts';
import { html, type Markup } from './html.ts';
import { chip, list, stateChip, table, taskLink } from './parts.ts';

const words = {
  met: ['met', 'good'],
  open: ['open', 'plain'],
  waits: ['waits for you', 'warn'],
  failed: ['failed', 'bad'],
  skipped: ['left out', 'warn'],
  uncovered: ['no task', 'bad'],
} as const satisfies Record<Coverage, readonly [string, Parameters<typeof chip>[1]]>;

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
  { id, text, acceptance, coverage, tasks, files }: RequirementPart,
  byId: ReadonlyMap<string, TaskPart>,
): Markup[] {
  const [word, kind] = words[coverage];
  const more = files.length - mostFiles;
  return [
    html`<span class="id">${id}</span> <span class="prose">${text}</span>${
        acceptance.length > 0 &&
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
