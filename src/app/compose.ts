import { relative, sep } from 'node:path';
import * as z from 'zod';
import type { ResolvedConfig, ResolvedProvider } from '../config/resolved-config.ts';
import type { FileChanges } from '../domain/bundle.ts';
import type { Emit } from '../domain/event.ts';
import type { Redactor } from '../domain/redact.ts';
import {
  formatModelRef,
  modelRoles,
  type ModelRole,
  type RoutingDecision,
} from '../domain/model-role.ts';
import { BlueprintError } from '../domain/errors.ts';
import { createLocalEngine } from '../executor/local-engine.ts';
import type { TaskDependencies } from '../executor/task-dependencies.ts';
import { knownContextTokens } from '../models/context-size.ts';
import { createCooldown } from '../models/cooldown.ts';
import type { ModelProvider, ModelRouter, RouteNeed } from '../models/language-model.ts';
import { createStack, type StackOptions } from '../models/middleware/stack.ts';
import { withoutSecrets } from '../models/middleware/without-secrets.ts';
import { anthropicProvider } from '../models/providers/anthropic.ts';
import { claudeCliProvider } from '../models/providers/cli/claude.ts';
import { codexCliProvider } from '../models/providers/cli/codex.ts';
import { commandProvider } from '../models/providers/cli/command.ts';
import { geminiCliProvider } from '../models/providers/cli/gemini.ts';
import { googleProvider } from '../models/providers/google.ts';
import { offlineProvider } from '../models/providers/offline.ts';
import { ollamaProvider } from '../models/providers/ollama.ts';
import { openaiCompatibleProvider } from '../models/providers/openai-compatible.ts';
import { openaiProvider } from '../models/providers/openai.ts';
import type { ReplyLimits } from '../models/providers/reply-limits.ts';
import { scriptedProvider } from '../models/providers/scripted.ts';
import { requestHash } from '../models/request-hash.ts';
import { createRouter, type RouterOptions } from '../models/router.ts';
import type { Answer, PlanArtefacts } from '../pipeline/ports.ts';
import type { Gate } from '../sandbox/gate.ts';
import { pathsGate } from '../sandbox/gates/paths.ts';
import { runGates } from '../sandbox/gates/run-gates.ts';
import { secretsGate } from '../sandbox/gates/secrets.ts';
import { syntaxGate } from '../sandbox/gates/syntax.ts';
import { createCallStore } from '../state/call-store.ts';
import { withFeatureLock } from '../state/feature-lock.ts';
import type { FeaturePlace } from '../state/feature-folder.ts';
import type { ArtefactStore, FeatureStore } from '../state/ports.ts';
import { single } from '../strategies/single.ts';
import { createFolderWorkspace } from '../workspace/folder-workspace.ts';
import { unifiedDiff } from '../workspace/unified-diff.ts';
import { withoutSecretsInWorkspace } from './hide-secrets.ts';
import type { AppOptions } from './options.ts';

type Place = FeaturePlace & { now: () => Date };

const providers: Record<
  ResolvedProvider['kind'],
  (config: ResolvedProvider, limits: ReplyLimits) => ModelProvider
> = {
  anthropic: anthropicProvider,
  openai: openaiProvider,
  google: googleProvider,
  'openai-compatible': (config, limits) =>
    (config.name === 'ollama' ? ollamaProvider : openaiCompatibleProvider)(config, limits),
  'claude-cli': claudeCliProvider,
  'codex-cli': codexCliProvider,
  'gemini-cli': geminiCliProvider,
  command: commandProvider,
  scripted: (config) => scriptedProvider(config),
  offline: () => offlineProvider(),
};

type ComposedWorkspace = ReturnType<typeof workspaceOf>;

const gates: Record<
  ResolvedConfig['gates'][number],
  (config: ResolvedConfig, workspace: ComposedWorkspace) => Gate
> = {
  paths: ({ root, featuresDir }, workspace) =>
    pathsGate({
      forbidden: [relative(root, featuresDir).split(sep).join('/')],
      entries: (folder) => workspace.projectEntries(folder),
    }),
  syntax: () => syntaxGate(),
};

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
  const chosen = [
    ...config.gates.map((name) => gates[name](config, workspace)),
    secretsGate(redactor.held),
  ];
  const task: TaskDependencies = {
    artefacts,
    workspace,
    router,
    strategy: single,
    checkGates: async (about, { bundle, changes }, base, signal) => {
      const results = await runGates(chosen, { task: about, bundle, changes, base }, signal, now);
      // Not one of the checks that a user chose: it is heard when it has something to say.
      return results.filter(({ gate, status }) => gate !== 'secrets' || status !== 'passed');
    },
    blockingGates: new Set(chosen.filter((gate) => gate.blocking).map((gate) => gate.name)),
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

function routerOf(
  config: ResolvedConfig,
  around: Pick<RouterOptions, 'wrap' | 'emit' | 'kept'> & { now: () => Date },
): ModelRouter {
  const made = new Map(
    [...config.providers].map(([name, provider]) => [
      name,
      providers[provider.kind](provider, config.calls),
    ]),
  );
  return createRouter({
    roles: config.roles,
    routing: config.routing,
    providers: made,
    ...around,
    cooldown: createCooldown({ longestAskedMs: config.calls.maxRetryAfterMs, ...around }),
    contextTokens: (ref) =>
      config.models.get(formatModelRef(ref))?.contextTokens ?? knownContextTokens(ref),
  });
}

function workspaceOf(root: string, place: Place) {
  return createFolderWorkspace({
    root,
    featuresDir: place.featuresDir,
    lock: (slug, work) => withFeatureLock(place, slug, 'workspace', work),
  });
}

function planArtefacts(slug: string, artefacts: ArtefactStore, store: FeatureStore): PlanArtefacts {
  return {
    readBrief: () => artefacts.read(slug, 'brief.md'),
    saveBrief: (text) => artefacts.write(slug, 'brief.md', text),
    async readAnswers() {
      const text = await artefacts.read(slug, 'answers.json');
      return text === null ? null : parseAnswers(text, artefacts.path(slug, 'answers.json'));
    },
    saveAnswers: (answers) =>
      artefacts.write(slug, 'answers.json', `${JSON.stringify(answers, null, 2)}\n`),
    readSpec: () => artefacts.read(slug, 'spec.md'),
    saveSpec: (markdown) => artefacts.write(slug, 'spec.md', markdown),
    readTaskList: () => store.read(slug),
    saveTaskList: (document) => store.create(slug, document),
    saveDraft: (name, text) => artefacts.write(slug, `partial/plan/${name}`, text),
  };
}

const answersSchema = z.array(
  z.strictObject({ question: z.string(), answer: z.string(), assumed: z.boolean() }),
);

function parseAnswers(text: string, path: string): Answer[] {
  try {
    return answersSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new BlueprintError({
      code: 'answers-file-broken',
      message: 'The answers to the questions on the brief cannot be read',
      target: path,
      fix: 'Mend the file, or delete it to be asked again.',
      cause,
    });
  }
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

/** The model that one list of a role leads to; `problem` and `fix` where it leads to none. */
export interface Route {
  readonly decision: RoutingDecision | null;
  readonly problem: string | null;
  readonly fix: string | null;
}

export interface RoleRoute extends Route {
  readonly role: ModelRole;
  /** For content above the role's threshold; null where size makes no difference to the role. */
  readonly large: Route | null;
}

/** What each role would use now, and which providers can be asked. Makes no call. */
export function routes(config: ResolvedConfig): {
  roles: RoleRoute[];
  providers: {
    name: string;
    reachable: boolean;
    reason: string | null;
    variables: readonly string[];
  }[];
} {
  const router = routerOf(config, {
    wrap: (model) => model,
    emit: () => undefined,
    now: () => new Date(),
    kept: async () => false,
  });
  const route = (role: ModelRole, need?: RouteNeed): Route => {
    try {
      return { decision: router.decide(role, need), problem: null, fix: null };
    } catch (error) {
      if (!(error instanceof BlueprintError)) throw error;
      return { decision: null, problem: error.message, fix: error.fix ?? null };
    }
  };
  const thresholds: Partial<Record<ModelRole, number>> = {
    parser: config.routing.parserLargeTokens,
    coder: config.routing.coderLargeTokens,
  };
  const roles = modelRoles.map((role): RoleRoute => {
    const threshold = thresholds[role];
    const large = threshold === undefined ? null : route(role, { contentTokens: threshold + 1 });
    return { role, ...route(role), large };
  });
  const known = [...config.providers].map(([name, provider]) => {
    const missing = providers[provider.kind](provider, config.calls).unavailable();
    return {
      name,
      reachable: missing === null,
      reason: missing?.reason ?? null,
      variables: missing?.variables ?? [],
    };
  });
  return { roles, providers: known };
}
