import { isDeepStrictEqual } from 'node:util';
import { BlueprintError, throwIfAborted } from '../domain/errors.ts';
import type { ModelIdentity } from '../domain/model-role.ts';
import type { FeatureDocument, Task } from '../domain/task.ts';
import { cleanedText } from '../domain/text.ts';
import { sha256 } from '../text/sha256.ts';
import { plannedSpec, type SpecChanges } from '../text/spec-changes.ts';
import type { Renewal } from './keep-standing.ts';
import { messagesOf } from './plan-problems.ts';
import { planTasks } from './plan-tasks.ts';
import type { ContextFile, PlanPorts } from './ports.ts';
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
  const { renewal, author } = plan;
  if (renewal === null) throw new Error('A list that is planned anew has a renewal');
  const warnings = messagesOf(plan.problems);
  for (const message of warnings) warn(ports, 'plan-warning', message);
  throwIfAborted(ports.signal);
  const document = await ports.artefacts.changeTaskList((now) => {
    now.tasks = onto(now, before, renewal.tasks, slug);
    now.requirements = [...plan.requirements];
    now.plan = {
      specSha256: sha256(spec),
      spec: plannedSpec(spec),
      refined: false,
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
    planner: author,
  };
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
