import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CallPurpose, RunEvent, RunEventBody } from '../../src/domain/event.ts';
import type { ModelRole } from '../../src/domain/model-role.ts';
import { noUsage } from '../../src/domain/usage.ts';
import { addSpend, createCostFold, type CostReport } from '../../src/report/cost.ts';

const event = (body: RunEventBody): RunEvent => ({
  at: '2026-01-01',
  run: 'r',
  version: 2,
  ...body,
});

interface Call {
  readonly stage?: string;
  readonly task?: string | null;
  readonly attempt?: number;
  readonly round?: number;
  readonly role?: ModelRole;
  readonly model?: string;
  readonly call?: string;
  readonly usd?: number;
}

let calls = 0;
function fieldsOf({ stage = 'execute', task = 'T1', attempt = 1, round = 1, ...more }: Call) {
  const purpose: CallPurpose = { stage, feature: 'f', task, attempt, round };
  const { call = `call-${++calls}`, role = 'coder', model = 'one/author', usd } = more;
  return { call, role, model, purpose, durationMs: 1, ...(usd !== undefined && { usd }) };
}

const usage = { ...noUsage, input: 100, cachedInput: 40, output: 10 };
const finish = (call: Call, stored = false): RunEvent =>
  event({
    type: 'call-finish',
    finishReason: 'stop',
    servedBy: 'x',
    stored,
    usage: stored ? noUsage : usage,
    ...fieldsOf(call),
  });
const fail = (call: Call, paid: boolean): RunEvent =>
  event({
    type: 'call-fail',
    kind: 'network',
    message: 'broke off',
    ...(paid && { usage }),
    ...fieldsOf(call),
  });
const start = (task: string, attempt: number): RunEvent =>
  event({ type: 'task-start', task, title: 'x', attempt, resumed: false });
const end = (task: string, attempt: number, status: 'done' | 'failed' | 'needs_review') =>
  event({ type: 'task-finish', task, attempt, status, reason: 'x', rounds: 1 });

function reportOf(events: readonly RunEvent[], price?: { input: number; output: number }) {
  const fold = createCostFold(() => price ?? null);
  for (const one of events) fold.follow(one);
  return fold.report();
}

const usdOf = (report: CostReport) =>
  Object.fromEntries(
    (['useful', 'open', 'failed', 'malformed', 'notApproved', 'wasted'] as const).map((name) => [
      name,
      Math.round(report[name].usd * 100) / 100,
    ]),
  );

describe('the sums', () => {
  it('are by role, model and task, the dearest first', () => {
    const report = reportOf([
      finish({ usd: 1 }),
      finish({ usd: 2, task: 'T2', role: 'reviewer', model: 'two/critic' }),
      finish({ usd: 4, task: null, stage: 'plan', role: 'parser' }),
    ]);
    expect(report.total).toMatchObject({
      calls: 3,
      usd: 7,
      tokens: { input: 300, cachedInput: 120, output: 30 },
    });
    const shown = (rows: CostReport['byRole']) => rows.map(({ name, usd }) => `${name} ${usd}`);
    expect(shown(report.byRole)).toEqual(['parser 4', 'reviewer 2', 'coder 1']);
    expect(shown(report.byModel)).toEqual(['one/author 5', 'two/critic 2']);
    expect(shown(report.byTask)).toEqual(['planning 4', 'T2 2', 'T1 1']);
  });

  it('take what the journal states before today’s price, and that before nothing', () => {
    const price = { input: 10_000, output: 0 };
    expect(reportOf([finish({ usd: 5 }), finish({})], price).total.usd).toBe(6);
    expect(reportOf([finish({})]).total).toMatchObject({ usd: 0, unpriced: 1 });
  });

  it('tell failed calls of which nobody said what they used', () => {
    const report = reportOf([fail({ usd: 1 }, true), fail({}, false)]);
    expect(report.total).toMatchObject({ calls: 2, usd: 1, unreported: 1, unpriced: 0 });
  });

  it('tell calls that were cut off with their process, also where the next one asked again', () => {
    const sent = (call: string, run: string): RunEvent => {
      const { role, model, purpose } = fieldsOf({ call });
      return { ...event({ type: 'call-start', call, role, model, purpose }), run };
    };
    const done = (call: string, run: string): RunEvent => ({ ...finish({ call, usd: 2 }), run });
    const report = reportOf([
      sent('a', 'one'),
      sent('b', 'one'),
      done('b', 'one'),
      sent('a', 'two'),
      done('a', 'two'),
    ]);
    expect(report.total).toMatchObject({ calls: 2, usd: 4, unreported: 0 });
    expect(report.cutOff).toBe(1);
  });

  it('count stored replies as avoided, with what they had cost', () => {
    const report = reportOf([
      finish({ call: 'a', usd: 3 }),
      finish({ call: 'a' }, true),
      finish({ call: 'lost' }, true),
    ]);
    expect(report.total.calls).toBe(1);
    expect(report.avoided).toEqual({ calls: 2, usd: 3, unpriced: 1 });
  });

  it('are empty for a journal without calls', () => {
    expect(reportOf([start('T1', 1)]).total).toMatchObject({ calls: 0, usd: 0 });
  });
});

describe('useful and wasted', () => {
  it('an approved attempt is useful, but for its failed calls and malformed replies', () => {
    const report = reportOf([
      start('T1', 1),
      fail({ usd: 1 }, true),
      finish({ usd: 2 }),
      finish({ usd: 4, stage: 'execute:repair' }),
      finish({ usd: 8, stage: 'review', role: 'reviewer' }),
      end('T1', 1, 'done'),
    ]);
    expect(usdOf(report)).toEqual({
      useful: 12,
      open: 0,
      failed: 1,
      malformed: 2,
      notApproved: 0,
      wasted: 3,
    });
  });

  it('an attempt that another one follows is wasted', () => {
    const report = reportOf([
      start('T1', 1),
      finish({ usd: 1 }),
      start('T1', 2),
      finish({ usd: 2, attempt: 2 }),
      end('T1', 2, 'done'),
    ]);
    expect(usdOf(report)).toMatchObject({ useful: 2, notApproved: 1 });
  });

  it('work that waits for a person is open until they decide', () => {
    const waits = [start('T1', 1), finish({ usd: 1 }), end('T1', 1, 'needs_review')];
    expect(usdOf(reportOf(waits))).toMatchObject({ open: 1, useful: 0, wasted: 0 });
    const byPerson = (to: 'pending' | 'done'): RunEvent =>
      event({ type: 'task-status', task: 'T1', from: 'needs_review', to, by: 'person' });
    expect(usdOf(reportOf([...waits, byPerson('pending')]))).toMatchObject({ notApproved: 1 });
    const approved = [...waits, byPerson('done'), end('T1', 1, 'done')];
    expect(usdOf(reportOf(approved))).toMatchObject({ useful: 1, wasted: 0, open: 0 });
  });

  it('a failed task is wasted, one that was cut off is open', () => {
    const cut = [start('T1', 1), finish({ usd: 1 })];
    expect(usdOf(reportOf(cut))).toMatchObject({ open: 1 });
    expect(usdOf(reportOf([...cut, end('T1', 1, 'failed')]))).toMatchObject({ notApproved: 1 });
  });

  it('a planning stage is useful once it ends, but for replies that were asked for again', () => {
    const plan = (stage: string, usd: number): RunEvent => finish({ task: null, stage, usd });
    const ends = event({ type: 'stage-finish', stage: 'plan', summary: 'x', resumed: false });
    const twice = [plan('plan', 1), plan('plan:repair', 2), plan('plan', 4)];
    expect(usdOf(reportOf(twice))).toMatchObject({ malformed: 3, open: 4 });
    expect(usdOf(reportOf([...twice, ends]))).toMatchObject({ malformed: 3, useful: 4 });
    expect(usdOf(reportOf([...twice.slice(0, 2), ends]))).toMatchObject({
      malformed: 1,
      useful: 2,
    });
  });
});

it('every call is in one judgement, and in one row of each table', () => {
  const anyEvent = fc.oneof(
    fc
      .record({
        stage: fc.constantFrom('execute', 'execute:repair', 'review'),
        task: fc.constantFrom('T1', 'T2', null),
        attempt: fc.integer({ min: 1, max: 3 }),
        usd: fc.integer({ min: 0, max: 100 }),
        failed: fc.boolean(),
      })
      .map(({ failed, ...call }) => (failed ? fail(call, true) : finish(call))),
    fc
      .record({ task: fc.constantFrom('T1', 'T2'), attempt: fc.integer({ min: 1, max: 3 }) })
      .map(({ task, attempt }) => start(task, attempt)),
    fc
      .record({
        task: fc.constantFrom('T1', 'T2'),
        attempt: fc.integer({ min: 1, max: 3 }),
        status: fc.constantFrom('done' as const, 'failed' as const, 'needs_review' as const),
      })
      .map(({ task, attempt, status }) => end(task, attempt, status)),
  );
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 40 }), (events) => {
      const report = reportOf(events);
      const parts = [report.useful, report.open, report.wasted];
      expect(parts.reduce(addSpend)).toEqual(report.total);
      const wasted = [report.failed, report.malformed, report.notApproved];
      expect(wasted.reduce(addSpend)).toEqual(report.wasted);
      for (const rows of [report.byRole, report.byModel, report.byTask])
        expect(rows.reduce((sum, { usd }) => sum + usd, 0)).toBe(report.total.usd);
    }),
  );
});
