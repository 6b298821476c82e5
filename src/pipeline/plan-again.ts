import { isDeepStrictEqual } from 'node:util';
import { BlueprintError, throwIfAborted } from '../domain/errors.ts';
import { isRules, type ModelIdentity } from '../domain/model-role.ts';
import { requirementsOf } from '../domain/spec.ts';
import type { FeatureDocument, Task } from '../domain/task.ts';
import { cleanedLine, cleanedText } from '../domain/text.ts';
import { sha256 } from '../text/sha256.ts';
import { plannedSpec, type SpecChanges } from '../text/spec-changes.ts';
import type { Before, Renewal } from './keep-standing.ts';
import { orderSharedFiles } from './order-shared.ts';
import { isError, messagesOf, planProblems } from './plan-problems.ts';
import { planTasks, renewed, type Plan, type PlanTasksInput } from './plan-tasks.ts';
import type { ContextFile, PlanPorts } from './ports.ts';
import { refineTasks, type Refinement } from './refine-tasks.ts';
import { warn } from './stage.ts';

export interface PlanAgainInput {
  readonly slug: string;
  readonly spec: string;
  /** The list as it stands. */
  readonly document: FeatureDocument;
  /** What the spec says otherwise. */
  readonly changes: SpecChanges;
  readonly context: readonly ContextFile[];
}

export interface PlanAgainOutcome {
  readonly document: FeatureDocument;
  readonly renewal: Omit<Renewal, 'tasks'>;
  readonly warnings: readonly string[];
  /** What the reviewer changed in what was planned. */
  readonly notes: readonly string[];
  readonly planner: ModelIdentity;
}

/**
 * Plans what a changed spec asks for, and keeps what stands of the list before (`keepStanding`).
 * @throws BlueprintError `plan-unsound`, `plan-moved` when the list was changed meanwhile; ModelError;
 *   InterruptedError
 */
export async function planAgain(
  { slug, spec, document: before, changes, context }: PlanAgainInput,
  ports: PlanPorts,
): Promise<PlanAgainOutcome> {
  const plan = await planTasks(
    { slug, spec, context, before: { document: before, changes } },
    ports,
  );
  const { author } = plan;
  const refinement = await refinedAnew(
    { slug, spec, context },
    { document: before, changes },
    plan,
    ports,
  );
  const { renewal, refined, notes } = refinement;
  const ordered = orderSharedFiles(renewal.tasks);
  const warnings = [
    ...(refinement.warning === null ? [] : [cleanedLine(refinement.warning)]),
    ...messagesOf(refinement.problems),
    ...ordered.notes,
  ];
  for (const message of warnings) warn(ports, 'plan-warning', message);
  throwIfAborted(ports.signal);
  const document = await ports.artefacts.changeTaskList((now) => {
    now.tasks = onto(now, before, ordered.tasks, slug);
    now.requirements = [...plan.requirements];
    now.plan = {
      specSha256: sha256(spec),
      spec: plannedSpec(spec),
      refined,
      warnings: warnings.map((warning) => cleanedText(warning)),
    };
    return structuredClone(now);
  });
  const statusOf = new Map(before.tasks.map(({ id, status }) => [id, status]));
  for (const { id, status } of document.tasks) {
    const from = statusOf.get(id);
    if (from !== undefined && from !== status)
      ports.emit({ type: 'task-status', task: id, from, to: status, by: 'person' });
  }
  const { kept, again, added, removed, unasked } = renewal;
  return {
    document,
    renewal: { kept, again, added, removed, unasked },
    warnings,
    notes,
    planner: author,
  };
}

type Refined = Omit<Refinement, 'tasks'> & { readonly renewal: Renewal };

/** The plan as the reviewer mends it: what stands of the list before stays, whatever the reviewer says of it. */
async function refinedAnew(
  input: PlanTasksInput,
  before: Before,
  plan: Plan,
  ports: PlanPorts,
): Promise<Refined> {
  const { author, problems, requirements, renewal } = plan;
  if (renewal === null) throw new Error('A list that is planned anew has a renewal');
  const asPlanned: Refined = { renewal, problems, refined: false, warning: null, notes: [] };
  // Nothing was planned that could be mended.
  const isSame = renewal.added.length === 0 && renewal.again.length === 0;
  if (isRules(author.ref) || isSame) return asPlanned;
  const { tasks, ...refinement } = await refineTasks(input, plan, ports);
  if (!refinement.refined) return { ...refinement, renewal };
  const mended = renewed(before, tasks, requirements, requirementsOf(input.spec), author);
  const found = planProblems(mended.tasks, requirements);
  const error = found.find(isError);
  if (error === undefined) return { ...refinement, renewal: mended, problems: found };
  return { ...asPlanned, warning: `The task list stands unrefined: ${error.message}` };
}

/** The new list, with what was done meanwhile to the tasks that it does not touch. */
function onto(
  now: FeatureDocument,
  before: FeatureDocument,
  tasks: readonly Task[],
  slug: string,
): Task[] {
  const current = new Map(now.tasks.map((task) => [task.id, task]));
  const was = new Map(before.tasks.map((task) => [task.id, task]));
  const ids = new Set(tasks.map(({ id }) => id));
  const moved = (id: string): boolean => !isDeepStrictEqual(current.get(id), was.get(id));
  const touched = [
    ...tasks.filter((task) => was.get(task.id) !== task).map(({ id }) => id),
    ...before.tasks.filter(({ id }) => !ids.has(id)).map(({ id }) => id),
  ].filter(moved);
  if (touched.length > 0 || now.plan.specSha256 !== before.plan.specSha256)
    throw new BlueprintError({
      code: 'plan-moved',
      message: `The task list of «${slug}» was changed while it was planned anew${touched.length === 0 ? '' : `: ${touched.join(', ')}`}`,
      target: slug,
      fix: `Nothing was changed. Do it again: blueprint new --again ${slug}`,
    });
  const kept = tasks.flatMap((task) =>
    was.get(task.id) === task ? (current.get(task.id) ?? []) : task,
  );
  return [...kept, ...now.tasks.filter(({ id }) => !was.has(id))];
}
