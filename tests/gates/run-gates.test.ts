import { expect, test } from 'vitest';
import { InterruptedError } from '../../src/domain/errors.ts';
import type { GateResult } from '../../src/domain/gate-result.ts';
import type { Gate } from '../../src/gates/gate.ts';
import { runGates } from '../../src/gates/run-gates.ts';
import { gateInput, running } from './inputs.ts';

function gate(name: string, check: () => Promise<GateResult>): Gate {
  return { name, blocking: true, check };
}

const passed = (name: string): GateResult => ({
  gate: name,
  status: 'passed',
  summary: 'fine',
  findings: [],
  durationMs: 0,
});

function clock(): () => number {
  let time = 0;
  return () => (time += 5);
}

test('all gates run in order with their durations; one that throws is errored', async () => {
  const order: string[] = [];
  const results = await runGates(
    [
      gate('one', async () => {
        order.push('one');
        await Promise.resolve();
        return passed('one');
      }),
      gate('two', () => {
        order.push('two');
        return Promise.reject(new Error('no\nwasm \u001b[2J'));
      }),
      gate('three', () => {
        order.push('three');
        return Promise.resolve(passed('three'));
      }),
    ],
    gateInput({}),
    running,
    clock(),
  );
  expect(order).toEqual(['one', 'two', 'three']);
  expect(results).toEqual(
    [
      { ...passed('one'), durationMs: 5 },
      {
        gate: 'two',
        status: 'errored',
        summary: String.raw`the gate broke: no wasm \u{1b}[2J`,
        findings: [],
        durationMs: 5,
      },
      { ...passed('three'), durationMs: 5 },
    ].map((result) => ({ ...result, summary: result.summary.trim() })),
  );
});

test('dates do as a clock', async () => {
  const times = [new Date(1000), new Date(1250)];
  const [result] = await runGates(
    [gate('one', () => Promise.resolve(passed('one')))],
    gateInput({}),
    running,
    () => times.shift() ?? new Date(0),
  );
  expect(result?.durationMs).toBe(250);
});

test('what differs from run to run is in no verdict', async () => {
  const lines = ['✖ serves (12.5ms)', '✖ serves (9ms)'];
  const failed = async (): Promise<GateResult> => {
    const evidence = lines.shift() ?? '';
    const finding = { severity: 'blocker', category: 'test', location: null, fixHint: '' } as const;
    return {
      ...passed('one'),
      status: 'failed',
      summary: evidence,
      findings: [{ ...finding, evidence }],
    };
  };
  const run = () => runGates([gate('one', failed)], gateInput({}), running, () => 0);
  const first = await run();
  expect(first[0]?.findings[0]?.evidence).toBe('✖ serves (…)');
  expect(await run()).toEqual(first);
});

test('an interrupt is no verdict', async () => {
  const stop = new AbortController();
  const run = runGates(
    [
      gate('one', () => {
        stop.abort();
        return Promise.reject(new Error('aborted by the signal'));
      }),
    ],
    gateInput({}),
    stop.signal,
    clock(),
  );
  await expect(run).rejects.toThrow(InterruptedError);
  await expect(
    runGates(
      [gate('one', () => Promise.reject(new InterruptedError()))],
      gateInput({}),
      running,
      clock(),
    ),
  ).rejects.toThrow(InterruptedError);
});
