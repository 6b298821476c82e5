import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BlueprintError, InterruptedError } from '../../../src/domain/errors.ts';
import {
  createLedger,
  type Caps,
  type CallCost,
  type Reservation,
} from '../../../src/models/middleware/ledger.ts';

const never = new AbortController().signal;
const caps = (more: Partial<Caps>): Caps => ({ run: null, feature: null, roles: {}, ...more });
const costOf = (full: number, more: Partial<CallCost> = {}): CallCost => ({
  role: 'coder',
  model: 'one/author',
  full,
  least: full,
  ...more,
});

/** Whether a promise is settled once all that is due has happened. */
async function isPending(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol('pending');
  await new Promise((resolve) => setImmediate(resolve));
  const first = await Promise.race([promise.catch(() => null), Promise.resolve(pending)]);
  return first === pending;
}

describe('reserve', () => {
  it('sets money aside until it is released', async () => {
    const ledger = createLedger(caps({ run: 1 }));
    const first = await ledger.reserve(costOf(0.6), never);
    const second = ledger.reserve(costOf(0.6), never);
    expect(await isPending(second)).toBe(true);
    ledger.spend('coder', 0.1);
    first.release();
    first.release();
    expect((await second).amount).toBe(0.6);
  });

  it('ends the cap for all when a call can never fit, also for those that wait', async () => {
    const ledger = createLedger(caps({ run: 1 }));
    const first = await ledger.reserve(costOf(0.9), never);
    const waits = ledger.reserve(costOf(0.5), never);
    expect(await isPending(waits)).toBe(true);
    const never1 = ledger.reserve(costOf(1.1), never);
    await expect(never1).rejects.toMatchObject({ code: 'budget-reached', exitCode: 4 });
    await expect(waits).rejects.toMatchObject({ code: 'budget-reached' });
    first.release();
    await expect(ledger.reserve(costOf(0.01), never)).rejects.toMatchObject({
      code: 'budget-reached',
    });
  });

  it('says what is spent, of how much, on what, and how to go on', async () => {
    const ledger = createLedger(caps({ feature: 2 }));
    ledger.elsewhere(1);
    ledger.elsewhere(1.75);
    const error: unknown = await ledger.reserve(costOf(0.5), never).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(BlueprintError);
    expect(error).toMatchObject({
      message: expect.stringMatching(
        /the feature.*\$1\.75 of \$2\.00.*coder, one\/author.*\$0\.50/,
      ),
      fix: expect.stringMatching(/^Raise it to \$2\.25 or more \(budget\.feature.*same command/),
    });
  });

  it('gives less than the full cost when the rest still makes sense, and nobody else will leave more', async () => {
    const ledger = createLedger(caps({ run: 1 }));
    ledger.spend('coder', 0.7);
    expect((await ledger.reserve(costOf(0.5, { least: 0.25 }), never)).amount).toBeCloseTo(0.3);
    const other = createLedger(caps({ run: 1 }));
    other.spend('coder', 0.7);
    await expect(other.reserve(costOf(0.5, { least: 0.35 }), never)).rejects.toMatchObject({
      code: 'budget-reached',
    });
  });

  it('waits for the full cost while calls under way may leave it', async () => {
    const ledger = createLedger(caps({ run: 1 }));
    const first = await ledger.reserve(costOf(0.7), never);
    const second = ledger.reserve(costOf(0.5, { least: 0.2 }), never);
    expect(await isPending(second)).toBe(true);
    ledger.spend('coder', 0.1);
    first.release();
    expect((await second).amount).toBe(0.5);
  });

  it('counts each role against its own cap, and all against that of the run', async () => {
    const ledger = createLedger(caps({ run: 1, roles: { reviewer: 0.1 } }));
    const review = costOf(0.2, { role: 'reviewer' });
    await expect(ledger.reserve(review, never)).rejects.toMatchObject({
      message: expect.stringContaining('the role reviewer'),
    });
    expect((await ledger.reserve(costOf(0.9), never)).amount).toBe(0.9);
  });

  it('is over in the same breath for an interruption', async () => {
    const ledger = createLedger(caps({ run: 1 }));
    await ledger.reserve(costOf(1), never);
    const stop = new AbortController();
    const waits = ledger.reserve(costOf(1), stop.signal);
    stop.abort();
    await expect(waits).rejects.toBeInstanceOf(InterruptedError);
    await expect(ledger.reserve(costOf(1), stop.signal)).rejects.toBeInstanceOf(InterruptedError);
  });

  it('lets a call of exactly what is left pass, whatever the binary fractions are', async () => {
    const ledger = createLedger(caps({ run: 0.3 }));
    ledger.spend('coder', 0.1);
    ledger.spend('coder', 0.1);
    expect((await ledger.reserve(costOf(0.1), never)).amount).toBeCloseTo(0.1);
  });
});

describe('any calls at the same time', () => {
  const amount = fc.double({ min: 0.001, max: 1, noNaN: true });
  const call = fc.record({ worst: amount, share: fc.double({ min: 0, max: 1, noNaN: true }) });

  it('never set aside or spend more than the cap, and all of them come to an end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(call, { minLength: 1, maxLength: 12 }),
        fc.double({ min: 0.1, max: 3, noNaN: true }),
        async (scheduler, calls, cap) => {
          const ledger = createLedger(caps({ run: cap }));
          let spent = 0;
          let aside = 0;
          const run = async ({ worst, share }: { worst: number; share: number }) => {
            await scheduler.schedule(Promise.resolve(), 'begin');
            let reservation: Reservation;
            try {
              reservation = await ledger.reserve(costOf(worst, { least: worst / 4 }), never);
            } catch (error) {
              expect(error).toMatchObject({ code: 'budget-reached' });
              return;
            }
            aside += reservation.amount;
            expect(spent + aside).toBeLessThanOrEqual(cap + 1e-6);
            await scheduler.schedule(Promise.resolve(), 'answer');
            const cost = reservation.amount * share;
            ledger.spend('coder', cost);
            spent += cost;
            aside -= reservation.amount;
            reservation.release();
          };
          const all = calls.map(run);
          await scheduler.waitFor(Promise.all(all));
          expect(spent).toBeLessThanOrEqual(cap + 1e-6);
        },
      ),
    );
  });

  it('pass the cap by less than one call when one call costs more than was thought', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(amount, { minLength: 1, maxLength: 12 }),
        fc.double({ min: 1, max: 2, noNaN: true }),
        fc.double({ min: 0.1, max: 3, noNaN: true }),
        async (worsts, excess, cap) => {
          const ledger = createLedger(caps({ run: cap }));
          let spent = 0;
          let dearest = 0;
          for (const worst of worsts) {
            const reservation = await ledger.reserve(costOf(worst), never).catch(() => null);
            if (reservation === null) break;
            const cost = worst * excess;
            dearest = Math.max(dearest, cost);
            ledger.spend('coder', cost);
            spent += cost;
            reservation.release();
          }
          expect(spent).toBeLessThanOrEqual(cap + dearest);
        },
      ),
    );
  });
});
