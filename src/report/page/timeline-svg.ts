import { counted } from '../../text/counted.ts';
import { durationText } from '../../text/duration.ts';
import type { FeaturePart } from '../work/document.ts';
import { lengthOf, workingTime, type Bar, type WorkingTime } from '../work/spans.ts';
import { html, type Markup } from './html.ts';
import { place, shortened } from './parts.ts';

const labelWidth = 190;
const chartWidth = 790;
const laneHeight = 22;
const axisHeight = 24;
const mostLanes = 120;

interface Lane {
  readonly name: string;
  readonly isCritical: boolean;
  readonly bars: readonly Bar[];
}

/** What was worked at when, and the chain of tasks that decided how long it took. */
export function timelineSection(feature: FeaturePart): Markup {
  const { bars, workedMs, criticalPath, leftOut } = feature;
  const time = workingTime(bars);
  if (time.length === 0)
    return html`<section aria-labelledby="time">
      <h2 id="time">Timeline</h2>
      <p class="note">Nothing was run yet.</p>
    </section>`;
  const lanes = lanesOf(feature);
  const shown = lanesShown(lanes);
  const hidden = lanes.length - shown.length;
  const share = Math.round((100 * criticalPath.ms) / workedMs);
  const cut = [
    hidden > 0 && counted(hidden, 'further task'),
    leftOut.bars > 0 && counted(leftOut.bars, 'short bar'),
  ].filter((words) => words !== false);
  return html`<section aria-labelledby="time">
    <h2 id="time">Timeline</h2>
    <p>
      Worked at for
      ${durationText(workedMs)}${
        criticalPath.ms > 0 &&
        html`; the critical path,
        ${criticalPath.tasks
          .map(({ id }) => id)
          .slice(0, 12)
          .join(' → ')}${criticalPath.tasks.length > 12 && ' → …'},
        took ${durationText(criticalPath.ms)} of it (${share} %)`
      }.
    </p>
    <div class="scroll tall" tabindex="0" role="region" aria-label="Timeline">
      ${drawing(time, shown, feature)}
    </div>
    <p class="legend">
      <span class="key stage">planning</span><span class="key attempt">attempt</span
      ><span class="key call">model call</span><span class="key gate">check</span
      ><span class="key failed-call">failed call</span
      >${time.breaks.length > 0 && html`<span class="key rest">nothing was run</span>`}
    </p>
    ${cut.length > 0 && html`<p class="note">Not drawn: ${cut.join(', ')}.</p>`}
  </section>`;
}

/** Where there are too many: those that decided how long it took, and those that took longest. */
function lanesShown(lanes: readonly Lane[]): readonly Lane[] {
  if (lanes.length <= mostLanes) return lanes;
  const weight = new Map(
    lanes.map((lane) => [lane, lane.isCritical ? Number.POSITIVE_INFINITY : lengthOf(lane.bars)]),
  );
  const most = [...lanes].sort((a, b) => ((weight.get(a) ?? 0) < (weight.get(b) ?? 0) ? 1 : -1));
  const chosen = new Set(most.slice(0, mostLanes));
  return lanes.filter((lane) => chosen.has(lane));
}

function lanesOf({ tasks, bars }: FeaturePart): Lane[] {
  const byTask = new Map<string | null, Bar[]>();
  for (const bar of bars) {
    const known = byTask.get(bar.task);
    if (known === undefined) byTask.set(bar.task, [bar]);
    else known.push(bar);
  }
  const planning = byTask.get(null) ?? [];
  const worked = tasks.filter(({ id }) => byTask.has(id));
  const startOf = (id: string): number => byTask.get(id)?.[0]?.from ?? 0;
  worked.sort((a, b) => startOf(a.id) - startOf(b.id));
  return [
    ...(planning.length > 0 ? [{ name: 'Planning', isCritical: false, bars: planning }] : []),
    ...worked.map(({ id, title, isCritical }) => ({
      name: `${id} ${title}`,
      isCritical,
      bars: byTask.get(id) ?? [],
    })),
  ];
}

function drawing(time: WorkingTime, lanes: readonly Lane[], { criticalPath }: FeaturePart): Markup {
  const scale = chartWidth / time.length;
  const top = axisHeight + (criticalPath.ms > 0 ? laneHeight + 8 : 0);
  const height = top + lanes.length * laneHeight + 6;
  const width = labelWidth + chartWidth + 10;
  const x = (ms: number): number => place(labelWidth + ms * scale);
  return html`<svg
    class="timeline"
    width="${width}"
    height="${height}"
    viewBox="0 0 ${width} ${height}"
    role="img"
    aria-label="What was worked at when, by task"
  >
    ${ticks(time.length).map(
      (ms) =>
        html`<line
            class="grid"
            x1="${x(ms)}"
            x2="${x(ms)}"
            y1="${axisHeight - 6}"
            y2="${height - 4}"
          /><text class="tick" x="${x(ms)}" y="12" text-anchor="${ms === 0 ? 'start' : 'middle'}"
            >${durationText(ms)}</text
          >`,
    )}
    ${criticalPath.ms > 0 && criticalLane(criticalPath, scale, x)}
    ${lanes.map((lane, index) => laneOf(lane, top + index * laneHeight, time, scale))}
    ${time.breaks.map(
      ({ at, length }) =>
        html`<g
          ><title>nothing was run for ${durationText(length)}</title
          ><line class="rest" x1="${x(at)}" x2="${x(at)}" y1="${axisHeight - 4}" y2="${height - 4}"
        /></g>`,
    )}
  </svg>`;
}

/** The tasks of the path one after another: how short the whole could have been. */
function criticalLane(
  { tasks }: FeaturePart['criticalPath'],
  scale: number,
  x: (ms: number) => number,
): Markup {
  let at = 0;
  const y = axisHeight;
  return html`<text class="lane strong" x="0" y="${y + 15}">Critical path</text>${tasks.map(
      ({ id, ms }) => {
        const from = at;
        at += ms;
        const width = Math.max(1, place(ms * scale) - 1);
        return html`<g
          ><title>${id}: ${durationText(ms)}</title
          ><rect
            class="critical"
            x="${x(from)}"
            y="${y + 3}"
            width="${width}"
            height="${laneHeight - 6}"
            rx="2"
          />${width > 9 * id.length + 8 && html`<text class="on-bar" x="${x(from) + 6}" y="${y + 15}">${id}</text>`}</g
        >`;
      },
    )}`;
}

/** Attempts and stages behind what went on in them. */
const levels: Readonly<Record<Bar['kind'], { readonly inset: number }>> = {
  stage: { inset: 3 },
  attempt: { inset: 3 },
  gate: { inset: 7 },
  call: { inset: 7 },
  'failed-call': { inset: 7 },
};

function laneOf(
  { name, isCritical, bars }: Lane,
  y: number,
  time: WorkingTime,
  scale: number,
): Markup {
  const ordered = [...bars].sort((a, b) => levels[a.kind].inset - levels[b.kind].inset);
  return html`<text class="lane${isCritical && ' strong'}" x="0" y="${y + 15}"
      ><title>${name}</title>${shortened(name, 24)}</text
    >${ordered.map((bar) => {
      const [from, to] = [time.at(bar.from), time.at(bar.to)];
      const { inset } = levels[bar.kind];
      return html`<rect
        class="${bar.kind}"
        x="${place(labelWidth + from * scale)}"
        y="${y + inset}"
        width="${Math.max(1.5, place((to - from) * scale))}"
        height="${laneHeight - 2 * inset}"
        rx="1.5"
        ><title>${bar.name}: ${lengthText(bar.to - bar.from)}</title></rect
      >`;
    })}`;
}

function lengthText(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : durationText(ms);
}

/** Moments for the axis: at most eight, a round number of seconds, minutes or hours apart. */
function ticks(length: number): number[] {
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600].map((s) => s * 1_000);
  let step = steps.find((one) => length / one <= 8) ?? 3_600_000;
  while (length / step > 8) step *= 2;
  return Array.from({ length: Math.floor(length / step) + 1 }, (_, index) => index * step);
}
