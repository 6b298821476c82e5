import { describe, expect, it } from 'vitest';
import { cellsOf } from '../../../src/cli/views/cells.ts';
import { runCli, writeFiles } from '../../helpers/run-cli.ts';
import { noTerminal, terminals } from '../../helpers/terminal.ts';
import { documentOf } from '../views/documents.ts';
import { greeting } from './greeting-script.ts';
import { documentIn, greetingProjects, scripted } from './project.ts';

const start = terminals();
const { planned } = greetingProjects();

/** A feature of 200 tasks with long titles of wide characters; half of it is done. */
async function withManyTasks(cwd: string): Promise<void> {
  const many = documentOf(
    Array.from({ length: 200 }, (_, index) => ({
      id: `T${index + 1}`,
      title: `Task ${index + 1} ${'日本語のとても長いタイトル '.repeat(15)}`.trim(),
      status: index < 100 ? ('done' as const) : ('pending' as const),
    })),
    { title: 'Many tasks', updatedAt: '2030-01-01T00:00:00.000Z' },
  );
  await writeFiles(cwd, { 'features/many/tasks.json': JSON.stringify(many, null, 2) });
}

const widest = (screen: string): number => Math.max(...screen.split('\n').map(cellsOf));
/** Colours; other codes are no part of a captured screen. */
const colour = /\u001B\[[\d;]*m/;

describe.skipIf(noTerminal !== null)(`the runner and its terminal ${noTerminal ?? ''}`, () => {
  it.each([
    ['Ctrl-C', ['C-c', 'C-c']],
    ['Ctrl-D', ['C-d']],
  ])('ends with 130 on %s at a question, and gives the terminal back', async (_name, keys) => {
    const cwd = await planned();
    const terminal = await start([], { cwd, env: scripted });
    await terminal.waitFor('? Which feature?');
    await terminal.press('Enter');
    await terminal.waitFor('? What next?');
    const [first = '', second] = keys;
    await terminal.press(first);
    if (second !== undefined) {
      // One step back; there is none before the list of features.
      await terminal.waitFor(
        /\? Which feature\?[^]*\? Which feature\?|\? Which feature\?(?![^]*What next)/,
      );
      await terminal.press(second);
    }
    expect(await terminal.exitCode()).toBe(130);
    expect(await terminal.cursorIsShown()).toBe(true);
    expect(await terminal.screen()).not.toContain('error[');
    // The terminal shows what is typed again, and reads by lines.
    await terminal.type('typed after');
    await terminal.press('Enter');
    await terminal.waitFor(/typed after\ntyped after/);
  });

  it('ends with 130 on Ctrl-C in the middle of a text', async () => {
    const cwd = await planned();
    const terminal = await start(['new'], { cwd, env: scripted });
    await terminal.waitFor('? What is to be built?');
    await terminal.type('Half a bri');
    await terminal.waitFor('Half a bri');
    await terminal.press('C-c');
    expect(await terminal.exitCode()).toBe(130);
  });

  it('leaves by Escape, step by step', async () => {
    const cwd = await planned();
    const terminal = await start([], { cwd, env: scripted });
    await terminal.waitFor('? Which feature?');
    await terminal.press('Enter');
    await terminal.waitFor('? What next?');
    await terminal.press('Escape');
    await terminal.waitFor('✔ What next? Another feature');
    await terminal.waitFor('? Which feature?');
    await terminal.press('Escape');
    expect(await terminal.exitCode()).toBe(0);
  });

  it('ends when its terminal is closed', async () => {
    const cwd = await planned();
    const terminal = await start([], { cwd, env: scripted });
    await terminal.waitFor('? Which feature?');
    const pid = await terminal.pid();
    await terminal.hangUp();
    await expect.poll(() => isAlive(pid), { timeout: 20_000 }).toBe(false);
  });

  it('ends when its terminal is closed during a run, with the task to be done again', async () => {
    const cwd = await planned({ easy: true, slow: 'execute' });
    const terminal = await start(['run', greeting], { cwd, env: scripted });
    await terminal.waitFor('Line 1 of the readme');
    const pid = await terminal.pid();
    await terminal.hangUp();
    await expect.poll(() => isAlive(pid), { timeout: 20_000 }).toBe(false);
    const status = (await documentIn(cwd)).tasks[0]?.status;
    expect(['pending', 'in_progress']).toContain(status);
  });

  it('finds one of 200 tasks by typing, in 40 columns', async () => {
    const cwd = await planned();
    await withManyTasks(cwd);
    const terminal = await start([], { cwd, env: scripted, columns: 40, rows: 24 });
    expect(await terminal.waitFor('? Which feature?')).toContain('❯ many');
    await terminal.press('Enter');
    const menu = await terminal.waitFor('? What next?');
    expect(menu).toContain('before these');
    expect(menu).toContain('○  T101');
    expect(widest(menu)).toBeLessThanOrEqual(40);
    await terminal.type('open');
    await terminal.press('Enter');
    const list = await terminal.waitFor('? Which task?');
    expect(list).toContain('❯ ○ T101');
    expect(list).toMatch(/\d+–\d+ of 201/);
    expect(widest(list)).toBeLessThanOrEqual(40);
    await terminal.press('Home');
    await terminal.waitFor('❯ ✔ T1 ');
    await terminal.press('NPage');
    await terminal.waitFor(/❯ ✔ T1\d/);
    await terminal.press('End');
    await terminal.waitFor('❯   Back');
    await terminal.type('t17 task');
    const found = await terminal.waitFor('? Which task? t17 task');
    expect(found).toContain('❯ ✔ T17');
    expect(found).not.toContain('T18 ');
    await terminal.press('Enter');
    await terminal.waitFor('? Do what with T17?');
  });

  it('says so when nothing is found, and takes the filter back by Escape', async () => {
    const cwd = await planned();
    const terminal = await start([], { cwd, env: scripted });
    await terminal.waitFor('? Which feature?');
    await terminal.type('zzz');
    await terminal.waitFor('nothing has that in its name');
    await terminal.press('Enter');
    await terminal.press('Escape');
    expect(await terminal.waitFor('❯ greeting')).toContain('New feature…');
  });

  it('follows a change of the window’s size, and leaves nothing behind', async () => {
    const cwd = await planned();
    await withManyTasks(cwd);
    const terminal = await start([], { cwd, env: scripted, columns: 100, rows: 40 });
    await terminal.waitFor('? Which feature?');
    await terminal.press('Enter');
    await terminal.waitFor('? What next?');
    await terminal.press('Down');
    await terminal.waitFor('❯ Run the next: T101');
    await terminal.resize(44, 40);
    const narrow = await terminal.waitFor(/❯ Run the next: T101[^\n]*…\n/);
    expect(widest(narrow)).toBeLessThanOrEqual(44);
    await terminal.resize(120, 40);
    await terminal.press('Up');
    const wide = await terminal.waitFor('❯ Run all (100 to do) — Each');
    for (const line of ['? What next?', 'Run the next', 'Another feature', '↑↓ move'])
      expect(wide.split(line)).toHaveLength(2);
  });

  it('shows colours, and none when they are not wanted', async () => {
    const cwd = await planned({ easy: true });
    const looks = async (args: readonly string[], env: Readonly<Record<string, string>>) => {
      const terminal = await start(args, { cwd, env: { ...scripted, ...env } });
      await terminal.waitFor('? Which feature?');
      const list = await terminal.colours();
      await terminal.press('Enter');
      await terminal.waitFor('? What next?');
      return [list, await terminal.colours()];
    };
    for (const screen of await looks([], {})) expect(screen).toMatch(colour);
    for (const screen of await looks([], { NO_COLOR: '1' })) expect(screen).not.toMatch(colour);
    for (const screen of await looks(['--no-color'], {})) expect(screen).not.toMatch(colour);
  });

  it('shows what others wrote as text, never as codes', async () => {
    const cwd = await planned();
    const document = await documentIn(cwd);
    const hostile = '\u001B[2J\u001B[31mowned\u001B]0;owned\u0007';
    const result = {
      outcome: 'not_approved',
      by: 'supervisor',
      at: '2026-01-01T00:00:00.000Z',
      reason: 'No progress.',
      run: null,
      attempt: 1,
      rounds: 1,
      author: `a ${hostile}`,
      reviewer: null,
      files: [],
      gates: [{ gate: `g ${hostile}`, status: 'passed', summary: 'fine' }],
      review: null,
      feedback: null,
    };
    const tasks = document.tasks.map((task) =>
      task.id === 'T1' ? { ...task, status: 'needs_review', result } : task,
    );
    await writeFiles(cwd, {
      [`features/${greeting}/tasks.json`]: JSON.stringify({ ...document, tasks }, null, 2),
      [`features/${greeting}/spec.md`]: `# Spec\n\nText ${hostile}\rshown.\n`,
    });
    const terminal = await start([], { cwd, env: { ...scripted, NO_COLOR: '1' } });
    await terminal.waitFor('? Which feature?');
    await terminal.press('Enter');
    await terminal.waitFor('? What next?');
    await terminal.type('spec');
    await terminal.press('Enter');
    await terminal.waitFor('shown.');
    await terminal.waitFor('? What next?');
    await terminal.type('open');
    await terminal.press('Enter');
    await terminal.waitFor('? Which task?');
    await terminal.type('T1');
    await terminal.press('Enter');
    await terminal.waitFor('? Do what with T1?');
    const shown = await terminal.history();
    // Nothing was cleared, coloured or written over, and nothing is hidden.
    expect(shown).toContain('✔ Which feature? greeting');
    expect(shown).toContain(
      String.raw`Text \u{1b}[2J\u{1b}[31mowned\u{1b}]0;owned\u{7}` + '\nshown.',
    );
    expect(await terminal.colours()).not.toMatch(colour);
  });

  it('needs a terminal, says so, and never hangs', async () => {
    const cwd = await planned();
    for (const input of [undefined, '', 'closed', '\n\n'] as const) {
      const result = await runCli([], { cwd, ...(input !== undefined && { input }) });
      expect(result.exitCode).toBe(2);
      expect(result.stderr).toContain('error[no-terminal]');
      expect(result.stdout).toBe('');
    }
  });

  it('has nothing to say in JSON', async () => {
    const cwd = await planned();
    const terminal = await start(['--json'], { cwd, env: scripted });
    expect(await terminal.exitCode()).toBe(2);
    expect(await terminal.screen()).toContain('"code": "usage"');
  });
});

describe.skipIf(noTerminal !== null)(`run at a terminal ${noTerminal ?? ''}`, () => {
  it('redraws what is being written, and leaves only lines', async () => {
    const cwd = await planned({ easy: true, slow: 'execute', pieceMs: 20 });
    const terminal = await start(['run', greeting], { cwd, env: scripted, rows: 30 });
    await terminal.waitFor(/▶ T1 Write the readme · writing[^\n]*characters[^]*0\/3/);
    expect(await terminal.exitCode()).toBe(0);
    const left = await terminal.history();
    expect(left).toContain('T1   done: ');
    expect(left).toContain('3/3 settled');
    expect(left).not.toMatch(/▶|of the readme says|0\/3/);
  });

  it('counts what is left to do of a feature that is partly done', async () => {
    const cwd = await planned({ easy: true, slow: 'execute', pieceMs: 20 });
    await runCli(['task', 'set-status', greeting, 'T3', 'skipped'], { cwd });
    const terminal = await start(['run', greeting], { cwd, env: scripted });
    await terminal.waitFor(/▶ T1 Write the readme[^]*0\/2/);
    expect(await terminal.exitCode()).toBe(0);
  });

  it('keeps only the lines of its window in a window of six rows', async () => {
    const cwd = await planned({ easy: true, slow: 'execute' });
    const size = { columns: 40, rows: 6 };
    const terminal = await start(['run', greeting], { cwd, env: scripted, ...size });
    await terminal.waitFor(/▶ T1 Write[^]*0\/3/);
    await terminal.press('C-c');
    expect(await terminal.exitCode()).toBe(130);
    expect(await terminal.history()).not.toMatch(/▶|of the readme|0\/3/);
  });

  it('shows no progress when it is told to be quiet', async () => {
    const cwd = await planned({ easy: true });
    const terminal = await start(['run', greeting, '--quiet'], { cwd, env: scripted });
    expect(await terminal.exitCode()).toBe(0);
    const left = await terminal.history();
    expect(left).not.toContain('T1   ');
    expect(left).toContain('3/3 settled');
  });

  it('has no colours with NO_COLOR', async () => {
    const cwd = await planned({ easy: true, slow: 'execute' });
    const env = { ...scripted, NO_COLOR: '1' };
    const terminal = await start(['run', greeting], { cwd, env });
    await terminal.waitFor('Line 1 of the readme');
    expect(await terminal.colours()).not.toMatch(colour);
    await terminal.press('C-c');
    expect(await terminal.exitCode()).toBe(130);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
