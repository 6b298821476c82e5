import { describe, expect, test } from 'vitest';
import { checkTests } from './checked.ts';

const nothingMade = {
  input: { copyTo: () => Promise.reject(new Error('copied')) },
  gate: { sandbox: () => Promise.reject(new Error('asked for a sandbox')) },
};

describe('where no runner knows the project', () => {
  test('nothing is copied and no sandbox is asked for', async () => {
    const { result } = await checkTests({ 'notes/a.txt': 'a' }, { 'b.txt': 'b' }, nothingMade);
    expect(result).toMatchObject({ status: 'skipped', findings: [] });
    expect(result.summary).toBe('no tests that a known runner would run');
  });

  test('what the work does to files of the tests is found all the same', async () => {
    const base = { 'tests/data.txt': 'old' };
    const { result } = await checkTests({ 'tests/data.txt': 'new' }, base, nothingMade);
    expect(result.status).toBe('failed');
    expect(result.findings).toMatchObject([{ category: 'tampering', location: 'tests/data.txt' }]);
  });
});

test.each([
  ['a test of before that the work deletes', { 'a.test.js': null }],
  ['a test that the work brings', { 'b.test.js': "import test from 'node:test';\ntest('b');\n" }],
])('a copy is made for %s', async (_, work) => {
  const base = { 'a.test.js': "import test from 'node:test';\ntest('a');\n" };
  const { input } = nothingMade;
  await expect(checkTests(work, base, { input })).rejects.toThrow('copied');
});
