import { describe, expect, it } from 'vitest';
import { createLiveView } from '../../../src/cli/views/live.ts';
import { screenOn, virtualTerminal } from '../../helpers/virtual-terminal.ts';
import {
  callFinish,
  callRetry,
  callStart,
  delta,
  event,
  leftPending,
  runStart,
  taskFinish,
  taskStart,
} from './events.ts';

function viewOn(columns: number, rows: number, options: Parameters<typeof screenOn>[1] = {}) {
  const terminal = virtualTerminal(columns, rows);
  let now = 0;
  const view = createLiveView(screenOn(terminal, options), () => now);
  return { terminal, view, wait: (ms: number) => (now += ms) };
}

/** What a run says when nothing is redrawn: the lines that are to be left in the end. */
function plainLines(events: readonly Parameters<ReturnType<typeof createLiveView>['listen']>[0][]) {
  const { terminal, view } = viewOn(200, 50, { live: false });
  for (const one of events) view.listen(one);
  view.close();
  return terminal.lines();
}

function longRun(tasks: number) {
  const ids = Array.from({ length: tasks }, (_, index) => `T${index + 1}`);
  return [
    runStart(tasks),
    ...ids.map((id) => taskStart(id, `The title of ${id} 日本語`)),
    ...ids.map((id) => callStart('execute', id)),
    ...ids.flatMap((id) =>
      Array.from({ length: 12 }, (_, index) =>
        delta('execute', id, `line ${index} of ${id} is being written here, 日本語\n`),
      ),
    ),
    ...ids.map((id) => callFinish('execute', id)),
    ...ids.map((id) => taskFinish(id)),
  ];
}

describe('the live view at a terminal', () => {
  it('shows below the finished lines what is being written, and how far the run is', async () => {
    const { terminal, view, wait } = viewOn(80, 24);
    view.listen(runStart(2));
    view.listen(taskStart('T1'));
    view.listen(callStart('execute', 'T1'));
    wait(5_000);
    view.listen(delta('execute', 'T1', 'first\nsecond\nthird'));
    view.note('A note.');
    expect(await terminal.lines()).toEqual([
      'T1   starts: Title of T1',
      'A note.',
      '▶ T1 Title of T1 · writing · 5 s · 18 characters · vendor/model',
      '  first',
      '  second',
      '  third',
      '[--------------------] 0/2 · 5 s',
    ]);
    view.close();
  });

  it('shows which tests are run, before any work and for a task, and leaves no line of it', async () => {
    const { terminal, view, wait } = viewOn(80, 24);
    const runs = (task: string | null, seconds: number, tests: number) =>
      event({
        type: 'gate-progress',
        task,
        runner: 'npm test',
        seconds,
        tests,
        last: tests === 0 ? null : 'a.js › adds',
      });
    view.listen(runStart(1));
    view.listen(runs(null, 0, 0));
    wait(8_000);
    view.listen(runs(null, 8, 3));
    view.note('A note.');
    expect(await terminal.lines()).toEqual([
      'A note.',
      '▶ before any work  · running npm test · 8 s',
      '  3 tests, the last: a.js › adds',
      '[--------------------] 0/1 · 8 s',
    ]);
    view.listen(event({ type: 'gate-outlook', gate: 'tests', found: '3 tests passed' }));
    view.listen(taskStart('T1'));
    view.listen(runs('T1', 0, 0));
    wait(2_000);
    view.listen(runs('T1', 2, 1));
    view.note('');
    expect((await terminal.lines()).slice(-3)).toEqual([
      '▶ T1 Title of T1 · running npm test · 2 s',
      '  1 test, the last: a.js › adds',
      '[--------------------] 0/1 · 10 s',
    ]);
    view.close();
  });

  it.each(['{"verdict":\n"accept"', '```json\n{"tasks": [\n', ' [\n{"id"'])(
    'shows no JSON as it streams: %j',
    async (text) => {
      const { terminal, view } = viewOn(80, 24);
      view.listen(runStart(1));
      view.listen(taskStart('T1'));
      view.listen(callStart('review', 'T1'));
      for (const piece of text) view.listen(delta('review', 'T1', piece));
      view.note('');
      expect((await terminal.lines()).slice(-2)).toEqual([
        `▶ T1 Title of T1 · reviewing · ${text.length} characters · vendor/model`,
        '[--------------------] 0/1 · 0 s',
      ]);
      view.close();
    },
  );

  it('tells the time left by the pace so far', async () => {
    const { terminal, view, wait } = viewOn(80, 24);
    view.listen(runStart(4));
    view.listen(taskStart('T1'));
    wait(10_000);
    view.listen(taskFinish('T1'));
    view.listen(taskStart('T2'));
    wait(4_000);
    view.note('');
    expect((await terminal.lines()).at(-1)).toBe(
      '[#####---------------] 1/4 · 14 s · about 26 s left',
    );
    view.close();
  });

  it('counts what failed and what waits for a person', async () => {
    const { terminal, view } = viewOn(80, 24);
    view.listen(runStart(4));
    for (const id of ['T1', 'T2', 'T3']) view.listen(taskStart(id));
    view.listen(taskFinish('T1', 'failed'));
    view.listen(taskFinish('T2', 'needs_review'));
    expect((await terminal.lines()).at(-1)).toContain('2/4 · 1 failed · 1 for you');
    view.close();
  });

  it('does not count a task that was left because no model could be reached', async () => {
    const { terminal, view } = viewOn(80, 24);
    view.listen(runStart(2));
    view.listen(taskStart('T1'));
    view.listen(taskStart('T2'));
    view.listen(leftPending('T1'));
    view.note('');
    const text = (await terminal.lines()).join('\n');
    expect(text).toContain('▶ T2');
    expect(text).not.toContain('▶ T1');
    expect(text).toContain('0/2');
    view.close();
  });

  it.each([
    ['one task', 80, 24, 1],
    ['several tasks', 80, 24, 5],
    ['more tasks than rows', 60, 8, 20],
    ['a window of four rows', 40, 4, 6],
    ['40 columns', 40, 24, 4],
    ['12 columns', 12, 10, 3],
  ])('leaves nothing behind but its lines: %s', async (_name, columns, rows, tasks) => {
    const events = longRun(tasks);
    const { terminal, view } = viewOn(columns, rows);
    for (const one of events) view.listen(one);
    view.close();
    const left = (await terminal.lines()).join('');
    // Long lines are broken by the terminal, wide characters early, so blanks are left out of the comparison.
    expect(left.replaceAll(' ', '')).toBe((await plainLines(events)).join('').replaceAll(' ', ''));
  });

  it('never writes a frame that is higher than the window', async () => {
    const { terminal, view } = viewOn(60, 6);
    for (const one of longRun(20).slice(0, 21)) view.listen(one);
    const lines = await terminal.lines();
    expect(lines.filter((line) => line.startsWith('T')).length).toBe(20);
    expect(lines.filter((line) => line.startsWith('▶'))).toHaveLength(4);
    expect(lines.at(-2)).toBe('▶ and 17 more at work');
    expect(lines.at(-1)).toContain('0/20');
    view.close();
  });

  it('changes the screen in one synchronized write for each event', () => {
    const { terminal, view } = viewOn(80, 24);
    view.listen(runStart(1));
    view.listen(taskStart('T1'));
    const before = terminal.writes.length;
    view.note('One line.');
    const made = terminal.writes.slice(before);
    expect(made).toHaveLength(1);
    expect(made[0]).toMatch(/^\u001B\[\?2026h[^]*\u001B\[\?2026l$/);
    view.close();
  });

  it.each([
    ['narrower', 40, 24],
    ['much narrower', 20, 24],
    ['wider', 160, 24],
  ])('leaves nothing behind when the window becomes %s', async (_name, columns, rows) => {
    const { terminal, view } = viewOn(100, 24);
    view.listen(runStart(2));
    view.listen(taskStart('T1', 'A title that takes much of the line it stands in, as titles do'));
    view.listen(callStart('execute', 'T1'));
    view.listen(delta('execute', 'T1', `${'long '.repeat(30)}\n日本語${'の'.repeat(60)}\n`));
    view.note('before');
    await terminal.resize(columns, rows);
    view.note('after');
    const drawn = await terminal.lines();
    expect(drawn.filter((line) => line.includes('▶'))).toHaveLength(1);
    expect(drawn.filter((line) => line.includes('0/2'))).toHaveLength(1);
    view.close();
    const left = await terminal.lines();
    expect(left.join('').replaceAll(' ', '')).toBe(
      'T1starts:' + 'Atitlethattakesmuchofthelineitstandsin,astitlesdo' + 'beforeafter',
    );
  });

  it('streams the spec whole, and keeps it', async () => {
    const { terminal, view } = viewOn(80, 24);
    view.listen(callStart('spec', null));
    for (const piece of ['# Ti', 'tle\n\nSome te', 'xt']) view.listen(delta('spec', null, piece));
    view.listen(callFinish('spec', null));
    view.listen(
      event({ type: 'stage-finish', stage: 'spec', summary: '2 requirements', resumed: false }),
    );
    view.close();
    expect(await terminal.lines()).toEqual(['# Title', '', 'Some text', 'spec: 2 requirements']);
  });

  it('starts a spec that is asked for again on a line of its own', async () => {
    const { terminal, view } = viewOn(80, 24);
    view.listen(callStart('spec', null));
    view.listen(delta('spec', null, '# Half a'));
    view.listen(callRetry('spec', null));
    view.listen(callStart('spec', null));
    view.listen(delta('spec', null, '# Whole\n'));
    view.close();
    expect(await terminal.lines()).toEqual([
      '# Half a',
      'vendor/model: overloaded; try 2 in 1.0 s',
      '# Whole',
    ]);
  });

  it('shows that a plan is being made, and for how long', async () => {
    const { terminal, view, wait } = viewOn(80, 24);
    view.listen(callStart('plan', null));
    view.listen(delta('plan', null, '{"tasks": ['));
    wait(61_000);
    view.note('');
    expect((await terminal.lines()).at(-1)).toBe(
      '▶ planning the tasks · 1 min 1 s · 11 characters · vendor/model',
    );
    view.close();
    expect(await terminal.lines()).toEqual([]);
  });

  it('lets no text from a model or a title drive the terminal', async () => {
    const hostile = '\u001B[2J\u001B[H\u001B]0;owned\u0007\u009B3A\u001B[31mred';
    const { terminal, view } = viewOn(80, 24);
    view.listen(taskStart('T1', `Title ${hostile}`));
    view.listen(callStart('execute', 'T1'));
    for (const character of hostile) view.listen(delta('execute', 'T1', character));
    view.listen(delta('execute', 'T1', 'kept\rgone?'));
    view.listen(callStart('spec', null));
    view.listen(delta('spec', null, `spec ${hostile}\rover`));
    view.close();
    const written = terminal.writes.join('');
    for (const code of ['[2J', '[H', ']0;', '\u0007', '\u009B', '[31m'])
      expect(written).not.toContain(`\u001B${code}`);
    expect(written).not.toMatch(/\u0007|\u009B|\r/);
    expect(await terminal.lines()).toContain(
      String.raw`spec \u{1b}[2J\u{1b}[H\u{1b}]0;owned\u{7}\u{9b}3A\u{1b}[31mred`,
    );
  });

  it('uses colours only where they are wanted', () => {
    const sgr = /\u001B\[[\d;]*m/;
    const plain = viewOn(80, 24);
    const coloured = viewOn(80, 24, { colours: true });
    for (const { view } of [plain, coloured]) {
      for (const one of longRun(2)) view.listen(one);
      view.close();
    }
    expect(plain.terminal.writes.join('')).not.toMatch(sgr);
    expect(coloured.terminal.writes.join('')).toMatch(sgr);
  });
});

describe('the view without a terminal', () => {
  it('prints plain lines, without what is only for watching', async () => {
    expect(await plainLines(longRun(1))).toEqual([
      'T1   starts: The title of T1 日本語',
      'T1   done: As tested.',
    ]);
  });

  it('holds no code for a terminal', () => {
    const { terminal, view } = viewOn(80, 24, { live: false });
    for (const one of longRun(3)) view.listen(one);
    view.listen(taskStart('T9', 'a\u001B[2Jb\rc'));
    view.close();
    expect(terminal.writes.join('')).not.toMatch(/[\u001B\r]/);
  });

  it('is silent when it is told to be quiet', () => {
    const { terminal, view } = viewOn(80, 24, { quiet: true });
    for (const one of longRun(3)) view.listen(one);
    view.note('A note.');
    view.close();
    expect(terminal.writes).toEqual([]);
  });
});
