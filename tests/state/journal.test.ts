import { execFileSync } from 'node:child_process';
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { RunEvent } from '../../src/domain/event.ts';
import { openJournal } from '../../src/state/journal.ts';
import { journalOf } from '../helpers/journal.ts';
import { temporaryFolder } from './fixtures.ts';

const event = (stage: string): RunEvent => ({
  type: 'stage-start',
  stage,
  at: '2026-03-04T05:06:07.890Z',
  run: 'run-1',
  version: 2,
});

const stages = (events: readonly RunEvent[]): string[] =>
  events.map((event) => ('stage' in event ? event.stage : event.type));

function recorder() {
  const errors: Error[] = [];
  return { errors, onError: (error: Error) => void errors.push(error) };
}

test('what is appended comes back, in order', async () => {
  const path = join(await temporaryFolder(), 'alpha/journal.jsonl');
  const { errors, onError } = recorder();
  const journal = await openJournal(path, { onError });
  const names = Array.from({ length: 500 }, (_, index) => `s${index} "ä\n\u2028`);
  for (const name of names) journal.append(event(name));
  await journal.flush();
  const read = await journalOf(path);
  expect(stages(read.events)).toEqual(names);
  expect(read.unreadable).toBe(0);
  journal.append(event('last'));
  await journal.close();
  expect((await journalOf(path)).events).toHaveLength(501);
  expect(errors).toEqual([]);
});

test('an event that comes while others are written is not left behind', async () => {
  const path = join(await temporaryFolder(), 'journal.jsonl');
  const journal = await openJournal(path, recorder());
  for (let round = 0; round < 50; round++) {
    journal.append(event(`a${round}`));
    for (let tick = 0; tick < round; tick++) await Promise.resolve();
    journal.append(event(`b${round}`));
  }
  await journal.flush();
  expect((await journalOf(path)).events).toHaveLength(100);
  await journal.close();
});

test('a torn last line is set apart, and counted', async () => {
  const path = join(await temporaryFolder(), 'journal.jsonl');
  await writeFile(path, `${JSON.stringify(event('a'))}\n{"type":"stage-st`);
  const journal = await openJournal(path, recorder());
  journal.append(event('b'));
  await journal.close();
  const read = await journalOf(path);
  expect(stages(read.events)).toEqual(['a', 'b']);
  expect(read.unreadable).toBe(1);
});

test('lines that are no events are counted, and so are events of later versions', async () => {
  const path = join(await temporaryFolder(), 'journal.jsonl');
  const later = { type: 'from-the-future', at: 'x', run: 'y', version: 2 };
  const changed = { ...event('a'), version: 3 };
  const wrong = { ...event('a'), stage: 7 };
  const lines = [later, changed, event('b'), wrong].map((each) => JSON.stringify(each));
  await writeFile(path, `\n7\nnull\n[]\n{"type":1}\n\u0000\n${lines.join('\n')}\n`);
  expect(await journalOf(path)).toEqual({ events: [event('b')], unreadable: 5, unknown: 3 });
});

test('no journal holds no events; a folder is an error', async () => {
  const folder = await temporaryFolder();
  expect(await journalOf(join(folder, 'none'))).toEqual({
    events: [],
    unreadable: 0,
    unknown: 0,
  });
  await expect(journalOf(folder)).rejects.toThrow();
});

test('lines longer than a chunk, and one that is no line at all', async () => {
  const path = join(await temporaryFolder(), 'journal.jsonl');
  const long = 'ä'.repeat(500_000);
  await writeFile(path, `${JSON.stringify(event(long))}\n`);
  for (let part = 0; part < 5; part++) await appendFile(path, Buffer.alloc(16 * 1024 * 1024, 0x61));
  await appendFile(path, `\n${JSON.stringify(event('b'))}`);
  const { events, unreadable } = await journalOf(path);
  expect([stages(events), unreadable]).toEqual([[long, 'b'], 1]);
});

test('two writers of one file do not mix their lines', async () => {
  const path = join(await temporaryFolder(), 'journal.jsonl');
  const journals = [await openJournal(path, recorder()), await openJournal(path, recorder())];
  for (let number = 0; number < 200; number++)
    for (const [index, journal] of journals.entries()) {
      journal.append(event(`${index}-${number}`.padEnd(5000, 'x')));
      if (number % 20 === 0) await journal.flush();
    }
  await Promise.all(journals.map((journal) => journal.close()));
  const read = await journalOf(path);
  expect([read.events.length, read.unreadable]).toEqual([400, 0]);
});

test('a file that cannot be opened is told once, and stops nothing', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'alpha'), 'a file where the folder should be');
  const { errors, onError } = recorder();
  const journal = await openJournal(join(folder, 'alpha/journal.jsonl'), { onError });
  for (let number = 0; number < 200; number++) journal.append(event(`${number}`));
  await journal.flush();
  await journal.close();
  expect(errors).toHaveLength(1);
});

test('an event that is no JSON is told, and stops nothing', async () => {
  const path = join(await temporaryFolder(), 'journal.jsonl');
  const { errors, onError } = recorder();
  const journal = await openJournal(path, { onError });
  journal.append({ ...event('a'), stage: 1n } as never);
  journal.append(event('b'));
  await journal.close();
  expect(errors).toHaveLength(1);
  expect(stages((await journalOf(path)).events)).toEqual(['b']);
});

test('a full disk is told once; what did not fit is written when there is room', async (context) => {
  const root = await temporaryFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', root], { stdio: 'pipe' });
  } catch {
    context.skip('mounting a file system is not allowed here');
  }
  onTestFinished(() => {
    execFileSync('umount', [root]);
  });
  await mkdir(join(root, 'alpha'));
  const path = join(root, 'alpha/journal.jsonl');
  const { errors, onError } = recorder();
  const journal = await openJournal(path, { onError });
  const names = Array.from({ length: 100 }, (_, index) => `${index}-`.padEnd(5000, 'x'));
  for (const name of names) journal.append(event(name));
  await journal.flush();
  expect(errors).toHaveLength(1);
  expect((await readFile(path)).length).toBeLessThan(300_000);
  execFileSync('mount', ['-o', 'remount,size=4m', root]);
  await journal.close();
  const read = await journalOf(path);
  expect(stages(read.events)).toEqual(names);
  expect(read.unreadable).toBeLessThanOrEqual(1);
});
