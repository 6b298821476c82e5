import { dirname } from 'node:path';
import { open, type OpenFile } from '../files/disk.ts';
import type { RunEvent } from '../domain/event.ts';
import { jsonWithHiddenShown } from '../domain/hidden-characters.ts';
import { makeFolder } from '../files/make-folder.ts';
import { privateFile } from '../files/private.ts';
import type { Journal } from './ports.ts';

export interface OpenJournal extends Journal {
  /** Flushes and closes. Never throws. */
  close(): Promise<void>;
}

/** What is kept while the file cannot be written, in characters; beyond it the oldest events are lost. */
const keptAtMost = 8 * 1024 * 1024;
const triedEvery = 50;

/**
 * Opens a feature's journal for appending. A last line that a killed writer left torn is ended first, so
 * that it spoils nothing after it. Each write is whole lines in one call, so processes that share the
 * file do not mix theirs.
 *
 * Never throws and never stops a run: the first failure is told to `onError`; what could not be written
 * is kept and tried again with later events and at `flush`.
 */
export async function openJournal(
  path: string,
  options: { onError: (error: Error) => void },
): Promise<OpenJournal> {
  let file: OpenFile | null = null;
  let waiting: string[] = [];
  let torn = false;
  let failed = false;
  let sinceFailure = 0;
  let writing: Promise<void> | null = null;

  function report(error: unknown): void {
    if (failed) return;
    failed = true;
    options.onError(error instanceof Error ? error : new Error(String(error)));
  }

  async function opened(): Promise<OpenFile> {
    if (file !== null) return file;
    await makeFolder(dirname(path));
    const handle = await open(path, 'a+', privateFile);
    torn = endsTorn(handle);
    file = handle;
    return handle;
  }

  async function writeWaiting(): Promise<void> {
    try {
      while (waiting.length > 0) {
        const lines = waiting;
        waiting = [];
        const unwritten = await writeLines(lines);
        if (unwritten.length === 0) continue;
        waiting = newest([...unwritten, ...waiting]);
        return;
      }
    } finally {
      // Set before anything else can run, so that a line appended from now on starts a new round.
      writing = null;
    }
  }

  /** @returns the lines that are not in the file. */
  async function writeLines(lines: string[]): Promise<string[]> {
    try {
      const handle = await opened();
      const lead = torn ? '\n' : '';
      const bytes = Buffer.from(lead + lines.join(''));
      const bytesWritten = await handle.write(bytes);
      torn = bytesWritten < bytes.length;
      if (!torn) return [];
      // A full disk takes a part and says so only at the next write.
      report(new Error(`only ${bytesWritten} of ${bytes.length} bytes could be written`));
      let taken = lead.length;
      return lines.filter((line) => (taken += Buffer.byteLength(line)) > bytesWritten);
    } catch (error) {
      report(error);
      return lines;
    }
  }

  function write(): Promise<void> {
    if (waiting.length === 0) return writing ?? Promise.resolve();
    writing ??= writeWaiting();
    return writing;
  }

  async function flush(): Promise<void> {
    await write();
    if (waiting.length > 0) await write();
    try {
      await file?.sync();
    } catch (error) {
      report(error);
    }
  }

  try {
    await opened();
  } catch (error) {
    report(error);
  }
  return {
    append(event: RunEvent) {
      try {
        waiting.push(`${jsonWithHiddenShown(JSON.stringify(event))}\n`);
      } catch (error) {
        report(error);
        return;
      }
      // Once it has failed, not every event is worth another try.
      if (!failed || ++sinceFailure % triedEvery === 0) void write();
    },
    flush,
    async close() {
      await flush();
      await file?.close().catch(report);
      file = null;
    },
  };
}

function endsTorn(handle: OpenFile): boolean {
  const size = handle.size();
  if (size === 0) return false;
  const last = Buffer.alloc(1);
  handle.read(last, size - 1);
  return last[0] !== 0x0a;
}

function newest(lines: string[]): string[] {
  let length = 0;
  let from = lines.length;
  while (from > 0 && length <= keptAtMost) length += lines[--from]?.length ?? 0;
  return lines.slice(length > keptAtMost ? from + 1 : from);
}
