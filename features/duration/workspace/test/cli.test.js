import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { run } from '../src/cli.js';

const answers = [
  [['parse', '1h 30m'], '5400000\n'],
  [['parse', '1h', '30m'], '5400000\n'],
  [['parse', '1h 30m', '--unit', 's'], '5400\n'],
  [['parse', '--', '-1h 30m'], '-5400000\n'],
  [['format', '5400000'], '1h 30m\n'],
  [['format', '5400000', '--long'], '1 hour 30 minutes\n'],
  [['format', '3599900', '--parts', '1'], '1h\n'],
  [['format', '--', '-5400000'], '-1h 30m\n'],
];
for (const [args, out] of answers) {
  test(`duration ${args.join(' ')}`, () => assert.deepEqual(run(args), { code: 0, out, err: '' }));
}

const mistakes = [
  [],
  ['convert', '1h'],
  ['parse'],
  ['parse', '1h banana'],
  ['parse', '1h', '--unit', 'parsecs'],
  ['parse', '1h', '--long'],
  ['parse', '-1h'],
  ['format'],
  ['format', 'soon'],
  ['format', ''],
  ['format', '5', '--parts', '0'],
  ['format', '5', '--parts', 'many'],
  ['format', '5', '--loud'],
];
for (const args of mistakes) {
  test(`duration ${args.join(' ')} is a mistake`, () => {
    const { code, out, err } = run(args);
    assert.equal(code, 2);
    assert.equal(out, '');
    assert.match(err, /^duration: .+\n$/);
  });
}

test('--help shows both commands', () => {
  assert.match(run(['--help']).out, /duration parse[^]*duration format/);
});

test('the program prints and exits', () => {
  const program = fileURLToPath(new URL('../bin/duration.js', import.meta.url));
  const start = (...args) => spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });
  const good = start('parse', '1h 30m');
  assert.deepEqual([good.status, good.stdout, good.stderr], [0, '5400000\n', '']);
  const bad = start('parse', '1h banana');
  assert.deepEqual([bad.status, bad.stdout], [2, '']);
  assert.match(bad.stderr, /found "banana"/);
});
