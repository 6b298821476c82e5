import { describe, expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { everySandbox } from '../helpers/every-sandbox.ts';
import { plain } from '../helpers/sandboxes.ts';
import { checkTests } from './checked.ts';

const testOf = (name: string, body: string): string => `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { add } from '../src/add.js';
test('${name}', () => ${body});
`;
const empty = (name: string): string =>
  `import { test } from 'node:test';\ntest('${name}', () => {});\n`;

const base = {
  'package.json': '{ "type": "module", "scripts": { "test": "node --test test/*.test.js" } }\n',
  'src/add.js': 'export const add = (a, b) => a + b;\n',
  'test/add.test.js': testOf('adds two numbers', 'assert.equal(add(1, 2), 3)'),
  'test/fixtures.json': '{}\n',
};
const frozen = { 'test/frozen.test.js': testOf('adds one', 'assert.equal(add(1, 1), 2)') };
const wrong = { 'src/add.js': 'export const add = (a, b) => a - b;\n' };

/** Goes before all other tests, does what it can to them and to what runs them, and says what it could. */
const deeds = `import fs from 'node:fs';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
const done = [];
const attempt = (name, deed) => { try { deed(); done.push(name); } catch {} };
const empty = (name) => "import { test } from 'node:test';\\ntest('" + name + "', () => {});\\n";
const others = { 'test/add.test.js': 'adds two numbers', 'test/frozen.test.js': 'adds one' };
for (const [file, name] of Object.entries(others)) {
  fs.writeFileSync('fake.js', empty(name));
  attempt('write ' + file, () => fs.writeFileSync(file, empty(name)));
  attempt('append ' + file, () => fs.appendFileSync(file, '\\n'));
  attempt('remove ' + file, () => fs.rmSync(file));
  attempt('rename to ' + file, () => fs.renameSync('fake.js', file));
  attempt('rename ' + file, () => fs.renameSync(file, 'old.js'));
  attempt('chmod and write ' + file, () => { fs.chmodSync(file, 0o777); fs.writeFileSync(file, empty(name)); });
  attempt('mount over ' + file, () => { if (spawnSync('mount', ['--bind', 'fake.js', file]).status !== 0) throw new Error(); });
  attempt('unmount ' + file, () => { if (spawnSync('umount', [file]).status !== 0) throw new Error(); });
}
for (const folder of ['test', '.git']) {
  attempt('rename ' + folder, () => fs.renameSync(folder, 'away'));
  attempt('a link for ' + folder, () => { fs.renameSync(folder, 'away'); fs.symlinkSync('src', folder); });
  attempt('remove ' + folder, () => fs.rmSync(folder, { recursive: true }));
}
attempt('write package.json', () => fs.writeFileSync('package.json', '{ "type": "module", "scripts": { "test": "true" } }'));
attempt('rename to package.json', () => { fs.writeFileSync('fake.json', '{}'); fs.renameSync('fake.json', 'package.json'); });
const own = fs.readdirSync('.git').filter((name) => name.startsWith('blueprint-')).map((name) => path.join('.git', name));
for (const folder of own) {
  attempt('rename ' + folder, () => fs.renameSync(folder, folder + '-old'));
  for (const file of ['reporter.mjs', 'guard.mjs', 'bin/node']) {
    attempt('write ' + file, () => fs.writeFileSync(path.join(folder, file), 'export default async function* () {}'));
    attempt('remove ' + file, () => fs.rmSync(path.join(folder, file)));
  }
  attempt('a link for the reports', () => {
    fs.renameSync(path.join(folder, 'reports'), path.join(folder, 'old'));
    fs.symlinkSync('/tmp', path.join(folder, 'reports'));
  });
}
test('what could be done', () => {
  if (own.length === 0) throw new Error('nothing of the runner was found to attack');
  if (done.length > 0) throw new Error('done: ' + done.join('; '));
});
`;

describe.each(everySandbox)('in $name', ({ isHere, open }) => {
  const opened = async (work: (sandbox: Sandbox) => Promise<void>): Promise<void> => {
    const { sandbox, remove } = await open();
    try {
      await work(sandbox);
    } finally {
      await remove();
    }
  };

  test.runIf(isHere)('tests, manifests and reporters hold while hostile tests run', () =>
    opened(async (sandbox) => {
      const work = {
        ...wrong,
        'test/0.test.js': deeds,
        'test/add.test.js': empty('adds two numbers'),
        'test/frozen.test.js': empty('adds one'),
        'package.json': '{ "type": "module", "scripts": { "test": "true" } }\n',
      };
      const { result } = await checkTests(work, base, {
        gate: { sandbox: () => Promise.resolve(sandbox) },
        input: { frozen: new Map(Object.entries(frozen)) },
      });
      expect(result.isolated).toBe(true);
      expect(result.status, result.summary).toBe('failed');
      const of = (category: string): (string | null)[] =>
        result.findings.filter((one) => one.category === category).map(({ location }) => location);
      const words = result.findings.map(({ evidence }) => evidence).join('\n');
      // What the work brought in place of tests and command was not run.
      expect(of('tampering').sort()).toEqual([
        'package.json',
        'test/add.test.js',
        'test/frozen.test.js',
      ]);
      // Those that were there, and those fixed for the task, ran and told their own failures.
      expect(of('test').sort()).toEqual(['test/add.test.js:4', 'test/frozen.test.js:4']);
      expect(words).not.toContain('done:');
    }),
  );

  test.runIf(isHere)('and right work passes there, canaries and all', () =>
    opened(async (sandbox) => {
      const { result } = await checkTests(
        { 'test/0.test.js': deeds },
        { ...base, ...frozen },
        {
          gate: { sandbox: () => Promise.resolve(sandbox) },
        },
      );
      expect(result).toMatchObject({ status: 'passed', findings: [], isolated: true });
    }),
  );
});

test('the same deeds are done where nothing isolates, and are told', async () => {
  const { result } = await checkTests(
    { 'test/0.test.js': deeds },
    { ...base, ...frozen },
    {
      gate: { sandbox: () => Promise.resolve(plain) },
    },
  );
  expect(result).toMatchObject({ status: 'failed', isolated: false });
  expect(result.findings.map(({ category }) => category)).toContain('tampering');
});
