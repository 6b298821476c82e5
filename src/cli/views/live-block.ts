import { createLogUpdate } from 'log-update';
import { cellsOf } from './cells.ts';

/** What a block needs of a terminal. */
export interface BlockStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

/** Lines at the bottom of the terminal that are redrawn in place. */
export interface LiveBlock {
  /** Replaces what is drawn. Lines must be no wider than the terminal, and fewer than its rows. */
  draw(lines: readonly string[]): void;
  /** Puts text above the block, where it stays; it ends with a line feed. */
  above(text: string, lines: readonly string[]): void;
  /** Takes the block off the screen. */
  clear(): void;
}

/** Every change reaches the terminal in one write, so that no half-drawn state is ever seen. */
export function createLiveBlock(stream: BlockStream): LiveBlock {
  let pending = '';
  let drawn: readonly string[] = [];
  let drawnColumns = 0;
  const update = createLogUpdate(
    {
      isTTY: false,
      get columns() {
        return stream.columns;
      },
      get rows() {
        return stream.rows;
      },
      write: (text: string) => {
        pending += text;
        return true;
      },
    } as unknown as NodeJS.WriteStream,
    { showCursor: true },
  );

  const flush = (): void => {
    // Terminals that know of synchronized output show all of it at once; others ignore the codes.
    if (pending !== '') stream.write(`\u001B[?2026h${pending}\u001B[?2026l`);
    pending = '';
  };
  const columns = (): number => stream.columns || 80;

  /** A terminal that became narrower has broken the drawn lines into more of them than were written. */
  const eraseBroken = (): void => {
    const now = columns();
    if (drawn.length === 0 || now >= drawnColumns) return;
    const more = drawn.reduce((sum, line) => sum + Math.ceil(cellsOf(line) / now || 1) - 1, 0);
    pending += '\u001B[2K\u001B[1A'.repeat(more);
  };
  const set = (lines: readonly string[]): void => {
    if (lines.length > 0) update(lines.join('\n'));
    drawn = lines;
    drawnColumns = columns();
  };
  const erase = (): void => {
    eraseBroken();
    if (drawn.length > 0) update.clear();
    drawn = [];
  };

  return {
    draw(lines) {
      // The library moves down to rows that a taller frame has not made yet: on a full screen there are none.
      if (lines.length !== drawn.length) erase();
      else eraseBroken();
      set(lines);
      flush();
    },
    above(text, lines) {
      erase();
      pending += text;
      set(lines);
      flush();
    },
    clear() {
      erase();
      flush();
    },
  };
}
