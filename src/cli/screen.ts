import { Chalk, type ChalkInstance } from 'chalk';

/** The terminal, or what stands in its place. Results go to `out`, everything else to `note`. */
export interface Screen {
  out(text: string): void;
  /** One line of many results; resolves when there is room for the next. */
  line(text: string): Promise<void>;
  /** One line, or several, to stderr. */
  note(text: string): void;
  /** Raw text to stderr, as it streams. */
  stream(text: string): void;
  /** Both ends are a terminal, so that questions can be asked. */
  readonly interactive: boolean;
  /** Results go to a terminal, not to a file or pipe. */
  readonly resultsAreSeen: boolean;
  /** Progress may be redrawn in place. */
  readonly live: boolean;
  /** Cells in a line of results; nothing is cut where they go to a file or pipe. */
  readonly columns: number;
  /** Cells in a line of progress, as the terminal is now. */
  readonly liveColumns: number;
  /** Lines of the terminal that progress goes to, as it is now. */
  readonly rows: number;
  /** Colours for stderr. */
  readonly paint: ChalkInstance;
  readonly stdin: NodeJS.ReadStream;
  readonly stderr: NodeJS.WriteStream;
}

const unlimited = 100_000;

export function processScreen(
  cli: Pick<NodeJS.Process, 'stdin' | 'stdout' | 'stderr' | 'env'>,
  { quiet, color }: { quiet: boolean; color: boolean },
): Screen {
  const { stdin, stdout, stderr, env } = cli;
  // A dumb terminal shows escape codes as they are.
  const capable = stderr.isTTY && env['TERM'] !== 'dumb';
  return {
    out: (text) => void stdout.write(text.endsWith('\n') || text === '' ? text : `${text}\n`),
    // A reader that went away is told of by the stream itself.
    line: (text) => new Promise((resolve) => stdout.write(`${text}\n`, () => resolve())),
    note: (text) => {
      if (!quiet) stderr.write(`${text}\n`);
    },
    stream: (text) => {
      if (!quiet) stderr.write(text);
    },
    interactive: stdin.isTTY && stderr.isTTY && stdout.isTTY,
    resultsAreSeen: stdout.isTTY,
    live: capable && !quiet,
    get columns() {
      // Some pseudo-terminals say 0 for what they do not know.
      return stdout.isTTY ? Math.max(40, stdout.columns || 80) : unlimited;
    },
    get liveColumns() {
      return Math.max(10, stderr.columns || 80);
    },
    get rows() {
      return Math.max(4, stderr.rows || 24);
    },
    paint: new Chalk({ level: capable && color && !env['NO_COLOR'] ? 1 : 0 }),
    stdin,
    stderr,
  };
}
