import { expect, it } from 'vitest';
import type { RunEvent, RunEventBody } from '../../../src/domain/event.ts';
import { noUsage } from '../../../src/domain/usage.ts';
import { createTraceFold } from '../../../src/report/trace/trace-fold.ts';
import { at, timed } from '../preferences/events.ts';

const purpose = { stage: 'execute', feature: 'f', task: 'T1', attempt: 1, round: 1 } as const;
const about = (call: string) => ({ call, role: 'coder', model: 'one/a/b', purpose }) as const;
const start = (call = 'c1'): RunEventBody => ({ type: 'call-start', ...about(call) });
const usage = { ...noUsage, input: 100, cachedInput: 40, output: 10 };
const finish = (call = 'c1', stored = false): RunEventBody => ({
  type: 'call-finish',
  ...about(call),
  finishReason: 'stop',
  usage: stored ? noUsage : usage,
  ...(!stored && { usd: 0.5 }),
  durationMs: 7,
  stored,
  servedBy: 'b-2026',
});
const fail = (call = 'c1'): RunEventBody => ({
  type: 'call-fail',
  ...about(call),
  kind: 'overloaded',
  message: 'busy',
  durationMs: 3,
  usage: { ...noUsage, input: 100 },
  usd: 0.25,
});
const retry = (call = 'c1'): RunEventBody => ({
  type: 'call-retry',
  ...about(call),
  tries: 1,
  kind: 'overloaded',
  delayMs: 1,
});

function callsOf(events: readonly RunEvent[]) {
  const fold = createTraceFold();
  for (const event of events) fold.follow(event);
  return fold.calls();
}
const shape = (bodies: readonly RunEventBody[]) =>
  callsOf(timed(bodies)).map(({ call, outcome, tries }) => `${call} ${outcome} ${tries}`);

it('a call with its tries is one, with what all of them used', () => {
  expect(callsOf(timed([start(), fail(), retry(), start(), finish()]))).toMatchObject([
    {
      call: 'c1',
      model: 'one/a/b',
      outcome: 'finished',
      tries: 2,
      fault: null,
      finishReason: 'stop',
      servedBy: 'b-2026',
      startedAt: at(1),
      endedAt: at(5),
      durationMs: 7,
      usage: { input: 200, cachedInput: 40, output: 10 },
      usd: 0.75,
    },
  ]);
});

it.each<[string, RunEventBody[], string[]]>([
  ['that failed for good', [start(), fail()], ['c1 failed 1']],
  ['that failed each time', [start(), fail(), retry(), start(), fail()], ['c1 failed 2']],
  ['whose end nobody told', [start()], ['c1 cut-off 1']],
  ['that was cut off before its next try', [start(), fail(), retry()], ['c1 failed 1']],
  ['that is kept', [finish('c1', true)], ['c1 kept 0']],
  ['of which the end alone is there', [finish()], ['c1 finished 1']],
  ['asked for anew', [start(), fail(), start(), finish()], ['c1 failed 1', 'c1 finished 1']],
  ['that is read again', [start(), finish(), finish('c1', true)], ['c1 finished 1', 'c1 kept 0']],
  [
    'beside another',
    [start('c1'), start('c2'), finish('c2'), finish('c1')],
    ['c1 finished 1', 'c2 finished 1'],
  ],
])('a call %s', (_, bodies, calls) => {
  expect(shape(bodies)).toEqual(calls);
});

it('the same request of another command is another call', () => {
  const calls = callsOf([...timed([start()], 'r1'), ...timed([start(), finish()], 'r2')]);
  expect(calls.map(({ run, outcome }) => `${run} ${outcome}`)).toEqual([
    'r1 cut-off',
    'r2 finished',
  ]);
});

it('the same request again in one command is known by its number', () => {
  const bodies = [start(), fail(), start('c2'), start(), finish(), finish('c1', true)];
  expect(callsOf(timed(bodies)).map(({ call, nth }) => `${call} ${nth}`)).toEqual([
    'c1 0',
    'c2 0',
    'c1 1',
    'c1 2',
  ]);
});

it('what has ended is told once, and what is tried again not before its last try', () => {
  const fold = createTraceFold();
  const told = (bodies: readonly RunEventBody[], all = false): string[] => {
    for (const event of timed(bodies)) fold.follow(event);
    return fold.ended({ all }).map(({ call, outcome, tries }) => `${call} ${outcome} ${tries}`);
  };
  expect(told([start('c1'), start('c2'), finish('c2')])).toEqual(['c2 finished 1']);
  expect(told([])).toEqual([]);
  expect(told([fail('c1'), retry('c1')])).toEqual([]);
  expect(told([start('c1')])).toEqual([]);
  expect(told([fail('c1')])).toEqual(['c1 failed 2']);
  expect(told([finish('c3', true)])).toEqual(['c3 kept 0']);
  expect(told([start('c4'), fail('c4'), retry('c4'), start('c5')])).toEqual([]);
  // At the end: what waited for its next try has failed; what has no end is not told.
  expect(told([], true)).toEqual(['c4 failed 1']);
});
