import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { GateRunning } from '../../src/domain/event.ts';
import { openProgress, testIn } from '../../src/gates/progress.ts';
import { checkTests } from './checked.ts';

const mark = '@@ ';
const marked = (event: object): string => `${mark}${JSON.stringify(event)}`;
const told = {
  event: 'test',
  outcome: 'passed',
  name: 'adds',
  file: 'a.test.js',
  line: 1,
  text: '',
};

test.each<[string, string, string | null]>([
  ['our own reporters', marked(told), 'a.test.js › adds'],
  ['our own reporters, behind words without an end', `words${marked(told)}`, 'a.test.js › adds'],
  ['a test without a file', marked({ ...told, file: null }), 'adds'],
  ['the end of our own reporters', marked({ event: 'end' }), null],
  ['half a line of ours', mark + '{"event":', null],
  ['TAP', 'ok 12 - adds two # time=3ms', 'adds two'],
  ['TAP below a suite', '    not ok 3 adds', 'adds'],
  ['cargo', 'test tests::adds ... ok', 'tests::adds'],
  [
    'go',
    '{"Time":"2026-01-01T00:00:00Z","Action":"pass","Package":"a/b","Test":"TestAdds/one","Elapsed":0}',
    'TestAdds/one',
  ],
  ['a package of go', '{"Action":"pass","Package":"a/b","Elapsed":0}', null],
  ['vitest', ' ✓ src/a.test.ts (3 tests) 12ms', 'src/a.test.ts (3 tests) 12ms'],
  ['jest', 'PASS src/a.test.js', 'src/a.test.js'],
  ['mocha', '    ✔ adds', 'adds'],
  ['words', 'ok then, PASS it on', null],
])('a test is known in the output of %s', (_, line, name) => {
  expect(testIn(line, mark)).toBe(name);
});

test('what is running is told at once, and what it has told meanwhile', async () => {
  const heard: GateRunning[] = [];
  let more: (() => void) | undefined;
  const second = new Promise<void>((resolve) => (more = resolve));
  {
    using progress = openProgress(
      'npm test',
      mark,
      (running) => {
        heard.push(running);
        if (heard.length === 2) more?.();
      },
      0.5,
    );
    const bytes = Buffer.from(`${marked({ ...told, name: 'größer' })}\nok 2 - last\nok 3 - not y`);
    // A letter that comes in two pieces.
    const half = bytes.indexOf('ß') + 1;
    progress.hear(bytes.subarray(0, half));
    progress.hear(bytes.subarray(half));
    await second;
  }
  expect(heard).toEqual([
    { runner: 'npm test', seconds: 0, tests: 0, last: null },
    { runner: 'npm test', seconds: 0.5, tests: 2, last: 'last' },
  ]);
});

test('a gate tells of each run: of the project before the work, of the work, with canaries', async () => {
  const heard: GateRunning[] = [];
  // No other test has run this project, whose runs are kept by what is in it.
  const name = randomUUID();
  const base = { 'a.test.js': `import test from 'node:test';\ntest('${name}', () => {});\n` };
  const progress = (running: GateRunning): void => void heard.push(running);
  const { result } = await checkTests({ 'a.js': 'let a;\n' }, base, { input: { progress } });
  expect(result.status).toBe('passed');
  const begun = heard.filter(({ seconds }) => seconds === 0);
  expect(begun).toEqual(
    begun.map(() => ({ runner: 'node --test', seconds: 0, tests: 0, last: null })),
  );
  expect(begun).toHaveLength(3);
});
