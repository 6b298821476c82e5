import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compose } from '../src/compose/compose.ts';
import { withoutSecretsInFiles } from '../src/compose/hide-secrets.ts';
import { sessionsIn } from '../src/compose/session.ts';
import { openSpending } from '../src/compose/spending.ts';
import { loadConfig } from '../src/config/load-config.ts';
import { createRedactor, secretsOf } from '../src/text/redact.ts';
import { createStack } from '../src/models/middleware/stack.ts';
import { withoutSecrets } from '../src/models/middleware/without-secrets.ts';
import { createArtefactStore } from '../src/state/artefacts.ts';
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
  const config = await loadConfig({ cwd, env, flags: { budget: 1_000_000 }, home: cwd });
  const place = { featuresDir: config.featuresDir, displayRoot: cwd, now };
  const redactor = createRedactor(secretsOf(env));
  const artefacts = withoutSecretsInFiles(createArtefactStore(place), redactor);
  const session = await sessionsIn(place, { redactor, now, warn })(slug);
  const spending = openSpending(config, artefacts.path(slug, 'journal.jsonl'), session.run);
  const { signal } = new AbortController();
  const options = { cwd, env, flags: {}, now, signal, warn };
  const { emit } = session;
  const { account, withBudget } = spending;
  const stack = createStack({
    ...config,
    store: createCallStore(place, slug),
    emit,
    now,
    account,
    asSent: redactor.values,
    ...(withBudget !== undefined && { withBudget }),
  });
  const { router } = await compose({
    slug,
    config,
    artefacts,
    emit,
    ...spending,
    options,
    place,
    redactor,
  });
  return {
    router,
    around: (model: LanguageModel) => stack(withoutSecrets(model, { redactor, emit })),
    async close() {
      await session.close();
      await rm(cwd, { recursive: true });
    },
  };
}
