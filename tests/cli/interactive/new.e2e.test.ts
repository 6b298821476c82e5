import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { noTerminal, terminals } from '../../helpers/terminal.ts';
import { brief, greeting } from './greeting-script.ts';
import { documentIn, greetingProjects, journalIn, scripted, setScript } from './project.ts';

const start = terminals();
const { unplanned } = greetingProjects();

const fileIn = (cwd: string, path: string, slug = greeting): Promise<string> =>
  readFile(join(cwd, 'features', slug, path), 'utf8');

const stagesIn = async (cwd: string): Promise<string[]> =>
  (await journalIn(cwd)).flatMap((event) =>
    event.type === 'call-start' ? [event.purpose.stage] : [],
  );

describe.skipIf(noTerminal !== null)(`new at a terminal ${noTerminal ?? ''}`, () => {
  it('puts its questions, streams the spec whole, and shows the graph', async () => {
    const cwd = await unplanned();
    const terminal = await start(['new', 'brief.md', '--ask'], { cwd, env: scripted });
    const first = await terminal.waitFor('? Your answer (English)');
    expect(first).toContain('1. Which language are the greetings in?');
    expect(first).toContain('The brief does not say.');
    await terminal.type('German');
    await terminal.press('Enter');
    await terminal.waitFor('? Your answer (returned)');
    await terminal.press('Enter');
    expect(await terminal.exitCode()).toBe(0);
    const shown = await terminal.history();
    expect(shown).toContain((await fileIn(cwd, 'spec.md')).trim());
    expect(shown).toContain('○  T1    ready');
    expect(shown).not.toContain('▶');
    const answers = await journalIn(cwd);
    expect(answers.some(({ type }) => type === 'warning')).toBe(false);
    expect(JSON.parse(await fileIn(cwd, 'answers.json'))).toMatchObject([
      { answer: 'German', assumed: false },
      { answer: 'returned', assumed: true },
    ]);
  });

  it('asks nothing when it is told not to', async () => {
    const cwd = await unplanned();
    const terminal = await start(['new', 'brief.md', '--no-ask'], { cwd, env: scripted });
    expect(await terminal.exitCode()).toBe(0);
    expect(await stagesIn(cwd)).toEqual(['spec', 'plan', 'refine']);
  });

  it('ends with 130 when a question is left by Ctrl-C, and asks again the next time', async () => {
    const cwd = await unplanned();
    const terminal = await start(['new', 'brief.md', '--ask'], { cwd, env: scripted });
    await terminal.waitFor('? Your answer (English)');
    await terminal.press('C-c');
    expect(await terminal.exitCode()).toBe(130);
    expect(await terminal.cursorIsShown()).toBe(true);
    const again = await start(['new', 'brief.md', '--ask'], { cwd, env: scripted });
    await again.waitFor('? Your answer (English)');
    await again.press('C-c');
    expect(await again.exitCode()).toBe(130);
    expect((await stagesIn(cwd)).filter((stage) => stage === 'clarify')).toHaveLength(1);
  });

  it('ends with 130 on Ctrl-C in the middle of the spec, and goes on the next time', async () => {
    const cwd = await unplanned({ slow: 'spec' });
    const terminal = await start(['new', 'brief.md', '--no-ask'], { cwd, env: scripted });
    await terminal.waitFor('# Greeting');
    await terminal.press('C-c');
    expect(await terminal.exitCode()).toBe(130);
    expect(await terminal.cursorIsShown()).toBe(true);
    await setScript(cwd);
    const again = await start(['new', 'brief.md', '--no-ask'], { cwd, env: scripted });
    expect(await again.exitCode()).toBe(0);
    expect((await documentIn(cwd)).tasks).toHaveLength(3);
  });

  it('takes a brief that is typed', async () => {
    const cwd = await unplanned();
    const terminal = await start(['new', '--no-ask', '--name', 'typed'], { cwd, env: scripted });
    await terminal.waitFor('? What is to be built?');
    await terminal.type('A tool that greets people, also 日本語で');
    await terminal.press('Enter');
    expect(await terminal.exitCode()).toBe(0);
    expect(await fileIn(cwd, 'brief.md', 'typed')).toContain(
      'A tool that greets people, also 日本語で',
    );
  });

  it('takes all lines of a brief that is pasted', async () => {
    const cwd = await unplanned();
    const terminal = await start(['new', '--no-ask'], { cwd, env: scripted });
    await terminal.waitFor('? What is to be built?');
    await terminal.paste(`${brief}\n\tIndented by a tab.\n`);
    const pasted = await terminal.waitFor('Indented by a tab.');
    expect(pasted).not.toContain('exit=');
    await terminal.press('Enter');
    await terminal.waitFor('✔ What is to be built? # Greeting (and');
    expect(await terminal.exitCode()).toBe(0);
    const kept = await fileIn(cwd, 'brief.md');
    for (const line of brief.trim().split('\n')) expect(kept).toContain(line);
    expect(kept).toContain('\tIndented by a tab.');
    // Nothing of it is left for whoever reads the terminal next.
    expect((await terminal.screen()).split('exit=0')[1]?.trim()).toBe('');
  });

  it('takes the name of a file for its text, and a mistyped one for no brief', async () => {
    const cwd = await unplanned();
    const terminal = await start(['new', '--no-ask'], { cwd, env: scripted });
    await terminal.waitFor('? What is to be built?');
    for (const name of ['breif.md', './docs/brief']) {
      await terminal.type(name);
      await terminal.press('Enter');
      await terminal.waitFor(`There is no file ${name}.`);
    }
    await terminal.type('brief.md');
    await terminal.press('Enter');
    expect(await terminal.exitCode()).toBe(0);
    expect(await fileIn(cwd, 'brief.md')).toBe(brief);
  });

  it('opens the editor when nothing is typed', async () => {
    const cwd = await unplanned();
    const env = { ...scripted, EDITOR: 'cp brief.md' };
    const terminal = await start(['new', '--no-ask'], { cwd, env });
    await terminal.waitFor('? What is to be built?');
    await terminal.press('Enter');
    expect(await terminal.exitCode()).toBe(0);
    expect(await fileIn(cwd, 'brief.md')).toBe(brief);
  });

  it('makes nothing of an editor that fails, or leaves nothing', async () => {
    const cwd = await unplanned();
    const failing = await start(['new'], { cwd, env: { ...scripted, EDITOR: 'no-such-editor' } });
    await failing.waitFor('? What is to be built?');
    await failing.press('Enter');
    expect(await failing.exitCode()).toBe(2);
    expect(await failing.screen()).toContain('error[editor-failed]');
    const empty = await start(['new'], { cwd, env: { ...scripted, EDITOR: 'true' } });
    await empty.waitFor('? What is to be built?');
    await empty.press('Enter');
    expect(await empty.exitCode()).toBe(2);
    expect(await empty.screen()).toContain('error[brief-missing]');
  });

  it('plans from the runner, can be stopped there, and goes on', async () => {
    const cwd = await unplanned({ slow: 'spec' });
    const terminal = await start([], { cwd, env: scripted });
    expect(await terminal.waitFor('? Which feature?')).toContain('❯ New feature…');
    await terminal.press('Enter');
    await terminal.waitFor('? What is to be built?');
    await terminal.type('brief.md');
    await terminal.press('Enter');
    await terminal.waitFor('? Its name greeting');
    await terminal.press('Enter');
    await terminal.waitFor('? Your answer (English)');
    await terminal.press('Enter');
    await terminal.waitFor('? Your answer (returned)');
    await terminal.press('Enter');
    await terminal.waitFor('# Greeting');
    await terminal.press('C-c');
    const list = await terminal.waitFor(/Stopped\.[^]*\? Which feature\?/);
    expect(list).toContain('❯ greeting  its plan is not finished');

    await setScript(cwd);
    await terminal.press('Enter');
    expect(await terminal.waitFor('? What next?')).toContain('○  T1    ready');
    expect((await stagesIn(cwd)).filter((stage) => stage === 'clarify')).toHaveLength(1);
  });
});
