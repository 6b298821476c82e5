import xterm from '@xterm/headless';
import type { Screen } from '../../src/cli/screen.ts';
import { Chalk } from 'chalk';

/** A terminal in memory: what was written to it is parsed as a real one would. */
export interface VirtualTerminal {
  /** Stands in for stderr. */
  readonly stream: NodeJS.WriteStream;
  /** Every write, as it came. */
  readonly writes: readonly string[];
  /** All lines, those that have scrolled out included, without trailing blanks and empty lines. */
  lines(): Promise<string[]>;
  resize(columns: number, rows: number): Promise<void>;
}

export function virtualTerminal(columns: number, rows: number): VirtualTerminal {
  const terminal = new xterm.Terminal({
    cols: columns,
    rows,
    scrollback: 10_000,
    allowProposedApi: true,
    convertEol: true,
  });
  const writes: string[] = [];
  const listeners = new Set<() => void>();
  const stream = {
    isTTY: true,
    get columns() {
      return terminal.cols;
    },
    get rows() {
      return terminal.rows;
    },
    write(text: string) {
      writes.push(text);
      terminal.write(text);
      return true;
    },
    on(_event: 'resize', listener: () => void) {
      listeners.add(listener);
    },
    off(_event: 'resize', listener: () => void) {
      listeners.delete(listener);
    },
  };
  const settled = (): Promise<void> => new Promise((resolve) => terminal.write('', resolve));
  return {
    stream: stream as unknown as NodeJS.WriteStream,
    writes,
    async lines() {
      await settled();
      const { active } = terminal.buffer;
      const all = Array.from(
        { length: active.length },
        (_, index) => active.getLine(index)?.translateToString(true) ?? '',
      );
      return all.slice(0, all.findLastIndex((line) => line !== '') + 1);
    },
    async resize(columns, rows) {
      await settled();
      terminal.resize(columns, rows);
      for (const listener of listeners) listener();
    },
  };
}

/** A screen whose stderr is the terminal. What goes to stdout is kept apart. */
export function screenOn(
  terminal: VirtualTerminal,
  options: { live?: boolean; quiet?: boolean; colours?: boolean } = {},
): Screen & { readonly results: string[] } {
  const { stream } = terminal;
  const results: string[] = [];
  const quiet = options.quiet ?? false;
  const write = (text: string): void => {
    if (!quiet) stream.write(text);
  };
  return {
    results,
    out: (text) => void results.push(text),
    line: async (text) => void results.push(text),
    note: (text) => write(`${text}\n`),
    stream: write,
    interactive: false,
    resultsAreSeen: true,
    live: (options.live ?? true) && !quiet,
    get columns() {
      return stream.columns;
    },
    get liveColumns() {
      return stream.columns;
    },
    get rows() {
      return stream.rows;
    },
    paint: new Chalk({ level: options.colours ? 1 : 0 }),
    stdin: process.stdin,
    stderr: stream,
  };
}
