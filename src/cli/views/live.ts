import chalk from 'chalk';
import { createLogUpdate } from 'log-update';
import stringWidth from 'string-width';
import type { RunEvent } from '../../domain/event.ts';
import { withoutControls } from '../../domain/text.ts';
import { eventLine } from '../../report/event-line.ts';
import type { Screen } from '../screen.ts';
import { fit } from './table.ts';

export interface LiveView {
  readonly listen: (event: RunEvent) => void;
  /** Takes what is drawn off the screen; lines stay. */
  readonly close: () => void;
}

interface ActiveTask {
  readonly title: string;
  stage: string;
  text: string;
}

const keptText = 4_000;
const soloLines = 8;

/** Progress on stderr: lines as things end, and at a terminal below them what is being written now. */
export function createLiveView(screen: Screen): LiveView {
  return screen.live
    ? terminalView(screen)
    : { listen: plainListener(screen), close: () => undefined };
}

function plainListener(screen: Screen): (event: RunEvent) => void {
  return (event) => {
    const line = eventLine(event);
    if (line !== null) screen.note(withoutControls(line));
  };
}

function terminalView(screen: Screen): LiveView {
  const update = createLogUpdate(screen.stderr, { showCursor: true });
  const active = new Map<string, ActiveTask>();
  let total = 0;
  let finished = 0;
  const startedAt = Date.now();
  let drawn = false;
  let streaming = false;

  const clear = (): void => {
    if (drawn) update.clear();
    drawn = false;
  };
  const endStream = (): void => {
    if (streaming) screen.stream('\n');
    streaming = false;
  };
  const draw = (): void => {
    if (active.size === 0) return clear();
    const width = screen.liveColumns - 1;
    const lines: string[] = [];
    for (const [id, task] of active) {
      const tail = task.text.split('\n').filter((line) => line.trim() !== '');
      lines.push(chalk.cyan(fit(`▶ ${id} ${task.title} · ${task.stage}`, width)));
      for (const line of tail.slice(active.size === 1 ? -soloLines : -1))
        lines.push(chalk.dim(fit(`  ${line.replaceAll('\t', '  ')}`, width)));
    }
    if (total > 0) lines.push(barLine(finished, total, Date.now() - startedAt, width));
    update(lines.join('\n'));
    drawn = true;
  };
  const timer = setInterval(draw, 120);
  timer.unref();

  const follow = (event: RunEvent): void => {
    switch (event.type) {
      case 'run-start':
        total = event.tasks;
        break;
      case 'task-start':
        active.set(event.task, { title: event.title, stage: 'starting', text: '' });
        break;
      case 'call-start': {
        const task = active.get(event.purpose.task ?? '');
        if (task !== undefined)
          Object.assign(task, { stage: `${event.purpose.stage} (${event.model})`, text: '' });
        break;
      }
      case 'call-delta': {
        const task = active.get(event.purpose.task ?? '');
        if (task !== undefined)
          task.text = (task.text + withoutControls(event.text)).slice(-keptText);
        // The plan's own texts are for reading: they stream whole.
        else if (event.purpose.stage.startsWith('spec')) {
          screen.stream(withoutControls(event.text));
          streaming = true;
        }
        break;
      }
      case 'task-finish':
        finished += 1;
        active.delete(event.task);
        break;
      default:
        break;
    }
  };

  return {
    listen(event) {
      follow(event);
      const line = eventLine(event);
      if (line === null) return;
      clear();
      endStream();
      screen.note(coloured(withoutControls(line)));
      draw();
    },
    close() {
      clearInterval(timer);
      clear();
      endStream();
      update.done();
    },
  };
}

function barLine(finished: number, total: number, elapsedMs: number, width: number): string {
  const cells = 24;
  const filled = Math.round((Math.min(finished, total) / total) * cells);
  const left =
    finished === 0 ? '' : ` · about ${duration((elapsedMs / finished) * (total - finished))} left`;
  const text = `[${'#'.repeat(filled)}${'-'.repeat(cells - filled)}] ${finished}/${total} · ${duration(elapsedMs)}${left}`;
  return stringWidth(text) > width ? fit(text, width) : text;
}

function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

function coloured(line: string): string {
  if (/\bdone: /.test(line)) return chalk.green(line);
  if (/\b(failed|warning)\b/.test(line)) return chalk.yellow(line);
  return line;
}
