import { isSettled, type Requirement, type Task } from './task.ts';

export interface PlanFinding {
  readonly code:
    | 'duplicate-id'
    | 'missing-dependency'
    | 'cycle'
    | 'unknown-requirement'
    | 'uncovered-requirement'
    | 'duplicate-title';
  /** An error makes the list unusable; a warning is shown. */
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly tasks: readonly string[];
}

/** A task as the graph sees it: `ready` and `blocked` are derived, never stored. */
export type DerivedState = Task['status'] | 'ready' | 'blocked';

type Node = Pick<Task, 'id' | 'dependsOn'>;

/** What the rules for a list look at. */
export type PlannedNode = Node & Pick<Task, 'title' | 'requirements'>;

/** All that is wrong with a task list, errors first; empty when it is sound. */
export function planFindings(
  tasks: readonly PlannedNode[],
  requirements: readonly Pick<Requirement, 'id'>[],
): PlanFinding[] {
  return [
    ...duplicateIds(tasks),
    ...missingDependencies(tasks),
    ...cycles(tasks),
    ...unknownRequirements(tasks, requirements),
    ...uncoveredRequirements(tasks, requirements),
    ...duplicateTitles(tasks),
  ];
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return [...groups.values()];
}

// Ids are folder names, and some file systems do not tell `T1` from `t1`.
function duplicateIds(tasks: readonly PlannedNode[]): PlanFinding[] {
  return groupBy(tasks, (task) => task.id.toLowerCase())
    .filter((group) => group.length > 1)
    .map((group) => ({
      code: 'duplicate-id',
      severity: 'error',
      message: `Task id ${group[0]?.id} is used ${group.length} times`,
      tasks: group.map((task) => task.id),
    }));
}

function missingDependencies(tasks: readonly PlannedNode[]): PlanFinding[] {
  const ids = new Set(tasks.map((task) => task.id));
  return tasks.flatMap((task) =>
    task.dependsOn
      .filter((dependency) => !ids.has(dependency))
      .map((dependency) => ({
        code: 'missing-dependency' as const,
        severity: 'error' as const,
        message: `Task ${task.id} depends on ${dependency}, which does not exist`,
        tasks: [task.id],
      })),
  );
}

function cycles(tasks: readonly PlannedNode[]): PlanFinding[] {
  const cycle = findCycle(tasks);
  if (cycle === null) return [];
  return [
    {
      code: 'cycle',
      severity: 'error',
      message: `Tasks depend on each other in a circle: ${[...cycle, cycle[0]].join(' → ')}`,
      tasks: cycle,
    },
  ];
}

function unknownRequirements(
  tasks: readonly PlannedNode[],
  requirements: readonly Pick<Requirement, 'id'>[],
): PlanFinding[] {
  const known = new Set(requirements.map((requirement) => requirement.id));
  return tasks.flatMap((task) =>
    task.requirements
      .filter((id) => !known.has(id))
      .map((id) => ({
        code: 'unknown-requirement' as const,
        severity: 'error' as const,
        message: `Task ${task.id} names requirement ${id}, which does not exist`,
        tasks: [task.id],
      })),
  );
}

function uncoveredRequirements(
  tasks: readonly PlannedNode[],
  requirements: readonly Pick<Requirement, 'id'>[],
): PlanFinding[] {
  const covered = new Set(tasks.flatMap((task) => task.requirements));
  return requirements
    .filter((requirement) => !covered.has(requirement.id))
    .map((requirement) => ({
      code: 'uncovered-requirement',
      severity: 'warning',
      message: `Requirement ${requirement.id} is covered by no task`,
      tasks: [],
    }));
}

function duplicateTitles(tasks: readonly PlannedNode[]): PlanFinding[] {
  return groupBy(tasks, (task) => task.title.trim().toLowerCase())
    .filter((group) => group.length > 1)
    .map((group) => ({
      code: 'duplicate-title',
      severity: 'warning',
      message: `Tasks ${group.map((task) => task.id).join(', ')} have the same title`,
      tasks: group.map((task) => task.id),
    }));
}

/** The ids of one cycle in the order of dependence, or null. Iterative: chains may be long. */
export function findCycle(tasks: readonly Node[]): string[] | null {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const finished = new Set<string>();
  for (const start of tasks) {
    const path: { id: string; next: number }[] = [];
    const onPath = new Set<string>();
    const enter = (id: string): void => {
      path.push({ id, next: 0 });
      onPath.add(id);
    };
    if (!finished.has(start.id)) enter(start.id);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const dependency = byId.get(top.id)?.dependsOn[top.next++];
      if (dependency === undefined) {
        finished.add(top.id);
        onPath.delete(top.id);
        path.pop();
      } else if (onPath.has(dependency)) {
        const ids = path.map((step) => step.id);
        return ids.slice(ids.indexOf(dependency));
      } else if (!finished.has(dependency) && byId.has(dependency)) {
        enter(dependency);
      }
    }
  }
  return null;
}

/** Tasks so that each comes after all it depends on; ties keep the order of the list. Needs no cycle. */
export function topologicalOrder<T extends Node>(tasks: readonly T[]): T[] {
  const dependants = dependantsOf(tasks);
  const position = new Map(tasks.map((task, index) => [task.id, index]));
  const known = (task: T): string[] =>
    [...new Set(task.dependsOn)].filter((id) => position.has(id));
  const open = new Map(tasks.map((task) => [task.id, known(task).length]));
  const order = tasks.filter((task) => open.get(task.id) === 0);
  for (const task of order) {
    for (const dependant of dependants.get(task.id) ?? []) {
      const left = (open.get(dependant.id) ?? 0) - 1;
      open.set(dependant.id, left);
      if (left === 0) order.push(dependant);
    }
  }
  return order;
}

export function dependantsOf<T extends Node>(tasks: readonly T[]): Map<string, T[]> {
  const dependants = new Map<string, T[]>(tasks.map((task) => [task.id, []]));
  for (const task of tasks) {
    for (const dependency of new Set(task.dependsOn)) dependants.get(dependency)?.push(task);
  }
  return dependants;
}

/**
 * For each task the weight of the longest chain that starts with it, itself included: the priority of
 * list scheduling (Graham 1969; Hu 1961).
 */
export function remainingPath<T extends Node>(
  tasks: readonly T[],
  weight: (task: T) => number,
): Map<string, number> {
  const dependants = dependantsOf(tasks);
  const length = new Map<string, number>();
  for (const task of topologicalOrder(tasks).reverse()) {
    let longest = 0;
    for (const dependant of dependants.get(task.id) ?? [])
      longest = Math.max(longest, length.get(dependant.id) ?? 0);
    length.set(task.id, weight(task) + longest);
  }
  return length;
}

/** Each task's state with the graph taken into account, by id. */
export function derivedStates(tasks: readonly Task[]): Map<string, DerivedState> {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  return new Map(
    tasks.map((task) => {
      if (task.status !== 'pending') return [task.id, task.status];
      const open = task.dependsOn.some((id) => !isSettled(byId.get(id)?.status ?? 'pending'));
      return [task.id, open ? 'blocked' : 'ready'];
    }),
  );
}

/** The ids of a task's unsettled direct dependencies. */
export function blockersOf(task: Task, tasks: readonly Task[]): string[] {
  const byId = new Map(tasks.map((other) => [other.id, other]));
  return task.dependsOn.filter((id) => !isSettled(byId.get(id)?.status ?? 'pending'));
}
