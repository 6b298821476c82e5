import { describe, expect, it } from 'vitest';
import type { RunEventBody } from '../../src/domain/event.ts';
import { ModelError, modelErrorKinds, type ModelErrorKind } from '../../src/domain/model-error.ts';
import { createCooldown } from '../../src/models/cooldown.ts';

function setup() {
  let now = 1_000_000;
  const events: RunEventBody[] = [];
  const cooldown = createCooldown({
    longestAskedMs: 60_000,
    emit: (event) => events.push(event),
    now: () => new Date(now),
  });
  const fail = (kind: ModelErrorKind, retryAfterMs?: number): void =>
    cooldown.failed('a/m', new ModelError({ kind, model: 'a/m', message: kind, retryAfterMs }));
  const pass = (ms: number): void => {
    now += ms;
  };
  /** How long the last cooldown is, ms. */
  const lastMs = (): number | undefined => {
    const event = events.at(-1);
    return event?.type === 'route-cooldown' ? event.forMs : undefined;
  };
  return { cooldown, events, fail, pass, lastMs };
}

describe('createCooldown', () => {
  const needed: Record<ModelErrorKind, number | null> = {
    auth: 1,
    quota_exhausted: 1,
    rate_limit: 3,
    overloaded: 3,
    timeout: 3,
    network: 3,
    unavailable: 3,
    bad_request: null,
    context_too_long: null,
    refused: null,
    truncated: null,
    malformed: null,
    reply_too_large: null,
  };
  it.each(modelErrorKinds)('puts a model aside after %s as often as it takes', (kind) => {
    const { cooldown, fail, events } = setup();
    let failures = 0;
    while (cooldown.of('a/m') === null && failures < 10) {
      fail(kind);
      failures += 1;
    }
    expect(failures).toBe(needed[kind] ?? 10);
    expect(events).toHaveLength(needed[kind] === null ? 0 : 1);
    expect(cooldown.of('a/other')).toBeNull();
  });

  it('says why and for how long, and asks again when that is over', () => {
    const { cooldown, fail, pass, events } = setup();
    for (let time = 0; time < 3; time++) fail('overloaded');
    expect(events).toEqual([
      { type: 'route-cooldown', model: 'a/m', kind: 'overloaded', failures: 3, forMs: 30_000 },
    ]);
    pass(9_500);
    expect(cooldown.of('a/m')).toEqual({
      kind: 'overloaded',
      reason: 'failed (overloaded, 3 times in a row); not asked for another 21 s',
    });
    pass(20_500);
    expect(cooldown.of('a/m')).toBeNull();
  });

  it('counts failures in a row only', () => {
    const { cooldown, fail } = setup();
    for (const answer of [() => cooldown.answered('a/m'), () => fail('refused')]) {
      fail('network');
      fail('timeout');
      answer();
    }
    fail('network');
    fail('network');
    expect(cooldown.of('a/m')).toBeNull();
    fail('network');
    expect(cooldown.of('a/m')).not.toBeNull();
  });

  it('grows with each cooldown that no answer came between, up to an hour', () => {
    const { cooldown, fail, pass, lastMs } = setup();
    const times: (number | undefined)[] = [];
    for (let time = 0; time < 3; time++) fail('network');
    for (let round = 0; round < 9; round++) {
      times.push(lastMs());
      pass(lastMs() ?? 0);
      // Once it is over, one more failure is enough.
      fail('network');
    }
    expect(times.slice(0, 3)).toEqual([30_000, 60_000, 120_000]);
    expect(times.at(-1)).toBe(3_600_000);
    pass(3_600_000);
    cooldown.answered('a/m');
    fail('network');
    expect(cooldown.of('a/m')).toBeNull();
  });

  it('does not count calls that were under way when the model was put aside', () => {
    const { fail, events, pass, lastMs } = setup();
    for (let call = 0; call < 8; call++) fail('overloaded');
    expect(events).toHaveLength(1);
    pass(30_000);
    fail('overloaded');
    expect(lastMs()).toBe(60_000);
  });

  it('leaves a provider alone for as long as it asks, where that is long', () => {
    const { cooldown, fail, pass, lastMs } = setup();
    fail('rate_limit', 59_000);
    expect(cooldown.of('a/m')).toBeNull();
    fail('rate_limit', 600_000);
    expect(lastMs()).toBe(600_000);
    fail('rate_limit', 700_000);
    expect(lastMs()).toBe(700_000);
    pass(699_999);
    expect(cooldown.of('a/m')).not.toBeNull();
    pass(1);
    expect(cooldown.of('a/m')).toBeNull();
  });
});
