import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect } from 'vitest';
import type { RunEvent, SkippedLines } from '../../src/domain/event.ts';
import { readJournal } from '../../src/state/read-journal.ts';

/** A whole journal in memory. */
export async function journalOf(path: string): Promise<SkippedLines & { events: RunEvent[] }> {
  const events: RunEvent[] = [];
  const skipped = await readJournal(path, (event) => void events.push(event));
  return { events, ...skipped };
}

/** Every line of every journal below a folder holds an event of this version. */
export async function expectSoundJournals(root: string): Promise<void> {
  const paths = await readdir(root, { recursive: true });
  const journals = paths.filter((path) => basename(path) === 'journal.jsonl');
  expect(journals).not.toEqual([]);
  for (const path of journals)
    expect(await readJournal(join(root, path), () => undefined)).toEqual({
      unreadable: 0,
      unknown: 0,
    });
}
