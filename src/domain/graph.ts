import { isSettled, type Requirement, type Task } from './task.ts';

/** An error makes the list unusable; a warning is shown. */
const severities = {
  'duplicate-id': 'error',
  'missing-dependency': 'error',
  cycle: 'error',
  'unknown-requirement': 'error',
  'uncovered-requirement': 'warning',
  'duplicate-title': 'warning',
} as const;

type FindingCode = keyof typeof severities;

export interface PlanFinding {
  readonly code: FindingCode;
  readonly severity: (typeof severities)[FindingCode];
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
  const ids = new Set(tasks.map(({ id }) => id));
  const known = new Set(requirements.map(({ id }) => id));
  const covered = new Set(tasks.flatMap((task) => task.requirements));
  const cycle = findCycle(tasks);
  return [
    // Ids are folder names, and some file systems do not tell `T1` from `t1`.
    ...alike(tasks, ({ id }) => id.toLowerCase()).map((group) =>
      finding('duplicate-id', `Task id ${group[0]} is used ${group.length} times`, group),
    ),
    ...namedButMissing(tasks, 'dependsOn', ids).map(({ task, name }) =>
      finding('missing-dependency', `Task ${task} depends on ${name}, which does not exist`, [
        task,
      ]),
    ),
    ...(cycle === null
      ? []
      : [
          finding(
            'cycle',
            `Tasks depend on each other in a circle: ${[...cycle, cycle[0]].join(' → ')}`,
            cycle,
          ),
        ]),
    ...namedButMissing(tasks, 'requirements', known).map(({ task, name }) =>
      finding(
        'unknown-requirement',
        `Task ${task} names requirement ${name}, which does not exist`,
        [task],
      ),
    ),
    ...requirements
      .filter(({ id }) => !covered.has(id))
      .map(({ id }) =>
        finding('uncovered-requirement', `Requirement ${id} is covered by no task`, []),
      ),
    ...alike(tasks, ({ title }) => title.trim().toLowerCase()).map((group) =>
      finding('duplicate-title', `Tasks ${group.join(', ')} have the same title`, group),
    ),
  ];
}

function finding(code: FindingCode, message: string, tasks: readonly string[]): PlanFinding {
  return { code, severity: severities[code], message, tasks };
}

/** Ids of the tasks that share a key, group by group. */
function alike(tasks: readonly PlannedNode[], key: (task: PlannedNode) => string): string[][] {
  const groups = new Map<string, string[]>();
  for (const task of tasks) groups.set(key(task), [...(groups.get(key(task)) ?? []), task.id]);
  return [...groups.values()].filter((group) => group.length > 1);
}

function namedButMissing(
  tasks: readonly PlannedNode[],
  list: 'dependsOn' | 'requirements',
  known: ReadonlySet<string>,
): { task: string; name: string }[] {
  return tasks.flatMap((task) =>
    task[list].filter((name) => !known.has(name)).map((name) => ({ task: task.id, name })),
  );
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
  const blockers = blockersIn(tasks);
  return new Map(
    tasks.map((task) => {
      if (task.status !== 'pending') return [task.id, task.status];
      return [task.id, blockers(task).length > 0 ? 'blocked' : 'ready'];
    }),
  );
}

/** The ids of a task's unsettled direct dependencies. */
export function blockersOf(task: Task, tasks: readonly Task[]): string[] {
  return blockersIn(tasks)(task);
}

function blockersIn(tasks: readonly Task[]): (task: Task) => string[] {
  const settled = new Set(tasks.flatMap(({ id, status }) => (isSettled(status) ? [id] : [])));
  return ({ dependsOn }) => dependsOn.filter((id) => !settled.has(id));
}
