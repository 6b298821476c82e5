import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { programRunner } from '../../src/sandbox/run-program.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { plain, strongest } from '../helpers/sandboxes.ts';

const { signal } = new AbortController();
const limits = {
  wallMs: 4_000,
  memoryBytes: 1_000_000_000,
  processes: 64,
  outputBytes: 100_000,
  diskBytes: 10_000_000,
};
const run = (sandbox: Sandbox, language: 'python' | 'javascript', code: string) =>
  programRunner(async () => sandbox, limits)({ language, code }, signal);

describe.each([
  ['the strongest sandbox', strongest],
  ['a plain process', plain],
])('%s', (_name, sandbox) => {
  test.each([
    ['python', 'print(6 * 7)'],
    ['javascript', 'console.log(6 * 7)'],
  ] as const)('runs %s and gives what it prints', async (language, code) => {
    expect(await run(sandbox, language, code)).toEqual({
      stdout: '42\n',
      stderr: '',
      end: 'exit code 0',
      succeeded: true,
      isolated: sandbox.isolated,
    });
  });

  test.each([
    ['that fails', 'import sys; print("42"); sys.exit(3)', 'exit code 3'],
    ['that never ends', 'while True: pass', 'it did not end within 4 s'],
    ['that prints without end', 'while True: print("x" * 1000)', 'it printed more than'],
  ])('a program %s has not succeeded', async (_what, code, end) => {
    const ran = await run(sandbox, 'python', code);
    expect(ran).toMatchObject({ succeeded: false, end: expect.stringContaining(end) });
  });

  test('tracebacks do not say where the program stood', async () => {
    const ran = await run(sandbox, 'python', 'raise ValueError("x")');
    expect(ran).toMatchObject({ stderr: expect.stringContaining('File "main.py", line 1') });
  });
});

test.skipIf(!strongest.isolated)('no network can be reached', async () => {
  const code = 'import socket; socket.create_connection(("1.1.1.1", 53), 2)';
  expect(await run(strongest, 'python', code)).toMatchObject({ succeeded: false });
});

test('without a sandbox, or its interpreter, it says why', async () => {
  const missing = { missing: 'no bubblewrap', fix: 'Install it.' };
  const none = programRunner(async () => missing, limits);
  expect(await none({ language: 'python', code: '' }, signal)).toEqual(missing);
  const empty: Sandbox = { ...plain, has: async () => false };
  expect(await run(empty, 'python', '')).toEqual({
    missing: 'there is no python in the sandbox',
    fix: 'Install python.',
  });
});

test('nothing is left of its folder', async () => {
  const before = new Set(await readdir(tmpdir()));
  await run(plain, 'python', 'open("left.txt", "w").write("x")');
  const own = (await readdir(tmpdir())).filter(
    (name) => name.includes(`${process.pid}`) && !before.has(name),
  );
  expect(own).toEqual([]);
});
