import { expect, test } from 'vitest';
import { openBase } from '../../src/gates/base-runs.ts';
import { InterruptedError } from '../../src/domain/errors.ts';
import type { Sandbox, SandboxRun } from '../../src/sandbox/sandbox.ts';
import { testing } from './checked.ts';
import { gateInput } from './inputs.ts';

const base = { 'a.test.js': "import test from 'node:test';\ntest('a', () => {});\n" };
const about = { declared: [], touched: [] };
const end = { kind: 'exited', code: 0 } as const;

/** A sandbox whose runs end when they are let, or are interrupted. */
function slowSandbox() {
  let runs = 0;
  let begin = (): void => undefined;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const sandbox: Sandbox = {
    name: 'none',
    isolated: false,
    seenAt: (copy) => copy,
    has: () => Promise.resolve(true),
    run: ({ signal }) =>
      new Promise<SandboxRun>((resolve, reject) => {
        runs += 1;
        begin();
        if (runs > 1) resolve({ end, stdout: '', stderr: '', durationMs: 5 });
        else signal.addEventListener('abort', () => reject(new InterruptedError()));
      }),
  };
  return { sandbox, begun, count: () => runs };
}

test('whoever waits for a run that another began goes on when that one is interrupted', async () => {
  const { sandbox, begun, count } = slowSandbox();
  const input = gateInput({}, base);
  const stop = new AbortController();
  const other = new AbortController();
  const first = await openBase(input, about, sandbox, testing(), stop.signal);
  const second = await openBase(input, about, sandbox, testing(), other.signal);
  const interrupted = first.of('node --test');
  await begun;
  const waiting = second.of('node --test');
  stop.abort();
  await expect(interrupted).rejects.toBeInstanceOf(InterruptedError);
  expect(await waiting).toMatchObject({ durationMs: 5, runs: 1 });
  expect(count()).toBe(2);
  // And once for the same content, whoever asks.
  const third = await openBase(gateInput({}, base), about, sandbox, testing(), other.signal);
  expect(await third.of('node --test')).toMatchObject({ durationMs: 5 });
  expect(count()).toBe(2);
});
