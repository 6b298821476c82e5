/** The terminal, or what stands in its place. Results go to `out`, everything else to `note`. */
export interface Screen {
  out(text: string): void;
  /** One line, or several, to stderr. */
  note(text: string): void;
  /** Raw text to stderr, as it streams. */
  stream(text: string): void;
  /** Both ends are a terminal, so that questions can be asked. */
  readonly interactive: boolean;
  /** Progress may be redrawn in place. */
  readonly live: boolean;
  /** Cells in a line of results; nothing is cut where they go to a file or pipe. */
  readonly columns: number;
  /** Cells in a line of progress. */
  readonly liveColumns: number;
  readonly stdin: NodeJS.ReadStream;
  readonly stderr: NodeJS.WriteStream;
}

const unlimited = 100_000;

export function processScreen(
  process: Pick<NodeJS.Process, 'stdin' | 'stdout' | 'stderr'>,
  quiet: boolean,
): Screen {
  const { stdin, stdout, stderr } = process;
  return {
    out: (text) => void stdout.write(text.endsWith('\n') || text === '' ? text : `${text}\n`),
    note: (text) => {
      if (!quiet) stderr.write(`${text}\n`);
    },
    stream: (text) => {
      if (!quiet) stderr.write(text);
    },
    interactive: stdin.isTTY && stderr.isTTY && stdout.isTTY,
    live: stderr.isTTY && !quiet,
    columns: Math.max(40, (stdout.isTTY ? stdout.columns : undefined) ?? unlimited),
    liveColumns: Math.max(40, stderr.columns ?? 80),
    stdin,
    stderr,
  };
}
