import type { ChalkInstance } from 'chalk';
import { formatUsd } from '../../domain/price.ts';
import { cellsOf, cutTo } from './cells.ts';
import { bar } from './feature-view.ts';
import { lines } from './lines.ts';
import { counted } from '../../text/counted.ts';
import { durationText } from '../../text/duration.ts';
import type { ActiveWork, LiveDebate, LiveState } from './live-state.ts';

/** Lines of a reply that are shown, when one task has the screen to itself and when several share it. */
const soloTail = 8;
const sharedTail = 2;

/** The block below the finished lines, no wider than `columns` and no higher than `rows`. */
export function liveLines(
  state: LiveState,
  size: { readonly columns: number; readonly rows: number },
  now: number,
  paint: ChalkInstance,
): string[] {
  const { active, total } = state;
  if (active.size === 0) return [];
  const width = size.columns - 1;
  const footer = lines(
    state.debate !== null && paint.dim(cutTo(debateText(state, state.debate, now), width)),
    total > 0 && paint.dim(cutTo(barText(state, now, width < 60 ? 8 : 20), width)),
  );
  // One row stays free for the cursor.
  const room = Math.max(1, size.rows - 1 - footer.length);
  const works = [...active];
  const crowded = works.length > room;
  const shown = crowded ? works.slice(0, room - 1) : works;
  const most = works.length === 1 ? soloTail : sharedTail;
  const tail = Math.min(most, Math.floor((room - works.length) / works.length));
  const drawn = shown.flatMap(([id, work]) => [
    paint.cyan(headText(id, work, now, width)),
    ...(work.structured ? [] : tailOf(work.text, tail)).map((line) =>
      paint.dim(cutTo(`  ${line}`, width)),
    ),
  ]);
  if (crowded && room > 1)
    drawn.push(paint.cyan(cutTo(`▶ and ${works.length - shown.length} more at work`, width)));
  return [...drawn, ...footer];
}

/** What, how and for how long; then as much of the rest as has room. The title gives way first. */
function headText(id: string, work: ActiveWork, now: number, width: number): string {
  const elapsed = now - work.since;
  const name = id === '' ? '▶ ' : `▶ ${id} `;
  const needed = lines(id !== '' && work.stage, elapsed >= 1_000 && durationText(elapsed)).map(
    (part) => ` · ${part}`,
  );
  const title = cutTo(work.title, Math.max(1, width - cellsOf(name + needed.join(''))));
  const extras = lines(
    work.written > 0 && `${work.written} characters`,
    work.model !== '' && work.model,
  );
  return extras.reduce(
    (line, extra) => (cellsOf(line) + 3 + cellsOf(extra) <= width ? `${line} · ${extra}` : line),
    cutTo(`${name}${title}${needed.join('')}`, width),
  );
}

function tailOf(text: string, count: number): string[] {
  if (count <= 0) return [];
  return text
    .split(/\r\n?|\n/)
    .filter((line) => line.trim() !== '')
    .slice(-count)
    .map((line) => line.replaceAll('\t', '  '));
}

function debateText(state: LiveState, { phase, issues, leftMs }: LiveDebate, now: number): string {
  return lines(
    phase,
    issues !== '' && issues,
    counted(state.calls, 'call'),
    costOf(state),
    durationText(now - state.startedAt),
    leftMs !== null && `at most about ${durationText(leftMs)} left`,
  ).join(' · ');
}

function barText(state: LiveState, now: number, cells: number): string {
  const { finished, total } = state;
  const count = Object.values(finished).reduce((sum, some) => sum + some, 0);
  const elapsed = now - state.startedAt;
  const left = timeLeft(state, count, now);
  return lines(
    `${bar(count, total, cells)} ${count}/${total}`,
    finished.failed !== undefined && `${finished.failed} failed`,
    finished.needs_review !== undefined && `${finished.needs_review} for you`,
    costOf(state),
    durationText(elapsed),
    left !== null && `about ${durationText(left)} left`,
  ).join(' · ');
}

function costOf({ usd, unpriced }: LiveState): string[] {
  if (unpriced > 0) return [usd > 0 ? `${formatUsd(usd)} + unknown` : 'cost unknown'];
  return usd > 0 ? [formatUsd(usd)] : [];
}

/** From the pace until the last task was finished, so that it shrinks between two; null when nothing can be said. */
function timeLeft({ total, finishedAt, startedAt }: LiveState, count: number, now: number) {
  if (count === 0 || finishedAt === null || count >= total) return null;
  const left = ((finishedAt - startedAt) / count) * (total - count) - (now - finishedAt);
  return left < 1_000 ? null : left;
}
