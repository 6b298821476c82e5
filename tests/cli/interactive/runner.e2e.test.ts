import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { debateReply, isDebate, threeVendors } from '../../helpers/debate-models.ts';
import { writeFiles } from '../../helpers/run-cli.ts';
import { noTerminal, terminals } from '../../helpers/terminal.ts';
import { greeting, readme } from './greeting-script.ts';
import { documentIn, greetingProjects, journalIn, scripted, setScript, taskIn } from './project.ts';

const start = terminals();
const { planned } = greetingProjects();

async function openGreeting(cwd: string, options: { env?: Record<string, string> } = {}) {
  const terminal = await start([], { cwd, env: { ...scripted, ...options.env } });
  await terminal.waitFor('? Which feature?');
  await terminal.press('Enter');
  await terminal.waitFor('? What next?');
  return terminal;
}

const callsFor = async (cwd: string, stage: string, task: string) =>
  (await journalIn(cwd)).filter(
    (event) => 'purpose' in event && event.purpose.stage === stage && event.purpose.task === task,
  );

describe.skipIf(noTerminal !== null)(`the interactive runner ${noTerminal ?? ''}`, () => {
  it('runs a feature from the first look to approved files', async () => {
    const cwd = await planned({ easy: true });
    const lines = readme.map((line) => `${line}\n`);
    const old = lines.with(20, 'To be written.\n');
    await writeFiles(cwd, { 'README.md': old.join('') });
    const terminal = await start([], { cwd, env: scripted });
    expect(await terminal.waitFor('? Which feature?')).toContain('❯ greeting  0/3 settled');
    await terminal.press('Enter');
    const menu = await terminal.waitFor('? What next?');
    expect(menu).toContain('○  T1    ready    boilerplate  Write the readme');
    expect(menu).toContain('❯ Run all (3 to do)');
    await terminal.press('Enter');
    const end = await terminal.waitFor(/3\/3 settled[^]*\? What next\?/);
    expect(end).toContain('All is settled.');
    expect(end).toContain('❯ See all approved changes');
    expect(end).not.toContain('▶');
    expect((await documentIn(cwd)).tasks.map(({ status }) => status)).toEqual([
      'done',
      'done',
      'done',
    ]);
    const file = join(cwd, 'features', greeting, 'workspace', 'src', 'greet.js.draft');
    expect(await readFile(file, 'utf8')).toContain('Hello');

    await terminal.press('Enter');
    await terminal.waitFor('Approved files:');
    await terminal.waitFor('? What next?');
    expect(await terminal.history()).toContain('+export const greet');
    const mine = old.with(2, 'Mine.\n').join('');
    await writeFiles(cwd, { 'README.md': mine });
    await terminal.type('look again');
    await terminal.press('Enter');
    await terminal.waitFor('? What next?');
    await terminal.type('merge');
    await terminal.press('Enter');
    expect(await terminal.waitFor('? Write this and the rest of the work?')).toContain(
      '-To be written.',
    );
    await terminal.press('Enter');
    await terminal.waitFor('In your files, not committed:');
    await terminal.waitFor('? What next?');
    expect(await readFile(join(cwd, 'src/greet.js'), 'utf8')).toContain('Hello');
    expect(await readFile(join(cwd, 'README.md'), 'utf8')).toBe(lines.with(2, 'Mine.\n').join(''));
    await terminal.type('undo');
    await terminal.press('Enter');
    await terminal.waitFor('As before:');
    await terminal.waitFor('? What next?');
    await expect(readFile(join(cwd, 'src/greet.js'))).rejects.toThrow('ENOENT');
    expect(await readFile(join(cwd, 'README.md'), 'utf8')).toBe(mine);
    await terminal.type('quit');
    await terminal.press('Enter');
    expect(await terminal.exitCode()).toBe(0);
    expect(await terminal.cursorIsShown()).toBe(true);
  });

  it('shows what is being written, stops it on Ctrl-C, and goes on from there later', async () => {
    const cwd = await planned({ easy: true, slow: 'execute' });
    const tell = `require('fs').appendFileSync('../told.txt', process.env.BLUEPRINT_MESSAGE + '\\n')`;
    const notify = JSON.stringify([process.execPath, '-e', tell]);
    const terminal = await openGreeting(cwd, { env: { BLUEPRINT_NOTIFY_COMMAND: notify } });
    await terminal.press('Enter');
    const streaming = await terminal.waitFor('Line 2 of the readme');
    expect(streaming).toContain('▶ T1 Write the readme · writing');
    expect(streaming).toMatch(/\[-+\] 0\/3/);
    await terminal.press('C-c');
    const menu = await terminal.waitFor(/Stopped\.[^]*\? What next\?/);
    expect(menu).not.toMatch(/▶|Line 2 of the readme|\^C/);
    expect((await taskIn(cwd, 'T1')).status).toBe('pending');

    await setScript(cwd, { easy: true });
    await terminal.press('Enter');
    await terminal.waitFor(/3\/3 settled[^]*\? What next\?/);
    expect(await terminal.history()).toContain('T1   goes on: Write the readme');
    const told = await readFile(join(cwd, '../told.txt'), 'utf8');
    expect(told).toMatch(
      /^run greeting: Interrupted\..*\nrun greeting: done\. 3 of 3 tasks settled.*\n$/,
    );
    await terminal.press('C-c');
    await terminal.waitFor('? Which feature?');
    await terminal.press('C-c');
    expect(await terminal.exitCode()).toBe(130);
  });

  it('goes back one step from any question, and shows what a run would do and cost', async () => {
    const cwd = await planned({ easy: true });
    const terminal = await openGreeting(cwd);
    for (const key of ['C-c', 'Escape']) {
      await terminal.type('add');
      await terminal.waitFor('❯ Add a task…');
      await terminal.press('Enter');
      await terminal.waitFor('? Its title');
      await terminal.press(key);
      await terminal.waitFor(/Its title[^]*\? What next\?[^]*❯/);
    }
    await terminal.type('would do');
    await terminal.waitFor('❯ See what a run would do and cost');
    await terminal.press('Enter');
    await terminal.waitFor(/Critical path: T1[^]*\? What next\?/);
    await terminal.type('has cost');
    await terminal.waitFor('❯ See what it has cost');
    await terminal.press('Enter');
    await terminal.waitFor(/calls[^]*\? What next\?/);
    expect((await taskIn(cwd, 'T1')).status).toBe('pending');
  });

  it('shows what is longer than the screen in the pager', async () => {
    const cwd = await planned({ easy: true });
    const env = { ...scripted, PAGER: 'sed s/^/paged:/' };
    const terminal = await start([], { cwd, env, rows: 8 });
    await terminal.waitFor('? Which feature?');
    await terminal.press('Enter');
    await terminal.waitFor('? What next?');
    await terminal.type('spec');
    await terminal.waitFor('❯ Read the spec');
    await terminal.press('Enter');
    await expect.poll(() => terminal.history()).toContain('paged:# Greeting');
    await terminal.waitFor(/\? What next\?/);
  });

  it('repeats no finished call after a task was stopped', async () => {
    const cwd = await planned({ easy: true, slow: 'review' });
    const terminal = await openGreeting(cwd);
    await terminal.type('next');
    await terminal.waitFor('❯ Run the next: T1');
    await terminal.press('Enter');
    await terminal.waitFor(/▶ T1 Write the readme · reviewing[^\n]*characters/);
    await terminal.press('C-c');
    await terminal.waitFor(/Stopped\.[^]*\? What next\?/);
    expect((await taskIn(cwd, 'T1')).status).toBe('pending');

    await setScript(cwd, { easy: true });
    await terminal.press('Enter');
    await terminal.waitFor(/3\/3 settled[^]*\? What next\?/);
    const calls = await callsFor(cwd, 'execute', 'T1');
    expect(calls.filter(({ type }) => type === 'call-start')).toHaveLength(1);
    expect(
      calls.filter((event) => event.type === 'call-finish').map(({ stored }) => stored),
    ).toEqual([false, true]);
  });

  it('keeps what is typed during a run out of the screen and of the next question', async () => {
    const cwd = await planned({ easy: true, slow: 'execute' });
    const terminal = await openGreeting(cwd);
    await terminal.press('Enter');
    await terminal.waitFor('Line 1 of the readme');
    await terminal.type('quit');
    await terminal.press('Enter', 'Enter', 'Enter');
    const streaming = await terminal.waitFor('Line 3 of the readme');
    expect(streaming.match(/▶ T1/g)).toHaveLength(1);
    expect(streaming).not.toContain('quit');
    await terminal.press('C-c');
    expect(await terminal.waitFor(/Stopped\.[^]*\? What next\?/)).toContain('❯ Run all');
  });

  it('has rejected work corrected by the person’s words, and approved', async () => {
    const cwd = await planned();
    const terminal = await openGreeting(cwd);
    await terminal.press('Enter');
    const waiting = await terminal.waitFor('❯ Review what waits for you (1)');
    expect(waiting).toContain('?  T2    needs_review');
    await terminal.press('Enter');
    await terminal.waitFor('? Your verdict on T2?');
    const shown = await terminal.history();
    expect(shown).toContain("+export const greet = (name = 'world') => `Good day, ${name}!`;");
    expect(shown).toContain(
      '- F1 major, correctness at src/greet.js:1, cites T2.1: The greeting is cold.',
    );
    await terminal.press('Down', 'Enter');
    await terminal.waitFor('? What is to be different?');
    await terminal.type('Say Dearest instead');
    await terminal.press('Enter');
    await terminal.waitFor(/3\/3 settled[^]*\? What next\?/);
    const task = await taskIn(cwd, 'T2');
    expect(task).toMatchObject({ status: 'done', result: { outcome: 'approved', attempt: 2 } });
    const file = join(cwd, 'features', greeting, 'workspace', 'src', 'greet.js.draft');
    expect(await readFile(file, 'utf8')).toContain('Dearest');
  });

  it('approves work as a person has edited it', async () => {
    const cwd = await planned();
    const terminal = await openGreeting(cwd);
    await terminal.press('Enter');
    await terminal.waitFor('❯ Review what waits for you (1)');
    await terminal.press('Enter');
    await terminal.waitFor('? Your verdict on T2?');
    const kept = `features/${greeting}/partial/T2/1/files/src/greet.js.draft`;
    await writeFiles(cwd, { [kept]: 'export const greet = () => "By hand";\n' });
    await terminal.type('edited');
    await terminal.press('Enter');
    await terminal.waitFor(/\+export const greet = \(\) => "By hand";[^]*\? Your verdict on T2\?/);
    await terminal.press('Enter');
    await terminal.waitFor(/T2 is approved: src\/greet\.js \(with your edits\)/);
    await terminal.waitFor('? What next?');
    const file = join(cwd, 'features', greeting, 'workspace', 'src', 'greet.js.draft');
    expect(await readFile(file, 'utf8')).toContain('By hand');
  });

  it('leaves the work as it is when nothing is said of it', async () => {
    const cwd = await planned();
    const terminal = await openGreeting(cwd, { env: { EDITOR: 'true' } });
    await terminal.press('Enter');
    await terminal.waitFor('❯ Review what waits for you (1)');
    await terminal.press('Enter');
    await terminal.waitFor('? Your verdict on T2?');
    await terminal.press('Down', 'Enter');
    await terminal.waitFor('? What is to be different?');
    await terminal.press('Enter');
    await terminal.waitFor(/Nothing was said[^]*\? Your verdict on T2\?/);
    await terminal.press('Escape');
    await terminal.waitFor('? What next?');
    expect((await taskIn(cwd, 'T2')).status).toBe('needs_review');
  });

  it('sets a status by hand', async () => {
    const cwd = await planned();
    const terminal = await openGreeting(cwd);
    await terminal.type('open');
    await terminal.press('Enter');
    await terminal.waitFor('? Which task?');
    await terminal.type('T1');
    await terminal.press('Enter');
    await terminal.waitFor('? Do what with T1?');
    await terminal.type('status');
    await terminal.press('Enter');
    await terminal.waitFor('? T1 is pending; set it to');
    await terminal.type('skip');
    await terminal.press('Enter');
    expect(await terminal.waitFor(/set by you\.[^]*\? What next\?/)).toContain('1/3 settled');
    expect(await taskIn(cwd, 'T1')).toMatchObject({
      status: 'skipped',
      result: { outcome: 'set_by_hand', by: 'person' },
    });
  });

  it('edits a task in the line and in the editor, and says why an edit cannot be kept', async () => {
    const cwd = await planned();
    await writeFiles(cwd, { 'editor.sh': 'printf "Written in the editor.\\n" > "$1"\n' });
    const terminal = await openGreeting(cwd, { env: { EDITOR: 'sh editor.sh' } });
    await terminal.type('open');
    await terminal.press('Enter');
    await terminal.waitFor('? Which task?');
    await terminal.type('name the');
    await terminal.press('Enter');
    await terminal.waitFor('? Do what with T3?');
    await terminal.type('edit');
    await terminal.press('Enter');
    await terminal.waitFor('? Edit what of T3?');
    await terminal.press('Enter');
    await terminal.waitFor('? Title Name the world');
    await terminal.type(' 世界');
    await terminal.press('Enter');
    await terminal.waitFor(/Title changed\.[^]*\? Edit what of T3\?/);
    await terminal.press('Down', 'Enter');
    await terminal.waitFor(/Description changed\.[^]*\? Edit what of T3\?/);
    await terminal.type('after');
    await terminal.press('Enter');
    await terminal.waitFor('? After, separated by commas T1');
    await terminal.type(', T9');
    await terminal.press('Enter');
    await terminal.waitFor(/depends on T9, which does not exist[^]*\? Edit what of T3\?/);
    expect(await taskIn(cwd, 'T3')).toMatchObject({
      title: 'Name the world 世界',
      description: 'Written in the editor.',
      dependsOn: ['T1'],
    });
  });

  it('adds a task and removes it', async () => {
    const cwd = await planned();
    const terminal = await openGreeting(cwd);
    await terminal.type('add');
    await terminal.press('Enter');
    await terminal.waitFor('? Its title');
    await terminal.type('Say goodbye');
    await terminal.press('Enter');
    await terminal.waitFor('? Its type');
    await terminal.press('Enter');
    await terminal.waitFor('? After which tasks?');
    await terminal.type('T2 T3');
    await terminal.press('Enter');
    await terminal.waitFor(/T4 is added[^]*\? Edit what of T4\?/);
    expect(await taskIn(cwd, 'T4')).toMatchObject({
      title: 'Say goodbye',
      type: 'code',
      dependsOn: ['T2', 'T3'],
      status: 'pending',
    });
    await terminal.press('Escape');
    await terminal.waitFor('? What next?');
    await terminal.type('open');
    await terminal.press('Enter');
    await terminal.waitFor('? Which task?');
    await terminal.type('goodbye');
    await terminal.press('Enter');
    await terminal.waitFor('? Do what with T4?');
    await terminal.type('remove');
    await terminal.press('Enter');
    await terminal.waitFor('? Remove T4?');
    await terminal.type('y');
    await terminal.press('Enter');
    await terminal.waitFor(/T4 is removed\.[^]*\? What next\?/);
    expect((await documentIn(cwd)).tasks).toHaveLength(3);
  });

  it('lists a feature that cannot be read with its fault, and lets the others be used', async () => {
    const cwd = await planned({ easy: true });
    const broken = '{\n  "schemaVersion": 1,\n  "title":';
    await writeFiles(cwd, { 'features/broken/tasks.json': broken });
    const terminal = await start([], { cwd, env: scripted });
    const list = await terminal.waitFor('? Which feature?');
    expect(list).toContain('cannot be read: features/broken/tasks.json:3');
    await terminal.type('broken');
    await terminal.press('Enter');
    const told = await terminal.waitFor(/error\[tasks-file-truncated\][^]*\? Which feature\?/);
    expect(told).toContain('fix: ');
    await terminal.type('greeting');
    await terminal.press('Enter');
    await terminal.waitFor('? What next?');
    expect(await readFile(join(cwd, 'features/broken/tasks.json'), 'utf8')).toBe(broken);
  });

  it('shows a change that another process made', async () => {
    const cwd = await planned();
    const terminal = await openGreeting(cwd);
    const document = await documentIn(cwd);
    for (const task of document.tasks) task.title = `${task.title}, changed outside`;
    await writeFiles(cwd, {
      [`features/${greeting}/tasks.json`]: JSON.stringify(document, null, 2),
    });
    await terminal.type('look again');
    await terminal.press('Enter');
    expect(await terminal.waitFor('changed outside')).toContain('? What next?');
  });

  it('shows the same, tables included, when it is told to be quiet', async () => {
    const cwd = await planned();
    const terminal = await start(['--quiet'], { cwd, env: scripted });
    await terminal.waitFor('? Which feature?');
    await terminal.press('Enter');
    expect(await terminal.waitFor('? What next?')).toContain('○  T1    ready');
  });

  it('debates the spec, and writes what its actions change after a look', async () => {
    const cwd = await planned({ easy: true });
    const spec = join(cwd, 'features', greeting, 'spec.md');
    const before = await readFile(spec, 'utf8');
    const changed = `FILE: spec.md\n\`\`\`\`md\n${before}\nSessions expire.\n\`\`\`\`\n`;
    const vendors = await threeVendors((request) =>
      isDebate(request) ? debateReply(request) : changed,
    );
    const terminal = await start([], { cwd, env: { ...vendors.env, PAGER: 'cat' } });
    await terminal.waitFor('? Which feature?');
    await terminal.press('Enter');
    await terminal.waitFor('? What next?');
    await terminal.type('debate');
    await terminal.press('Enter');
    const asked = await terminal.waitFor('? Debate it?');
    expect(asked).toContain('Critic A:   openai/gpt-5.6-sol (gpt)');
    expect(asked).toContain('No call was made.');
    expect(vendors.requests()).toHaveLength(0);
    await terminal.press('Enter');
    expect(await terminal.waitFor('? See what its actions would change')).toContain('CONDITIONAL');
    await terminal.press('Enter');
    expect(await terminal.waitFor('? Write this?')).toContain('+Sessions expire.');
    await terminal.type('y');
    await terminal.press('Enter');
    await terminal.waitFor('Written: ');
    expect(await readFile(spec, 'utf8')).toContain('Sessions expire.');
    await terminal.waitFor('? What next?');
    await terminal.type('quit');
    await terminal.press('Enter');
    expect(await terminal.exitCode()).toBe(0);
    await vendors.close();
  });
});
