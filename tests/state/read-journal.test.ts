import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/domain/event.ts';
import { followJournal } from '../../src/state/read-journal.ts';
import { eventLine } from '../../src/report/event-line.ts';
import { journalOf } from '../helpers/journal.ts';
import { temporaryFolder } from './fixtures.ts';

const event = (stage: string): RunEvent => ({
  type: 'stage-start',
  at: '2026-11-21T00:00:00.000Z',
  run: 'r',
  version: 2,
  stage,
});
const line = (stage: string): string => `${JSON.stringify(event(stage))}\n`;

async function freshOf(newEvents: ReturnType<typeof followJournal>): Promise<string[]> {
  const stages: string[] = [];
  for await (const each of newEvents()) if (each.type === 'stage-start') stages.push(each.stage);
  return stages;
}

describe('followJournal', () => {
  it('gives each event once, in order, as the file grows', async () => {
    const path = join(await temporaryFolder(), 'journal.jsonl');
    const newEvents = followJournal(path);
    expect(await freshOf(newEvents)).toEqual([]);
    await writeFile(path, line('a') + line('ü'));
    expect(await freshOf(newEvents)).toEqual(['a', 'ü']);
    expect(await freshOf(newEvents)).toEqual([]);
    await appendFile(path, line('c'));
    expect(await freshOf(newEvents)).toEqual(['c']);
  });

  it('leaves a line that is still being written for later, and passes over what is no event', async () => {
    const path = join(await temporaryFolder(), 'journal.jsonl');
    const newEvents = followJournal(path);
    const second = line('b');
    await writeFile(path, `${line('a')}torn{\n\n${second.slice(0, 10)}`);
    expect(await freshOf(newEvents)).toEqual(['a']);
    await appendFile(path, second.slice(10));
    expect(await freshOf(newEvents)).toEqual(['b']);
  });
});

describe('a journal of version 0.1.0', () => {
  const fixture = (name: string): string =>
    fileURLToPath(new URL(`../fixtures/version-0.1.0/${name}-journal.jsonl`, import.meta.url));

  it.each(['run', 'ask', 'tournament'])(
    'is read whole, but for what was streamed: %s',
    async (name) => {
      const written = (await readFile(fixture(name), 'utf8')).trimEnd().split('\n');
      const { events, unreadable, unknown } = await journalOf(fixture(name));
      expect([unreadable, unknown]).toEqual([0, 0]);
      expect(events).toHaveLength(
        written.filter((each) => !each.includes('"type":"call-delta"')).length,
      );
    },
  );

  it('has its steps as they are written now', async () => {
    const lines = async (name: string) =>
      (await journalOf(fixture(name))).events
        .filter(({ type }) => type === 'step-finish')
        .map(eventLine);
    expect(await lines('ask')).toEqual([
      'ensemble plan: medium (asked for)',
      'ensemble answer openai/gpt-5.6-terra: given',
      'ensemble answer anthropic/claude-sonnet-5-5: given',
      'ensemble finish: needs review (2 of 2 answered, chosen)',
    ]);
    expect(await lines('tournament')).toEqual(
      expect.arrayContaining([
        'spec tournament candidate C2: passed',
        'spec tournament critic C2/tests: accept',
        'spec tournament rank: C2 (The verdict turned with the order. As given: A it is. Turned round, so that A is the second: A it is.)',
        'spec tournament finish C2: needs review (judge_order_flip)',
      ]),
    );
  });

  it('has its rounds of synthesis', async () => {
    const path = join(await temporaryFolder(), 'journal.jsonl');
    const stamp = { at: '2026-11-21T00:00:00.000Z', run: 'r', task: 'T1' };
    const old = {
      type: 'synthesis-finish',
      ...stamp,
      round: 1,
      accepted: false,
      reason: 'no gain',
    };
    await writeFile(path, `${JSON.stringify(old)}\n`);
    expect((await journalOf(path)).events).toEqual([
      {
        type: 'step-finish',
        ...stamp,
        version: 2,
        of: 'tournament',
        step: 'synthesis',
        name: 'S1',
        outcome: 'not_taken',
        detail: 'no gain',
        data: { round: 1, accepted: false, reason: 'no gain' },
      },
    ]);
  });
});
