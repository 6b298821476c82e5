import type { Emit } from '../domain/event.ts';
import type { ModelError, ModelErrorKind } from '../domain/model-error.ts';

/** Remembers which models keep failing, so that they are passed over for a while. */
export interface Cooldown {
  /** Why a model (`provider/model`) is passed over now; null when it may be asked. */
  of(model: string): { readonly kind: ModelErrorKind; readonly reason: string } | null;
  /** A call ended without an answer, after its retries. */
  failed(model: string, error: ModelError): void;
  answered(model: string): void;
}

/** How many failures in a row put a model aside; other kinds are answers of a sort. */
const patience: Partial<Record<ModelErrorKind, number>> = {
  auth: 1,
  quota_exhausted: 1,
  rate_limit: 3,
  overloaded: 3,
  timeout: 3,
  network: 3,
  unavailable: 3,
};

const transientMs = 30_000;
/** A key or an account is mended by a person, who needs longer. */
const accountMs = 300_000;
const longestMs = 3_600_000;

interface Trouble {
  kind: ModelErrorKind;
  /** Failures in a row. */
  failures: number;
  /** Cooldowns since the last answer. */
  cooldowns: number;
  until: number;
}

/**
 * A model is passed over after three failures in a row, or one that only a person can mend, or for as long
 * as it asks. The time doubles with each cooldown that no answer came between; once it is over, one more
 * failure is enough.
 * @param longestAskedMs who asks for a longer wait than this is left alone until it is over, ms.
 */
export function createCooldown(options: {
  longestAskedMs: number;
  emit: Emit;
  now: () => Date;
}): Cooldown {
  const { longestAskedMs, emit } = options;
  const now = (): number => options.now().getTime();
  const records = new Map<string, Trouble>();

  return {
    of(model) {
      const record = records.get(model);
      const leftMs = (record?.until ?? 0) - now();
      if (record === undefined || leftMs <= 0) return null;
      const { kind, failures } = record;
      const often = failures === 1 ? '' : `, ${failures} times in a row`;
      const reason = `failed (${kind}${often}); not asked for another ${Math.ceil(leftMs / 1000)} s`;
      return { kind, reason };
    },

    failed(model, { kind, retryAfterMs = 0 }) {
      const needed = patience[kind];
      if (needed === undefined) {
        // It was there and said no.
        records.delete(model);
        return;
      }
      const record = records.get(model) ?? { kind, failures: 0, cooldowns: 0, until: 0 };
      records.set(model, record);
      // Calls that were under way when it was put aside say nothing new.
      if (record.until > now() && retryAfterMs <= record.until - now()) return;
      record.kind = kind;
      record.failures += 1;
      const asked = retryAfterMs > longestAskedMs;
      if (record.failures < needed && record.cooldowns === 0 && !asked) return;
      const baseMs = needed === 1 ? accountMs : transientMs;
      const ownMs = Math.min(longestMs, baseMs * 2 ** record.cooldowns);
      const forMs = Math.max(ownMs, retryAfterMs);
      record.cooldowns += 1;
      record.until = now() + forMs;
      emit({ type: 'route-cooldown', model, kind, failures: record.failures, forMs });
    },

    answered: (model) => void records.delete(model),
  };
}
