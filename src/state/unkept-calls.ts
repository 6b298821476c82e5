import { messageOf } from '../domain/errors.ts';
import type { CallStore, StoredCall } from '../domain/stored-call.ts';

export interface UnkeptCalls {
  readonly store: CallStore;
  /** Tries once more to keep what the store has not taken. Never throws. */
  flush(): Promise<void>;
}

/**
 * A store that loses no reply which was paid for: one that cannot be written is held in memory, serves this
 * command, and is tried again after each one that can.
 * @param tell hears of each that is not kept, and why
 */
export function holdUnkept(store: CallStore, tell: (why: string) => void): UnkeptCalls {
  const unkept = new Map<string, StoredCall>();
  const flush = async (): Promise<void> => {
    for (const [hash, call] of unkept) {
      try {
        await store.write(hash, call);
        unkept.delete(hash);
      } catch {
        // The others would meet the same.
        return;
      }
    }
  };
  return {
    flush,
    store: {
      read: async (hash) => unkept.get(hash) ?? store.read(hash),
      prepare: (texts) => store.prepare(texts),
      async write(hash, call) {
        try {
          await store.write(hash, call);
        } catch (error) {
          unkept.set(hash, call);
          tell(messageOf(error));
          return;
        }
        await flush();
      },
      async forget(hash) {
        if (!unkept.delete(hash)) await store.forget(hash);
      },
    },
  };
}
