import { runEventSchema, type RunEvent, type SkippedLines } from '../domain/event.ts';
import { errnoOf } from '../files/file-problem.ts';
import { openFile } from '../files/open-file.ts';
import { upgradedEvent } from './old-events.ts';

/** A line longer than this is no event of ours, in bytes. */
const longestLine = 64 * 1024 * 1024;

/**
 * Gives the events of a journal one by one, oldest first; none when there is no such file. The file is never
 * in memory whole.
 */
export async function readJournal(
  path: string,
  take: (event: RunEvent) => void,
): Promise<SkippedLines> {
  const skipped = { unreadable: 0, unknown: 0 };
  for await (const line of lines(path)) {
    const event = parseEvent(line);
    if (typeof event === 'object') take(event);
    else if (event !== 'left out') skipped[event]++;
  }
  return skipped;
}

/**
 * Follows a journal that this and other processes write, from its start; it need not be there yet.
 * @returns a function that gives what came since its last call, each event once. A line that is still
 * being written comes later.
 */
export function followJournal(path: string): () => AsyncGenerator<RunEvent> {
  let read = 0;
  return async function* () {
    for await (const line of lines(path, read, (bytes) => (read += bytes))) {
      const event = parseEvent(line);
      if (typeof event === 'object') yield event;
    }
  };
}

/** @param onWhole is told the bytes of each whole line; with it, a last line without its end is left out. */
async function* lines(
  path: string,
  start = 0,
  onWhole?: (bytes: number) => void,
): AsyncGenerator<string | null> {
  let pieces: Buffer[] = [];
  let length = 0;
  const take = (): string | null => {
    const line = length > longestLine ? null : Buffer.concat(pieces).toString('utf8');
    pieces = [];
    length = 0;
    return line;
  };
  try {
    await using file = await openFile(path);
    const chunks = file.createReadStream({ start, autoClose: false }) as AsyncIterable<Buffer>;
    for await (const chunk of chunks) {
      let at = 0;
      for (let end = chunk.indexOf(0x0a); end !== -1; end = chunk.indexOf(0x0a, at)) {
        length += end - at;
        if (length <= longestLine) pieces.push(chunk.subarray(at, end));
        onWhole?.(length + 1);
        yield take();
        at = end + 1;
      }
      length += chunk.length - at;
      if (length <= longestLine) pieces.push(chunk.subarray(at));
      else pieces = [];
    }
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return;
    throw error;
  }
  if (length > 0 && onWhole === undefined) yield take();
}

/**
 * Events of version 1 are given as those of now. What a reply brought as it was written is left out, where
 * version 1 has kept it: it stands in the stored call.
 */
function parseEvent(line: string | null): RunEvent | keyof SkippedLines | 'left out' {
  if (line === null) return 'unreadable';
  if (line.trim() === '') return 'left out';
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return 'unreadable';
  }
  if (!isStamped(value)) return 'unreadable';
  if (value.type === 'call-delta') return 'left out';
  const version = value.version ?? 1;
  const { data } = runEventSchema.safeParse(version === 1 ? upgradedEvent(value) : value);
  return data ?? 'unknown';
}

interface Stamped extends Readonly<Record<string, unknown>> {
  readonly type: string;
}

function isStamped(value: unknown): value is Stamped {
  if (typeof value !== 'object' || value === null) return false;
  const fields = value as Record<string, unknown>;
  return ['type', 'at', 'run'].every((field) => typeof fields[field] === 'string');
}
