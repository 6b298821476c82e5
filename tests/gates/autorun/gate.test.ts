import { expect, test } from 'vitest';
import { autorunGate } from '../../../src/gates/autorun/gate.ts';

/** What is said of a task list before any of its work. */
async function told(planned: string[]): Promise<readonly string[]> {
  const before = {
    project: async () => ({ files: new Set<string>(), read: async () => null }),
    copyTo: async () => undefined,
    baseKey: {},
    planned,
    uncommitted: [],
  };
  const outlook = await autorunGate([]).outlook?.(before, new AbortController().signal);
  expect(outlook?.unavailable).toEqual([]);
  return outlook?.found ?? [];
}

test.each([
  ['a workflow', '.github/workflows/ci.yml'],
  ['a hook', '.husky/pre-commit'],
  ['a folder of hooks', '.husky'],
  ['a folder of workflows', '.github/workflows'],
  ['instructions of agents', 'docs/AGENTS.md'],
  ['settings of a package manager', '.npmrc'],
  ['settings of a shell', '.envrc'],
])('%s that a task list names is told before any work', async (_name, path) => {
  const [line = '', ...more] = await told(['src/a.js', path, path]);
  expect(line).toContain(`the task list asks for what runs by itself: ${path}: `);
  expect(more).toEqual([]);
});

test('nothing is told of files that nothing runs by itself', async () => {
  expect(await told(['src/a.js', 'package.json', 'docs', 'tests/a.test.js', 'Makefile'])).toEqual(
    [],
  );
});

test('of very many the first are told', async () => {
  const [line = ''] = await told(Array.from({ length: 3_000 }, (_, at) => `p${at}/.envrc`));
  expect(line).toContain('and 2992 more');
  expect(line.length).toBeLessThan(2_000);
});
