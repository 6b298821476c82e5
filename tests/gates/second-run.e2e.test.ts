import { expect, test } from 'vitest';
import { checkTests } from './checked.ts';
import { nodeSample } from './languages.ts';

test('a test that passes once and fails once is named, and blames nobody', async () => {
  // It tells the second run by the canaries that stand in its file.
  const turns = `import { test } from 'node:test';
import { readFileSync } from 'node:fs';
import assert from 'node:assert';
test('by turns', () => {
  assert.doesNotMatch(readFileSync(new URL(import.meta.url), 'utf8'), /c[0-9a-f]{12}_1/, 'now it fails');
});
`;
  const files = { ...nodeSample.right, 'test/turns.test.js': turns };
  const { result } = await checkTests(files, nodeSample.tests);
  expect(result.status, result.summary).toBe('passed');
  expect(result.summary).toContain('passed once and failed once: test/turns.test.js › by turns');
  expect(result.findings).toMatchObject([
    {
      severity: 'minor',
      location: 'test/turns.test.js',
      evidence: expect.stringContaining('now it fails') as string,
    },
  ]);
});
