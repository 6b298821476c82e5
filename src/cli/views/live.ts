import type { CallPurpose, RunEvent } from '../../domain/event.ts';
import { withoutControls } from '../../domain/text.ts';
import { eventLines, wantsAttention } from '../../report/event-line.ts';
import type { Screen } from '../screen.ts';
import { printable } from './cells.ts';
import { createLiveBlock } from './live-block.ts';
import { liveLines } from './live-lines.ts';
import { createLiveState } from './live-state.ts';

export interface LiveView {
  readonly listen: (event: RunEvent) => void;
  /** A line of the program's own, above what is drawn. */
  readonly note: (line: string) => void;
  /** Takes what is drawn off the screen; lines stay. What comes later is drawn anew. */
  readonly close: () => void;
}

const redrawMs = 120;

/**
 * Progress on stderr: lines as things end, and at a terminal below them what is being written now.
 * `clock` gives ms.
 */
export function createLiveView(screen: Screen, clock: () => number = Date.now): LiveView {
  const listen = (event: RunEvent): void => {
    for (const line of eventLines(event)) screen.note(printable(line));
  };
  return screen.live
    ? terminalView(screen, clock)
    : { listen, note: screen.note, close: () => undefined };
}

function terminalView(screen: Screen, clock: () => number): LiveView {
  const { paint, stderr } = screen;
  const state = createLiveState(clock());
  const block = createLiveBlock(stderr);
  const text = createTextStream(screen);
  let timer: NodeJS.Timeout | undefined;

  const lines = (): string[] =>
    text.open
      ? []
      : liveLines(state, { columns: screen.liveColumns, rows: screen.rows }, clock(), paint);
  const draw = (): void => block.draw(lines());
  const above = (line: string): void => {
    text.end();
    block.above(`${line}\n`, lines());
  };
  return {
    listen(event) {
      timer ??= setInterval(draw, redrawMs).unref();
      state.follow(event, clock());
      // The spec is for reading: it streams whole, and stays.
      if (event.type === 'call-delta' && isSpec(event.purpose)) {
        block.clear();
        text.write(event.text);
        return;
      }
      // It is drawn, and leaves no line.
      if (event.type === 'gate-progress' || event.type === 'index-progress') return;
      const colour = colourOf(event);
      for (const line of eventLines(event))
        above(colour === undefined ? printable(line) : paint[colour](printable(line)));
    },
    note: above,
    close() {
      clearInterval(timer);
      timer = undefined;
      block.clear();
      text.end();
    },
  };
}

function isSpec({ stage, task }: CallPurpose): boolean {
  return task === null && stage === 'spec';
}

/** Streamed text that ends with exactly one line feed before anything else is printed. */
function createTextStream(screen: Screen) {
  let last: string | null = null;
  return {
    get open(): boolean {
      return last !== null;
    },
    write(delta: string): void {
      // A return may be the first half of a line's end, whose second half comes with the next piece.
      const clean = withoutControls(delta).replace(/\r\n/g, '\n').replace(/\r$/, '');
      const safe = clean.replaceAll('\r', '\n');
      if (safe === '') return;
      screen.stream(safe);
      last = safe.at(-1) ?? null;
    },
    end(): void {
      if (last !== null && last !== '\n') screen.stream('\n');
      last = null;
    },
  };
}

type Colour = 'yellow' | 'red' | 'green' | 'bold' | 'dim';

/** Of lines whose colour their kind decides; others are plain, or by what the event says. */
const colours: Partial<Record<RunEvent['type'], Colour>> = {
  warning: 'yellow',
  'call-retry': 'yellow',
  'route-fallback': 'yellow',
  'route-cooldown': 'yellow',
  'call-fail': 'red',
  'task-start': 'bold',
  'judge-finish': 'dim',
  'route-decide': 'dim',
  'context-pack': 'dim',
  'call-wait': 'dim',
};

function colourOf(event: RunEvent): Colour | undefined {
  if (event.type === 'task-finish')
    return event.status === 'done' ? 'green' : event.status === 'failed' ? 'red' : 'yellow';
  if (event.type === 'gate-finish') return event.result.status === 'failed' ? 'yellow' : 'dim';
  if (event.type === 'review-finish' && event.review.verdict === 'revise') return 'yellow';
  if (event.type === 'step-finish' && wantsAttention(event)) return 'yellow';
  return colours[event.type];
}
