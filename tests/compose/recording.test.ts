import { mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openRecording } from '../../src/compose/recording.ts';
import { openRecordReplay } from '../../src/compose/record-replay.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { createRedactor } from '../../src/text/redact.ts';
import { recordedEntry, recordingHeader } from '../../src/models/recording/recorded-call.ts';
import { fakeModel } from '../helpers/fake-model.ts';
import { request } from '../models/requests.ts';
import { now, temporaryFolder } from '../state/fixtures.ts';

const header = JSON.stringify(recordingHeader);

/** A line as --record writes it. */
async function lineOf(reply: string, hash: string): Promise<string> {
  const model = fakeModel({ execute: [reply] });
  const result = await model.generate(request());
  const { identity } = model;
  const call = { identity, request: request(), hash, end: { result }, at: now(), durationMs: 1 };
  return JSON.stringify(recordedEntry(call));
}
const [one, two] = ['11'.repeat(32), '22'.repeat(32)];

async function place() {
  const cwd = await temporaryFolder();
  const notes: string[] = [];
  const options = { cwd, warn: (note: string) => void notes.push(note) };
  const featuresDir = join(cwd, 'features');
  const open = (path: string) => openRecording(join(cwd, path), featuresDir, options);
  const config = () => loadConfig({ cwd, env: {}, flags: { trust: true }, home: cwd });
  const play = async (path: string) =>
    openRecordReplay(await config(), createRedactor([]), {
      ...options,
      flags: { replay: join(cwd, path) },
    });
  return {
    cwd,
    notes,
    open,
    play,
    options,
    config,
    read: (path: string) => readFile(join(cwd, path), 'utf8'),
  };
}

describe('a recording', () => {
  test('is new, or goes on after what it holds', async () => {
    const { open, notes, read } = await place();
    const first = await open('rec.jsonl');
    expect(first.has(one)).toBe(false);
    await first.add(one, await lineOf('first', one));
    expect(first.has(one)).toBe(true);
    const again = await open('rec.jsonl');
    expect([again.has(one), again.has(two)]).toEqual([true, false]);
    await again.add(two, await lineOf('second', two));
    expect(await read('rec.jsonl')).toBe(
      `${header}\n${await lineOf('first', one)}\n${await lineOf('second', two)}\n`,
    );
    expect(notes.join('\n')).toContain('Recording to rec.jsonl after the 1 call that it holds');
  });

  test('is not made before its first call', async () => {
    const { open, cwd } = await place();
    await open('rec.jsonl');
    expect(await readdir(cwd)).toEqual([]);
  });

  test('goes on without a last line that was cut off, which is kept beside it', async () => {
    const { open, cwd, notes, read } = await place();
    const whole = `${header}\n${await lineOf('first', one)}\n`;
    const cut = (await lineOf('second', two)).slice(0, 50);
    await writeFile(join(cwd, 'rec.jsonl'), whole + cut);
    const recording = await open('rec.jsonl');
    expect([recording.has(one), recording.has(two)]).toEqual([true, false]);
    expect(await read('rec.jsonl')).toBe(whole);
    expect(await read('rec.jsonl.cut-off-1')).toBe(cut);
    expect(notes[0]).toMatch(/last line of rec\.jsonl is cut off.*rec\.jsonl\.cut-off-1/);
  });

  test.each([
    ['features/alpha/rec.jsonl', 'record-in-features'],
    ['features/rec.jsonl', 'record-in-features'],
    ['features', 'record-in-features'],
    ['link/rec.jsonl', 'record-in-features'],
    ['text.md', 'record-file-exists'],
    ['script.jsonl', 'record-file-exists'],
    ['torn.jsonl', 'record-file-exists'],
    ['broken.jsonl', 'script-invalid'],
    ['none/rec.jsonl', 'record-folder-missing'],
    ['folder', 'record-no-file'],
    ['text.md/rec.jsonl', 'file-in-the-way'],
  ])('to %s is %s, and nothing is touched', async (path, code) => {
    const { open, cwd, read } = await place();
    await mkdir(join(cwd, 'features/alpha'), { recursive: true });
    await mkdir(join(cwd, 'folder'));
    await symlink(join(cwd, 'features/alpha'), join(cwd, 'link'));
    const files = {
      'text.md': '# Mine\n',
      'script.jsonl': '{"script":1,"note":"by hand"}\n',
      'torn.jsonl': header.slice(0, 20),
      'broken.jsonl': `${header}\n{"when":\n${await lineOf('x', one)}\n`,
    };
    for (const [name, text] of Object.entries(files)) await writeFile(join(cwd, name), text);
    const error: unknown = await open(path).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, fix: expect.any(String) as string });
    expect((error as { target: string }).target).toContain(path);
    for (const [name, text] of Object.entries(files)) expect(await read(name)).toBe(text);
    expect(await readdir(join(cwd, 'features/alpha'))).toEqual([]);
  });
});

describe('a replay', () => {
  test('takes roles and providers from the recording, at no price', async () => {
    const { play, cwd } = await place();
    await writeFile(join(cwd, 'rec.jsonl'), `${header}\n${await lineOf('x', one)}\n`);
    const { config, replay } = await play('rec.jsonl');
    expect(config.roles.coder.models).toEqual([{ provider: 'fake', model: 'one' }]);
    expect([...config.providers.values()]).toMatchObject([{ name: 'fake', kind: 'scripted' }]);
    expect([...(replay?.providers.keys() ?? [])]).toEqual(['fake']);
  });

  test('leaves out a last line that was cut off, and says so', async () => {
    const { play, cwd, notes } = await place();
    await writeFile(join(cwd, 'rec.jsonl'), `${header}\n${await lineOf('x', one)}\n{"when":{"st`);
    await play('rec.jsonl');
    expect(notes[0]).toContain('the last line of rec.jsonl is cut off');
    expect(notes[1]).toContain('Replaying 1 recorded call from rec.jsonl');
  });

  test.each([
    ['none.jsonl', 'replay-unreadable', 'none.jsonl'],
    ['text.md', 'replay-not-recorded', 'text.md'],
    ['empty.jsonl', 'replay-empty', 'empty.jsonl'],
    ['edited.jsonl', 'replay-not-recorded', 'edited.jsonl:2'],
  ])('of %s is %s', async (path, code, target) => {
    const { play, cwd } = await place();
    await writeFile(join(cwd, 'text.md'), '# Mine\n');
    await writeFile(join(cwd, 'empty.jsonl'), `${header}\n`);
    const byHand = { when: { stage: 'spec' }, reply: { text: 'x' } };
    await writeFile(join(cwd, 'edited.jsonl'), `${header}\n${JSON.stringify(byHand)}\n`);
    await expect(play(path)).rejects.toMatchObject({ code, target });
  });

  test.each([
    { flags: { record: 'a.jsonl' }, named: '--record' },
    { flags: { script: 'a.jsonl' }, named: '--script' },
    { flags: { role: ['coder=a/b'] }, named: '--role' },
  ])('does not go with $named', async ({ flags, named }) => {
    const { config, options } = await place();
    const opened = openRecordReplay(await config(), createRedactor([]), {
      ...options,
      flags: { ...flags, replay: 'rec.jsonl' },
    });
    await expect(opened).rejects.toMatchObject({ code: 'usage' });
    await expect(opened).rejects.toThrow(`${named} cannot be given with it`);
  });
});
