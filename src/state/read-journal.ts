import { createReadStream } from 'node:fs';
import type { RunEvent } from '../domain/event.ts';
import { errnoOf } from '../files/file-problem.ts';

export interface ReadJournal {
  readonly events: RunEvent[];
  /** Lines that hold no event: torn by a kill, or edited. */
  readonly unreadable: number;
}

/** A line longer than this is no event of ours, in bytes. */
const longestLine = 64 * 1024 * 1024;

/** All events of a journal, oldest first; none when there is no such file. */
export async function readJournal(path: string): Promise<ReadJournal> {
  const events: RunEvent[] = [];
  let unreadable = 0;
  for await (const event of journalEvents(path)) {
    if (event === null) unreadable++;
    else events.push(event);
  }
  return { events, unreadable };
}

/** The events one by one, with null for each line that holds none. The file is never in memory whole. */
export async function* journalEvents(path: string): AsyncGenerator<RunEvent | null> {
  for await (const line of lines(path)) {
    if (line === null) yield null;
    else if (line.trim() !== '') yield parseEvent(line);
  }
}

/** What is new in a journal that this and other processes write, each event once. */
export interface JournalFollower {
  /** Whole lines that came since the last call. A line that is still being written comes later. */
  fresh(): AsyncGenerator<RunEvent>;
}

/** Begins at the start of the file, which need not be there yet. */
export function followJournal(path: string): JournalFollower {
  let read = 0;
  return {
    async *fresh() {
      for await (const line of lines(path, read, (bytes) => (read += bytes))) {
        const event = line === null || line.trim() === '' ? null : parseEvent(line);
        if (event !== null) yield event;
      }
    },
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
    for await (const chunk of createReadStream(path, { start }) as AsyncIterable<Buffer>) {
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

function parseEvent(line: string): RunEvent | null {
  try {
    const value: unknown = JSON.parse(line);
    return isEvent(value) ? value : null;
  } catch {
    return null;
  }
}

// Kinds of later versions pass: every reading takes the kinds it knows.
function isEvent(value: unknown): value is RunEvent {
  if (typeof value !== 'object' || value === null) return false;
  const fields = value as Record<string, unknown>;
  return ['type', 'at', 'run'].every((field) => typeof fields[field] === 'string');
}
