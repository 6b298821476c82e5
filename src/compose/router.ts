import type { ResolvedConfig } from '../config/resolved-config.ts';
import type { Emit } from '../domain/event.ts';
import { providers as kinds } from '../extensions.ts';
import type { ModelProvider, ModelRouter } from '../models/language-model.ts';
import { withRecording } from '../models/middleware/record.ts';
import { createReplayStack, createStack } from '../models/middleware/stack.ts';
import { withoutSecrets } from '../models/middleware/without-secrets.ts';
import { requestHash } from '../models/request-hash.ts';
import type { CallStore } from '../domain/stored-call.ts';
import type { Redactor } from '../text/redact.ts';
import { routerOf } from './models.ts';
import type { Spending } from './spending.ts';
import type { RecordReplay } from './record-replay.ts';

/** The models that roles lead to, with all that stands around each: for the calls of one command. */
export function openRouter(parts: {
  config: ResolvedConfig;
  providers: ReadonlyMap<string, ModelProvider>;
  calls: CallStore;
  spending: Spending;
  recordReplay: Pick<RecordReplay, 'recording' | 'replay'>;
  redactor: Redactor;
  emit: Emit;
  now: () => Date;
}): ModelRouter {
  const { config, providers, calls, redactor, emit, now } = parts;
  const { account, withBudget } = parts.spending;
  const { recording, replay } = parts.recordReplay;
  const around = { store: calls, emit, now, account, asSent: redactor.values };
  const stack =
    replay === null
      ? createStack({
          ...config,
          ...around,
          cachesPrefixes(name) {
            const kind = config.providers.get(name)?.kind;
            return kind !== undefined && kinds[kind].cachesPrefixes === true;
          },
          ...(withBudget !== undefined && { withBudget }),
        })
      : createReplayStack(around);
  return routerOf(
    config,
    {
      wrap(model) {
        const whole = stack(withoutSecrets(model, { redactor, emit }));
        return recording === null ? whole : withRecording(whole, { recording, redactor, now });
      },
      emit,
      now,
      kept: async (ref, request) =>
        (await calls.read(requestHash(ref, request))) !== null ||
        replay?.holds(ref, request) === true,
    },
    providers,
  );
}
