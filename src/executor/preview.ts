import {
  dependantsOf,
  topologicalOrder,
  remainingPath,
  derivedStates,
  type DerivedState,
} from '../domain/graph.ts';
import { criteriaOf } from '../domain/criteria.ts';
import type { RoutingDecision } from '../domain/event.ts';
import { roleOfType, type ModelRole } from '../domain/model-role.ts';
import { workersAs } from '../domain/route.ts';
import { isSettled, type FeatureDocument, type Task } from '../domain/task.ts';
import { estimatePromptTokens } from '../domain/text.ts';
import type { MessagePart } from '../models/language-model.ts';
import { givenWorkflow, workflowOf } from '../workflows/workflow-of.ts';
import type { ContextPack, PromptSources } from '../workflows/context-pack.ts';
import type { Workflow } from '../workflows/workflow.ts';
import { repositoryFor, rolesAlone } from './try-task.ts';
import { usableSpec } from './spec-state.ts';
import { isRunnable, isSelected, type Selection } from './selection.ts';
import {
  estimateCost,
  type CostEstimate,
  type EstimateDependencies,
  type ExpectedAnswer,
} from './estimate.ts';
import type { TaskDependencies } from './task-dependencies.ts';

export interface TaskPreview {
  readonly task: Task;
  readonly state: DerivedState;
  /** Tasks of the same wave could run at the same time. */
  readonly wave: number;
  readonly route: RoutingDecision;
  /** Of the first prompt, with what is approved by now; grows with what the tasks before it produce. */
  readonly promptTokens: number;
  /** Of a task that ends in an answer; null of others. */
  readonly answerCalls?: ExpectedAnswer | null;
  /** Criteria that would be turned into tests before it is begun. */
  readonly criteria: number;
  readonly leftOut: readonly string[];
}

export interface RunPreview {
  readonly tasks: readonly TaskPreview[];
  /** The longest chain of open tasks, first to last. */
  readonly criticalPath: readonly string[];
  /** Of the tasks that the run would take up. */
  readonly cost: CostEstimate;
}

/** What a run would do. Makes no call and writes nothing. */
export async function previewRun(
  slug: string,
  document: FeatureDocument,
  selection: Selection,
  dependencies: PreviewDependencies,
): Promise<RunPreview> {
  const open = topologicalOrder(document.tasks).filter(
    (task) => !isSettled(task.status) && isSelected(task, selection),
  );
  const states = derivedStates(document.tasks);
  const waves = new Map<string, number>();
  const tasks: TaskPreview[] = [];
  const sources = await readOnce(slug, document, dependencies);
  const router = decidesOnce(dependencies.router);
  for (const task of open) {
    const wave = 1 + Math.max(0, ...task.dependsOn.map((id) => waves.get(id) ?? 0));
    waves.set(task.id, wave);
    const workflow = await workflowOf(task, dependencies.workflows);
    const { parts, pack } = await workflow.prompt(task, sources, dependencies.options);
    const promptTokens = estimatePromptTokens(parts);
    const { route, answerCalls } = await routeFor(task, workflow, promptTokens, {
      ...dependencies,
      router,
    });
    tasks.push({
      task,
      state: states.get(task.id) ?? task.status,
      wave,
      route,
      promptTokens,
      answerCalls,
      criteria: criteriaHeld(task, document, dependencies),
      leftOut: pack.leftOut,
    });
  }
  const cost = estimateCost(takenUp(tasks), dependencies);
  return { tasks, criticalPath: criticalPath(open), cost };
}

/** Many tasks have prompts of the same size, and nothing changes between them. */
function decidesOnce({ decide }: PreviewDependencies['router']): Decider {
  const known = new Map<string, RoutingDecision>();
  return {
    decide(role, need) {
      const key = `${role} ${need.contentTokens}`;
      const decision = known.get(key) ?? decide(role, need);
      known.set(key, decision);
      return decision;
    },
  };
}

interface Decider {
  decide(role: ModelRole, need: { readonly contentTokens: number }): RoutingDecision;
}

/** The model that writes a task's work, or its first solution, and the calls that an answer takes. */
async function routeFor(
  task: Task,
  { expectedCalls }: Workflow,
  contentTokens: number,
  { router, route }: Pick<PreviewDependencies, 'route'> & { readonly router: Decider },
): Promise<{ route: RoutingDecision; answerCalls: ExpectedAnswer | null }> {
  if (expectedCalls === undefined)
    return { route: router.decide(roleOfType[task.type], { contentTokens }), answerCalls: null };
  const { workers, controls } = (await route?.(task, null)) ?? rolesAlone;
  const decision = router.decide('solver', { contentTokens });
  const [chosen = decision.chosen] = workersAs(workers, 'solver');
  return { route: { ...decision, chosen }, answerCalls: expectedCalls({ workers, controls }) };
}

function criteriaHeld(
  task: Task,
  { requirements }: FeatureDocument,
  { acceptance }: Pick<PreviewDependencies, 'acceptance'>,
): number {
  const isHeld = (acceptance?.tests ?? 'off') !== 'off' && task.type === 'code';
  return isHeld && givenWorkflow(task) === 'coding' ? criteriaOf(task, requirements).length : 0;
}

/** Without those that wait for a person, and all that waits for them. */
function takenUp(tasks: readonly TaskPreview[]): TaskPreview[] {
  const held = new Set<string>();
  return tasks.filter(({ task }) => {
    const waits = !isRunnable(task) || task.dependsOn.some((id) => held.has(id));
    if (waits) held.add(task.id);
    return !waits;
  });
}

type PreviewDependencies = PromptDependencies &
  Pick<TaskDependencies, 'router' | 'route' | 'acceptance'> &
  Pick<EstimateDependencies, 'priceOf' | 'expectedCallsOf'>;

type PromptDependencies = Pick<
  TaskDependencies,
  'artefacts' | 'workspace' | 'options' | 'workflows' | 'project'
> & { readonly signal: AbortSignal };

/** The words that a task's next attempt would begin with, and what they leave out for want of room. */
export async function promptOf(
  slug: string,
  document: FeatureDocument,
  task: Task,
  dependencies: PromptDependencies,
): Promise<Pick<ContextPack, 'leftOut' | 'files'> & { parts: readonly MessagePart[] }> {
  const sources = await readOnce(slug, document, dependencies);
  const { prompt } = await workflowOf(task, dependencies.workflows);
  const { parts, pack } = await prompt(task, sources, dependencies.options);
  return { parts, leftOut: pack.leftOut, files: pack.files };
}

/** The spec and the project's files, each read once for all tasks. */
async function readOnce(
  slug: string,
  document: FeatureDocument,
  dependencies: PromptDependencies,
): Promise<PromptSources> {
  const { artefacts, workspace, signal } = dependencies;
  const view = workspace.base();
  const read = new Map<string, Promise<string | null>>();
  const now = await usableSpec(slug, document, artefacts);
  return {
    document: now.document,
    spec: now.spec,
    base: (path) => {
      const content = read.get(path) ?? view.read(path);
      read.set(path, content);
      return content;
    },
    repository: repositoryFor(view, dependencies, signal),
  };
}

function criticalPath(open: readonly Task[]): string[] {
  const length = remainingPath(open, (task) => task.complexity);
  const dependants = dependantsOf(open);
  const longest = (tasks: readonly Task[]): Task | undefined =>
    tasks.reduce<Task | undefined>(
      (best, task) =>
        best === undefined || (length.get(task.id) ?? 0) > (length.get(best.id) ?? 0) ? task : best,
      undefined,
    );
  const path: string[] = [];
  for (let task = longest(open); task !== undefined; task = longest(dependants.get(task.id) ?? []))
    path.push(task.id);
  return path;
}
