import { counted } from '../../text/counted.ts';
import { stateWords } from '../progress.ts';
import type { FeaturePart, TaskPart } from '../work/document.ts';
import { layoutGraph, type GraphLayout, type NodeSize, type Point } from './graph-layout.ts';
import { html, type Markup } from './html.ts';
import { place, shortened, taskAnchor } from './parts.ts';

const roomy: NodeSize = { width: 204, height: 46, gapX: 20, gapY: 34, perRow: 5, mostPassed: 60 };
const compact: NodeSize = { width: 58, height: 22, gapX: 10, gapY: 26, perRow: 14, mostPassed: 2 };
/** From here on tasks are drawn with their ids alone; and beyond that no graph is drawn. */
const mostRoomy = 60;
const mostDrawn = 1_500;
const margin = 8;
/** Longer than this, px, a line that passes behind tasks is drawn faint. */
const farPx = 120;

/** The tasks, each below those that it needs. */
export function graphSection({ tasks, criticalPath }: FeaturePart): Markup {
  return html`<section aria-labelledby="graph">
    <h2 id="graph">Task graph</h2>
    ${
      tasks.length > mostDrawn
        ? html`<p class="note">${counted(tasks.length, 'task')} are too many to draw.</p>`
        : graph(tasks, new Set(criticalPath.ms === 0 ? [] : criticalPath.tasks.map(({ id }) => id)))
    }
  </section>`;
}

function graph(tasks: readonly TaskPart[], critical: ReadonlySet<string>): Markup {
  const isRoomy = tasks.length <= mostRoomy;
  const size = isRoomy ? roomy : compact;
  const layout = layoutGraph(tasks, size);
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const [width, height] = [layout.width + 2 * margin, layout.height + 2 * margin];
  const remarks = [
    critical.size > 0 && 'The strong line is the critical path.',
    layout.implied > 0 &&
      `Not drawn, as they follow from others: ${counted(layout.implied, 'line')}.`,
  ].filter((remark) => remark !== false);
  return html`<div class="scroll tall" tabindex="0" role="region" aria-label="Task graph">
      <svg
        class="graph"
        width="${width}"
        height="${height}"
        viewBox="${-margin} ${-margin} ${width} ${height}"
        role="group"
        aria-label="${counted(tasks.length, 'task')}, each below those that it needs"
      >
        ${layout.edges.map((edge) => edgeOf(edge, critical))}
        ${layout.nodes.map((node) => nodeOf(node, byId.get(node.id), size, critical))}
      </svg>
    </div>
    ${remarks.length > 0 && html`<p class="note">${remarks.join(' ')}</p>`}`;
}

function edgeOf(
  { from, to, points }: GraphLayout['edges'][number],
  critical: ReadonlySet<string>,
): Markup {
  const end = points.at(-1);
  if (end === undefined) return html``;
  const strong = critical.has(from) && critical.has(to) ? ' strong' : '';
  const [start] = points;
  const far = points.length === 2 && start !== undefined && end.y - start.y > farPx ? ' far' : '';
  const { x, y } = end;
  return html`<path class="edge${strong}${far}" d="${curve(points)}" /><path
      class="tip${strong}"
      d="M${place(x - 4)} ${place(y - 7)}L${place(x + 4)} ${place(y - 7)}L${place(x)} ${place(y)}Z"
    />`;
}

function curve(points: readonly Point[]): string {
  return points
    .map(({ x, y }, index) => {
      const before = points[index - 1];
      if (before === undefined) return `M${place(x)} ${place(y)}`;
      const middle = (before.y + y) / 2;
      return `C${place(before.x)} ${place(middle)} ${place(x)} ${place(middle)} ${place(x)} ${place(y)}`;
    })
    .join('');
}

function nodeOf(
  { id, x, y }: GraphLayout['nodes'][number],
  task: TaskPart | undefined,
  { width, height }: NodeSize,
  critical: ReadonlySet<string>,
): Markup {
  if (task === undefined) return html``;
  const strong = critical.has(id) ? ' strong' : '';
  const isRoomy = width === roomy.width;
  const inset = isRoomy ? 9 : 5;
  const says = `${id} ${task.title} (${stateWords(task.state)})`;
  return html`<a href="#${taskAnchor(id)}"
    ><g class="node ${task.state}${strong}">
      <title>${says}</title>
      <rect x="${place(x)}" y="${place(y)}" width="${width}" height="${height}" rx="6" />
      <rect
        class="state"
        x="${place(x + 5)}"
        y="${place(y + inset)}"
        width="3"
        height="${height - 2 * inset}"
        rx="1.5"
      />
      <text class="id" x="${place(x + 14)}" y="${place(y + (isRoomy ? 19 : 15))}"
        >${shortened(id, isRoomy ? 12 : 5)}</text
      >
      ${
        isRoomy &&
        html`<text
            class="state-word"
            x="${place(x + width - 10)}"
            y="${place(y + 19)}"
            text-anchor="end"
            >${stateWords(task.state)}</text
          >
          <text class="title" x="${place(x + 14)}" y="${place(y + 36)}"
            >${shortened(task.title, 26)}</text
          >`
      }
    </g></a
  >`;
}
