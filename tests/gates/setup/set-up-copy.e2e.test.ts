import { mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createKeptSetups } from '../../../src/gates/setup/kept-setups.ts';
import type { Setup } from '../../../src/gates/setup/setup.ts';
import { checkTests } from '../checked.ts';
import { strongest } from '../../helpers/sandboxes.ts';

/** What was made at one place is not used at another. */
const elsewhere = strongest.seenAt('/copy') === '/copy';

async function project(
  setup: string | Setup,
  base: Record<string, string>,
  command: string | null,
) {
  const folder = await mkdtemp(join(tmpdir(), 'setups-'));
  const keptSetups = createKeptSetups(folder, Date.now);
  const step = typeof setup === 'string' ? { run: setup, reads: null } : setup;
  const check = async (files: Record<string, string>) => {
    const gate = { setup: step, keptSetups, command };
    const { result, kept } = await checkTests(files, base, { gate });
    const logs = [...kept].filter(([name]) => name.startsWith('tests-'));
    return { result, ran: kept.has('setup.log'), printed: logs.map(([, text]) => text).join('') };
  };
  return { check, entries: async () => (await readdir(folder)).length };
}

/** Of each run of the step there is another token. */
const step = 'od -An -N8 -tx8 /dev/urandom > token; cat gen.sh in.txt > made.txt';
const tokenIn = (text: string): string => /^token +([0-9a-f]{16})$/m.exec(text)?.[1] ?? '';
const base = { 'in.txt': 'in\n', 'gen.sh': '# gen\n', 'code.txt': 'code\n' };
const show = 'echo "token $(cat token)"; cat made.txt';

describe.skipIf(elsewhere)('a step is done once for what it reads', () => {
  test('that is the whole copy where nothing else is said', async () => {
    const { check, entries } = await project(step, base, show);
    const one = await check({ 'code.txt': 'one\n' });
    expect(one.result.status).toBe('passed');
    // Of the project before the work, and of the work.
    expect(await entries()).toBe(2);
    const [same, other] = [
      await check({ 'code.txt': 'one\n' }),
      await check({ 'code.txt': 'x\n' }),
    ];
    expect([one.ran, same.ran, other.ran]).toEqual([true, false, true]);
    expect(tokenIn(same.printed)).toBe(tokenIn(one.printed));
    expect(tokenIn(other.printed)).not.toBe(tokenIn(one.printed));
  });

  test('also by two that ask at the same time', async () => {
    const { check } = await project(step, base, show);
    const both = await Promise.all([check({ 'code.txt': '1\n' }), check({ 'code.txt': '1\n' })]);
    expect(both.map(({ ran }) => ran).sort()).toEqual([false, true]);
    expect(tokenIn(both[0].printed)).toBe(tokenIn(both[1].printed));
  });

  test('or what its patterns name, for all work that leaves these as they are', async () => {
    const setup = { run: step, reads: ['in.*'] };
    const { check, entries } = await project(setup, base, show);
    // What a step makes with other work in it serves nobody else.
    const sly = await check({ 'gen.sh': 'sly\n' });
    expect(sly.printed).toContain('# gen\nin\n');
    const [one, other] = [await check({ 'code.txt': '1\n' }), await check({ 'code.txt': '2\n' })];
    expect(tokenIn(one.printed)).toBe(tokenIn(sly.printed));
    expect(tokenIn(other.printed)).toBe(tokenIn(sly.printed));
    expect(await entries()).toBe(1);
    const changed = await check({ 'in.txt': 'new\n' });
    expect(changed.printed).toContain('# gen\nnew\n');
    expect(tokenIn(changed.printed)).not.toBe(tokenIn(sly.printed));
    const mine = await check({ 'made.txt': 'mine\n' });
    expect(mine.printed).toContain('# gen\nin\n');
    expect(tokenIn(mine.printed)).not.toBe(tokenIn(sly.printed));
  });

  test('a step that failed is not kept', async () => {
    const { check, entries } = await project('touch half; exit 3', base, 'test -f half');
    expect((await check({ 'code.txt': 'x' })).result).toMatchObject({ status: 'errored' });
    expect((await check({ 'code.txt': 'x' })).ran).toBe(true);
    expect(await entries()).toBe(0);
  });
});

describe('real steps', () => {
  test('npm ci --offline', async () => {
    const files = {
      'package.json': JSON.stringify({
        name: 'app',
        version: '1.0.0',
        type: 'module',
        scripts: { test: 'node --test' },
        dependencies: { dep: 'file:dep' },
      }),
      'package-lock.json': JSON.stringify({
        name: 'app',
        version: '1.0.0',
        lockfileVersion: 3,
        packages: {
          '': { name: 'app', version: '1.0.0', dependencies: { dep: 'file:dep' } },
          dep: { version: '1.0.0' },
          'node_modules/dep': { resolved: 'dep', link: true },
        },
      }),
      'dep/package.json': JSON.stringify({ name: 'dep', version: '1.0.0', main: 'index.js' }),
      'dep/index.js': 'exports.two = 2;\n',
      'a.test.js': `import test from 'node:test';
import assert from 'node:assert';
import { two } from 'dep';
test('two', () => assert.equal(two, 2));
`,
    };
    const setup = { run: 'npm ci --offline --no-audit', reads: ['package-lock.json'] };
    const { check } = await project(setup, files, null);
    expect((await check({ 'b.js': 'export {};\n' })).result).toMatchObject({
      status: 'passed',
      summary: 'npm test: 1 test passed',
    });
    const broken = await check({ 'dep/index.js': 'exports.two = 3;\n' });
    expect(broken.result).toMatchObject({ status: 'failed' });
  });

  test('an environment for Python that the tests are run by', async () => {
    const files = {
      'test_a.py': `import sys, unittest
class T(unittest.TestCase):
    def test_a(self):
        self.assertTrue(sys.prefix.endswith('.venv'), sys.prefix)
`,
      'a.py': '',
    };
    const { check } = await project('python3 -m venv --without-pip .venv', files, null);
    for (const text of ['1\n', '1\n'])
      expect((await check({ 'a.py': text })).result).toMatchObject({ status: 'passed' });
  });

  test('generated code', async () => {
    const files = {
      Makefile: 'gen.js: src/gen.txt\n\techo "exports.value = $$(cat src/gen.txt);" > gen.js\n',
      'src/gen.txt': '2\n',
      'a.test.js': `const test = require('node:test');
test('a', () => require('node:assert').equal(require('./gen.js').value, 2));
`,
    };
    const { check } = await project({ run: 'make gen.js', reads: ['src/**'] }, files, null);
    expect((await check({ 'b.js': '1\n' })).result.status).toBe('passed');
    expect((await check({ 'src/gen.txt': '3\n' })).result.status).toBe('failed');
  });
});
