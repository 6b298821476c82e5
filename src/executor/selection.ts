import { someOf } from '../text/counted.ts';
import { BlueprintError } from '../domain/errors.ts';
import { isSettled, type FeatureDocument, type Task, type TaskType } from '../domain/task.ts';

/** What a run was asked to do; empty lists mean everything. */
export interface Selection {
  readonly tasks: readonly string[];
  readonly types: readonly TaskType[];
}

/** Statuses that a run takes up. Work that waits for a person is the person's. */
const runnable: ReadonlySet<Task['status']> = new Set(['pending', 'in_progress', 'failed']);

export function isRunnable(task: Task): boolean {
  return runnable.has(task.status);
}

export function isSelected(task: Task, { tasks, types }: Selection): boolean {
  return (
    (tasks.length === 0 || tasks.includes(task.id)) &&
    (types.length === 0 || types.includes(task.type))
  );
}

/** Says which unsettled dependencies do not hold a task back. */
export type MayPass = (dependency: Task) => boolean;

/**
 * @throws BlueprintError when a task that was named cannot run, or none of the selected type can start:
 * `task-not-runnable`, `task-blocked`, `selection-blocked`. Names that do not exist are the caller's to
 * report.
 */
export function checkSelection(
  slug: string,
  document: FeatureDocument,
  selection: Selection,
  mayPass: MayPass,
): void {
  const byId = new Map(document.tasks.map((task) => [task.id, task]));
  const held = (task: Task): Task[] =>
    task.dependsOn
      .flatMap((id) => byId.get(id) ?? [])
      .filter((other) => !isSettled(other.status) && !mayPass(other))
      .filter((blocker) => !isSelected(blocker, selection));
  for (const id of selection.tasks) {
    const task = byId.get(id);
    if (task === undefined) continue;
    if (!isRunnable(task)) throw notRunnable(slug, task);
    const blockers = held(task);
    if (blockers.length > 0)
      throw blocked('task-blocked', slug, `${slug}/${id}`, [{ task, blockers }]);
  }
  if (selection.types.length === 0) return;
  const wanted = document.tasks.filter((task) => isRunnable(task) && isSelected(task, selection));
  // If any of them can ever start, one can now: the first of its chain.
  if (wanted.length === 0 || wanted.some((task) => isFree(task, (id) => byId.get(id), mayPass)))
    return;
  const waiting = wanted.map((task) => ({ task, blockers: held(task) }));
  const first = waiting.filter(({ blockers }) => blockers.length > 0);
  throw blocked('selection-blocked', slug, slug, first);
}

function notRunnable(slug: string, { id, status }: Task): BlueprintError {
  return new BlueprintError({
    code: 'task-not-runnable',
    message: `Task ${id} is ${status}, so there is nothing to run`,
    target: `${slug}/${id}`,
    fix:
      status === 'needs_review'
        ? `blueprint approve ${slug} ${id}, or blueprint reject ${slug} ${id} --feedback "…"`
        : `To do it again: blueprint task set-status ${slug} ${id} pending`,
  });
}

function blocked(
  code: 'task-blocked' | 'selection-blocked',
  slug: string,
  target: string,
  waiting: readonly { task: Task; blockers: readonly Task[] }[],
): BlueprintError {
  const said = waiting
    .slice(0, 5)
    .map(({ task, blockers }) => `${task.id} waits for ${someOf(blockers.map(({ id }) => id))}`);
  const more =
    waiting.length > said.length ? `, and ${waiting.length - said.length} more wait` : '';
  const inWay = [...new Set(waiting.flatMap(({ blockers }) => blockers))];
  const forPerson = inWay.filter(({ status }) => status === 'needs_review').map(({ id }) => id);
  const names = [...inWay.map(({ id }) => id), ...waiting.map(({ task }) => task.id)];
  return new BlueprintError({
    code,
    message:
      code === 'task-blocked'
        ? `Task ${said.join(', ')}`
        : `No selected task can start: ${said.join(', ')}${more}`,
    target,
    fix:
      forPerson.length > 0
        ? `Decide on ${forPerson.join(', ')} first: blueprint approve ${slug} ${forPerson[0]}, or blueprint reject`
        : code === 'task-blocked'
          ? `Run those too: blueprint run ${slug} ${names.map((id) => `--task ${id}`).join(' ')}`
          : `Run those first: blueprint run ${slug} ${inWay.map(({ id }) => `--task ${id}`).join(' ')}`,
  });
}

/** Nothing that the task depends on holds it back. */
export function isFree(
  task: Task,
  taskOf: (id: string) => Task | undefined,
  mayPass: MayPass,
): boolean {
  return task.dependsOn.every((id) => {
    const dependency = taskOf(id);
    return dependency !== undefined && (isSettled(dependency.status) || mayPass(dependency));
  });
}
