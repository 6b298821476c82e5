import type { ResolvedConfig } from '../config/resolved-config.ts';
import type { FileChanges } from '../domain/bundle.ts';
import type { Emit } from '../domain/event.ts';
import type { Redactor } from '../domain/redact.ts';
import { createLocalEngine } from '../executor/local-engine.ts';
import type { TaskDependencies } from '../executor/task-dependencies.ts';
import { createStack, type StackOptions } from '../models/middleware/stack.ts';
import { withoutSecrets } from '../models/middleware/without-secrets.ts';
import { requestHash } from '../models/request-hash.ts';
import { createCallStore } from '../state/call-store.ts';
import { withFeatureLock } from '../state/feature-lock.ts';
import type { FeaturePlace } from '../state/feature-folder.ts';
import type { ArtefactStore, FeatureStore } from '../state/ports.ts';
import { single } from '../strategies/single.ts';
import { createFolderWorkspace } from '../workspace/folder-workspace.ts';
import { unifiedDiff } from '../workspace/unified-diff.ts';
import { gatesOf } from './gates.ts';
import { withoutSecretsInWorkspace } from './hide-secrets.ts';
import { routerOf } from './models.ts';
import type { AppOptions } from './options.ts';
import { planArtefacts } from './plan-artefacts.ts';

type Place = FeaturePlace & { now: () => Date };

/** The adapters that work with models needs, for one feature. */
export function compose(wanted: {
  slug: string;
  config: ResolvedConfig;
  artefacts: ArtefactStore;
  emit: Emit;
  withBudget?: StackOptions['withBudget'] | undefined;
  options: AppOptions;
  place: Place;
  redactor: Redactor;
}) {
  const { slug, config, artefacts, emit, withBudget, options, place, redactor } = wanted;
  const { now } = options;
  const calls = createCallStore(place, slug);
  const stack = createStack({
    ...config,
    store: calls,
    emit,
    now,
    ...(withBudget !== undefined && { withBudget }),
  });
  const router = routerOf(config, {
    wrap: (model) => stack(withoutSecrets(model, { redactor, emit })),
    emit,
    now,
    kept: async (ref, request) => (await calls.read(requestHash(ref, request))) !== null,
  });
  const workspace = withoutSecretsInWorkspace(workspaceOf(config.root, place), redactor);
  const task: TaskDependencies = {
    artefacts,
    workspace,
    router,
    strategy: single,
    ...gatesOf(config, workspace, { redactor, now }),
    emit,
    now,
    options: {
      attempts: config.executor.attempts,
      contextTokens: config.executor.contextTokens,
      maxOutputTokens: config.executor.maxOutputTokens,
      maxIterations: config.supervisor.maxIterations,
      codec: config.executor.codec,
    },
  };
  return {
    router,
    workspace,
    task,
    engine: createLocalEngine(task),
    planArtefacts: (store: FeatureStore) => planArtefacts(slug, artefacts, store),
  };
}

function workspaceOf(root: string, place: Place) {
  return createFolderWorkspace({
    root,
    featuresDir: place.featuresDir,
    lock: (slug, work) => withFeatureLock(place, slug, 'workspace', work),
  });
}

/** The files before and after approved work, or after `changes` over it, as a unified diff. */
export async function workspaceChanges(
  slug: string,
  place: Place,
  root: string,
  changes: FileChanges | undefined,
): Promise<{ diff: string; files: string[] }> {
  const workspace = workspaceOf(root, place);
  const approved = await workspace.files(slug);
  const after = changes ?? approved;
  const before = new Map<string, string | null>();
  const base = changes === undefined ? workspace.project() : workspace.base(slug);
  for (const path of after.keys()) before.set(path, await base.read(path));
  const files = [...after.keys()].filter((path) => before.get(path) !== after.get(path)).sort();
  return { diff: unifiedDiff(before, after), files };
}
