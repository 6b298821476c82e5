import {
  createPrompt,
  isDownKey,
  isEnterKey,
  isUpKey,
  useEffect,
  useKeypress,
  useRef,
  useState,
  type KeypressEvent,
} from '@inquirer/core';
import type { ChalkInstance } from 'chalk';
import { cellsOf, cutTo, inOneLine } from '../views/cells.ts';

export interface Choice<T> {
  readonly name: string;
  /** What is left of it on the screen once it was chosen; the name where there is none. */
  readonly short?: string;
  readonly value: T;
  /** More on the choice, shown while it is the one pointed at. */
  readonly note?: string;
}

/** What a prompt needs to know of the terminal, as it is when asked. */
export interface PromptTerminal {
  readonly columns: () => number;
  readonly rows: () => number;
  readonly paint: ChalkInstance;
  /** Calls back when the terminal's size has changed; gives what ends that. */
  readonly onResize: (listener: () => void) => () => void;
  /** Straight to the terminal. */
  readonly write: (text: string) => void;
}

export interface ListConfig {
  readonly message: string;
  readonly choices: readonly Choice<unknown>[];
  readonly initial: number;
  /** What Escape gives; null where it does nothing. */
  readonly escape: { readonly value: unknown } | null;
  readonly terminal: PromptTerminal;
}

/** Choices shown at once, where the terminal has room for them. */
const mostShown = 16;
/** Message, keys, and what stood before them. */
const otherLines = 4;

/**
 * A list to choose from: arrows, or typing a part of a name. Unlike the prompts that come with
 * inquirer it cuts its lines to the terminal, follows a change of its size, and can be left.
 */
export const listPrompt = createPrompt<unknown, ListConfig>((config, done) => {
  const { terminal } = config;
  const { paint } = terminal;
  const [filter, setFilter] = useState('');
  const [active, setActive] = useState(config.initial);
  const [answer, setAnswer] = useState<string | null>(null);
  const [, setSize] = useState('');
  const drawn = useRef<readonly string[]>([]);

  const found = matching(config.choices, filter);
  const pointed = found[Math.min(active, found.length - 1)];
  const page = Math.max(3, Math.min(mostShown, terminal.rows() - otherLines));

  useEffect(
    () =>
      terminal.onResize(() => {
        terminal.write(eraseBroken(drawn.current ?? [], terminal.columns()));
        setSize(`${terminal.columns()}x${terminal.rows()}`);
      }),
    [],
  );
  useKeypress((key, line) => {
    if (answer !== null) return;
    if (isEnterKey(key)) {
      if (pointed === undefined) return line.write(filter);
      setAnswer(shortOf(pointed));
      return done(pointed.value);
    }
    if (key.name === 'escape') {
      if (filter !== '') {
        line.clearLine(0);
        setFilter('');
        setActive(config.initial);
      } else if (config.escape !== null) {
        const { value } = config.escape;
        setAnswer(shortOf(config.choices.find((choice) => choice.value === value)));
        done(value);
      }
      return;
    }
    const moved = moveTo(key, Math.min(active, found.length - 1), found.length, page);
    if (moved !== null) {
      // The arrows would bring earlier lines into what is typed.
      restore(line, filter);
      return setActive(moved);
    }
    if (line.line === filter) return;
    setFilter(line.line);
    setActive(0);
  });

  const width = terminal.columns() - 1;
  if (answer !== null) {
    const head = cutTo(`✔ ${config.message} `, Math.ceil(width / 2));
    return `${paint.green(head.slice(0, 1))}${head.slice(1)}${paint.cyan(cutTo(answer, width - cellsOf(head)))}`;
  }
  const head = `${paint.blue('?')} ${paint.bold(cutTo(config.message, Math.max(10, width - 4 - cellsOf(filter))))} ${filter}`;
  const rows = pageAround(found.indexOf(pointed as Choice<unknown>), found.length, page);
  const body = [
    ...found.slice(rows.start, rows.end).map((choice) => {
      const name = inOneLine(choice.name);
      if (choice !== pointed) return cutTo(`  ${name}`, width);
      const line = cutTo(`❯ ${name}`, width);
      const room = width - cellsOf(line);
      const note =
        choice.note === undefined || room < 8 ? '' : cutTo(` — ${inOneLine(choice.note)}`, room);
      return `${paint.cyan(line)}${paint.dim(note)}`;
    }),
    ...(found.length === 0 ? [paint.yellow(cutTo('  nothing has that in its name', width))] : []),
    paint.dim(cutTo(keysText(found.length, page, rows, config.escape !== null), width)),
  ];
  drawn.current = [head, ...body];
  return [head, body.join('\n')];
});

function shortOf(choice: Choice<unknown> | undefined): string {
  return inOneLine(choice?.short ?? choice?.name ?? 'Back').trim();
}

/** The choices that have each typed word in their name. */
function matching(choices: readonly Choice<unknown>[], filter: string): readonly Choice<unknown>[] {
  const words = filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return choices;
  return choices.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)));
}

function moveTo(key: KeypressEvent, from: number, count: number, page: number): number | null {
  const last = Math.max(0, count - 1);
  if (isUpKey(key)) return Math.max(0, from - 1);
  if (isDownKey(key) || key.name === 'tab') return Math.min(last, from + 1);
  if (key.name === 'pageup') return Math.max(0, from - page);
  if (key.name === 'pagedown') return Math.min(last, from + page);
  if (key.name === 'home') return 0;
  if (key.name === 'end') return last;
  return null;
}

function restore(
  line: { line: string; clearLine: (direction: 0) => void; write: (text: string) => void },
  text: string,
): void {
  if (line.line === text) return;
  line.clearLine(0);
  if (text !== '') line.write(text);
}

function pageAround(active: number, count: number, page: number): { start: number; end: number } {
  const start = Math.max(0, Math.min(active - Math.floor(page / 2), count - page));
  return { start, end: Math.min(count, start + page) };
}

function keysText(
  count: number,
  page: number,
  { start, end }: { start: number; end: number },
  leaves: boolean,
): string {
  const shown = count > page ? [`${start + 1}–${end} of ${count}`] : [];
  const keys = ['↑↓ move', 'type to find', 'Enter choose', ...(leaves ? ['Esc back'] : [])];
  return `  ${[...shown, ...keys].join(' · ')}`;
}

/**
 * A terminal that became narrower has broken the drawn lines into more than were written. Takes the
 * surplus away, and leaves the cursor on the first line, where the redrawing expects it.
 */
function eraseBroken(lines: readonly string[], columns: number): string {
  const surplus = lines.map((line) => Math.max(0, Math.ceil(cellsOf(line) / columns) - 1));
  const all = surplus.reduce((sum, rows) => sum + rows, 0);
  if (all === 0) return '';
  const below = lines.length - 1;
  const down = below + all - (surplus[0] ?? 0);
  const go = (rows: number, letter: string): string => (rows > 0 ? `\u001B[${rows}${letter}` : '');
  return `${go(down, 'B')}${'\u001B[2K\u001B[1A'.repeat(all)}${go(below, 'A')}`;
}
