import type { FeatureDocument, Requirement, Task } from '../domain/task.ts';
import { movedRequirements, type SpecChanges } from '../text/spec-changes.ts';

/** A task list that was planned before, and what its spec says otherwise now. */
export interface Before {
  readonly document: FeatureDocument;
  readonly changes: Pick<SpecChanges, 'added' | 'changed' | 'removed'>;
}

/** What became of a list that was planned anew, by task id. */
export interface Renewal {
  readonly tasks: readonly Task[];
  /** As they were, with status and work. */
  readonly kept: readonly string[];
  /** Planned anew; what was done of them is done again. */
  readonly again: readonly string[];
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Their work stays, though nothing asks for it any more. */
  readonly unasked: readonly string[];
}

/**
 * Joins newly planned tasks with the list that stands: a task whose requirements did not change stays what it
 * is, with its status and its work, whatever the new plan says of it. One that was not begun may be worded
 * anew; one that serves what changed is to be done again, on the work that it has.
 */
export function keepStanding(
  { document, changes }: Before,
  planned: readonly Task[],
  requirements: readonly Requirement[],
): Renewal {
  const known = new Set(requirements.map(({ id }) => id));
  const moved = movedRequirements(changes);
  const byId = new Map(planned.map((task) => [task.id.toLowerCase(), task]));
  const report = { kept: [], again: [], added: [], removed: [], unasked: [] } as Record<
    Exclude<keyof Renewal, 'tasks'>,
    string[]
  >;
  const renewed = document.tasks.flatMap((task): Task[] => {
    const served = task.requirements.filter((id) => known.has(id));
    const isMoved = serves(task, moved);
    const hasBegun = isBegun(task);
    const next = byId.get(task.id.toLowerCase());
    if (isMoved && next === undefined && served.length === 0) {
      report[hasBegun ? 'unasked' : 'removed'].push(task.id);
      return hasBegun ? [{ ...task, requirements: [] }] : [];
    }
    if (!isMoved && (hasBegun || next === undefined)) {
      report.kept.push(task.id);
      return [task];
    }
    const { id } = task;
    const words = next === undefined ? task : { ...next, id };
    const { status, result } = task;
    report.again.push(id);
    if (!isMoved || !hasBegun || status === 'skipped')
      return [{ ...words, requirements: servedBy(words, known), status, result }];
    return [
      { ...words, requirements: servedBy(words, known), ...sentBack(task, document, changes) },
    ];
  });
  const old = new Set(document.tasks.map(({ id }) => id.toLowerCase()));
  const added = planned.filter(({ id }) => !old.has(id.toLowerCase()));
  const all = [...renewed, ...added];
  const ids = new Set(all.map(({ id }) => id));
  report.added.push(...added.map(({ id }) => id));
  return {
    ...report,
    // What a task of the old list waited for may be gone.
    tasks: all.map((task) =>
      added.includes(task) || task.dependsOn.every((id) => ids.has(id))
        ? task
        : { ...task, dependsOn: task.dependsOn.filter((id) => ids.has(id)) },
    ),
  };
}

/** Whether it is for one of these requirements. */
export function serves({ requirements }: Task, ids: ReadonlySet<string>): boolean {
  return requirements.some((id) => ids.has(id));
}

/** Whether anything was done of it, or decided on it. */
export function isBegun({ status, result }: Task): boolean {
  return status !== 'pending' || result !== null;
}

function servedBy({ requirements }: Task, known: ReadonlySet<string>): string[] {
  return requirements.filter((id) => known.has(id));
}

/** To be done again: the author is told what changed, as by a person who sends work back. */
function sentBack(
  { requirements, result }: Task,
  document: FeatureDocument,
  { changed, removed }: Before['changes'],
): Pick<Task, 'status' | 'result'> {
  const wordsOf = (id: string): string =>
    document.requirements.find((one) => one.id === id)?.text ?? '';
  const said = requirements.flatMap((id) => {
    if (changed.includes(id)) return `${id} reads otherwise now. It was: ${wordsOf(id)}`;
    return removed.includes(id) ? `${id} is no longer asked for. It was: ${wordsOf(id)}` : [];
  });
  const feedback = [
    ...(result?.outcome === 'rejected' && result.feedback !== null ? [result.feedback] : []),
    'The specification changed after this was done. Keep what still holds, and bring the rest in line with the requirements as they stand now.',
    ...said,
  ].join('\n');
  if (result === null) return { status: 'pending', result };
  const reason = 'The specification changed after it was done.';
  return {
    status: 'pending',
    result: { ...result, outcome: 'rejected', by: 'person', reason, feedback },
  };
}

/**
 * A whole plan that knows nothing of the list before, as rules make it, under the ids of that list: what it
 * plans again is known by its title or by what it serves, and of what stands only that is taken which is new.
 */
export function underOldIds({ document, changes }: Before, planned: readonly Task[]): Task[] {
  const news = new Set([...changes.added, ...changes.changed]);
  const moved = movedRequirements(changes);
  const taken = new Set<string>();
  const free = freeIds(document.tasks);
  const ids = new Map<string, string>();
  const tasks = planned.flatMap((task): Task[] => {
    const old = matchOf(task, document.tasks, taken);
    if (old !== null) {
      taken.add(old.id);
      ids.set(task.id, old.id);
      const isNew = (id: string): boolean => news.has(id) && !old.requirements.includes(id);
      const more = task.requirements.filter(isNew);
      if (!isBegun(old) || serves(old, moved) || more.length === 0 || !makesFiles(task))
        return [{ ...task, id: old.id }];
      const title = `${task.title} (${more.join(', ')})`.slice(0, 200);
      return [{ ...task, id: free(), title, requirements: more, dependsOn: [old.id] }];
    }
    if (!task.requirements.some((id) => news.has(id))) return [];
    const id = free();
    ids.set(task.id, id);
    return [{ ...task, id }];
  });
  return tasks.map((task) => ({
    ...task,
    dependsOn: [
      ...new Set(task.dependsOn.flatMap((id) => ids.get(id) ?? (taken.has(id) ? id : []))),
    ].filter((id) => id !== task.id),
  }));
}

function makesFiles({ type }: Task): boolean {
  return type === 'code' || type === 'boilerplate';
}

function matchOf(task: Task, old: readonly Task[], taken: ReadonlySet<string>): Task | null {
  const left = old.filter(({ id, type }) => !taken.has(id) && type === task.type);
  const title = task.title.toLowerCase();
  const shared = (other: Task): number =>
    other.requirements.filter((id) => task.requirements.includes(id)).length;
  return (
    left.find((other) => other.title.toLowerCase() === title) ??
    left.filter((other) => shared(other) > 0).sort((a, b) => shared(b) - shared(a))[0] ??
    null
  );
}

/** Gives one number after another that no task has. */
function freeIds(tasks: readonly Task[]): () => string {
  let last = Math.max(0, ...tasks.map(({ id }) => Number(/^T(\d+)$/i.exec(id)?.[1] ?? 0)));
  return () => `T${++last}`;
}
