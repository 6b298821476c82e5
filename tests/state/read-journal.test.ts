import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/domain/event.ts';
import { followJournal, type JournalFollower } from '../../src/state/read-journal.ts';
import { temporaryFolder } from './fixtures.ts';

const event = (stage: string): RunEvent => ({
  type: 'stage-start',
  at: '2026-11-21T00:00:00.000Z',
  run: 'r',
  version: 2,
  stage,
});
const line = (stage: string): string => `${JSON.stringify(event(stage))}\n`;

async function freshOf(follower: JournalFollower): Promise<string[]> {
  const stages: string[] = [];
  for await (const each of follower.fresh())
    if (each.type === 'stage-start') stages.push(each.stage);
  return stages;
}

describe('followJournal', () => {
  it('gives each event once, in order, as the file grows', async () => {
    const path = join(await temporaryFolder(), 'journal.jsonl');
    const follower = followJournal(path);
    expect(await freshOf(follower)).toEqual([]);
    await writeFile(path, line('a') + line('ü'));
    expect(await freshOf(follower)).toEqual(['a', 'ü']);
    expect(await freshOf(follower)).toEqual([]);
    await appendFile(path, line('c'));
    expect(await freshOf(follower)).toEqual(['c']);
  });

  it('leaves a line that is still being written for later, and passes over what is no event', async () => {
    const path = join(await temporaryFolder(), 'journal.jsonl');
    const follower = followJournal(path);
    const second = line('b');
    await writeFile(path, `${line('a')}torn{\n\n${second.slice(0, 10)}`);
    expect(await freshOf(follower)).toEqual(['a']);
    await appendFile(path, second.slice(10));
    expect(await freshOf(follower)).toEqual(['b']);
  });
});
