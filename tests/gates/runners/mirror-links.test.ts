import { expect, test } from 'vitest';
import { mirrorLinks } from '../../../src/gates/runners/mirror-links.ts';

test('what is beside and above the folders that are shown, and nothing below one', () => {
  const files = ['package.json', 'packages/a/src/x.js', 'packages/a/package.json', 'lib/y.js'];
  const shown = ['node_modules', 'packages/a/node_modules'];
  expect([...mirrorLinks(new Set([...files, 'packages/b/z.js']), shown)]).toEqual([
    'package.json',
    'packages/a/src',
    'packages/a/package.json',
    'lib',
    'packages/b',
  ]);
});
