import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { partsOf } from '../src/compose/parts.ts';
import { openSession } from '../src/compose/session.ts';
import { openSpending } from '../src/compose/spending.ts';
import { loadConfig } from '../src/config/load-config.ts';
import { createRedactor, secretsOf } from '../src/text/redact.ts';
import { createStack } from '../src/models/middleware/stack.ts';
import { withoutSecrets } from '../src/models/middleware/without-secrets.ts';
import { createCallStore } from '../src/state/call-store.ts';
import type { LanguageModel } from '../src/models/language-model.ts';

const slug = 'bench';

/**
 * The program's parts around a model, as a command puts them together, in a folder of their own: journal,
 * call store, budget and all. `around` is for models that are no provider's.
 */
export async function openProgram(env: Record<string, string>) {
  const cwd = await mkdtemp(join(tmpdir(), 'blueprint-bench-'));
  const now = (): Date => new Date();
  const warn = (message: string): never => {
    throw new Error(message);
  };
  const config = await loadConfig({
    cwd,
    env,
    flags: { options: { budget: 1_000_000 } },
    home: cwd,
  });
  const place = { featuresDir: config.featuresDir, displayRoot: cwd, now };
  const redactor = createRedactor(secretsOf(env));
  const session = await openSession(place, slug, { redactor, now, warn });
  const { run, emit } = session;
  const { signal } = new AbortController();
  const recordReplay = { recording: null, replay: null };
  const parts = partsOf(
    { env, now, redactor, recordReplay },
    { name: slug, place, config, run, emit, signal },
  );
  const journal = parts.artefacts.path(slug, 'journal.jsonl');
  const { account, withBudget } = openSpending(config, journal, run);
  const stack = createStack({
    ...config,
    store: createCallStore(place, slug),
    emit,
    now,
    account,
    asSent: redactor.values,
    ...(withBudget !== undefined && { withBudget }),
  });
  const router = await parts.router();
  return {
    router,
    around: (model: LanguageModel) => stack(withoutSecrets(model, { redactor, emit })),
    async close() {
      await session.close();
      await rm(cwd, { recursive: true });
    },
  };
}
