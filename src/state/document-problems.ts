import { planFindings, type PlannedNode } from '../domain/graph.ts';
import { currentVersion, migrated } from '../files/migrate.ts';
import { nearest } from '../text/nearest.ts';
import { schemaProblems, shown } from '../text/schema-problems.ts';
import { featureDocumentSchema } from '../domain/task.ts';
import { taskListVersions } from './task-list-versions.ts';

/** A fault of a task list, with its place in the document. */
export interface Problem {
  readonly code: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly fix: string;
}

/** All that is wrong with a value that should be a task list. */
export function documentProblems(written: unknown): Problem[] {
  const now = migrated(written, taskListVersions);
  if ('newer' in now) return [newerVersion(now.newer)];
  const { value } = now;
  const tasks = tasksOf(value);
  return [
    ...schemaFaults(value),
    ...graphFaults(tasks, requirementIdsOf(value), isNameless(value)),
  ];
}

/** A place as people name it: `Task T3: files[0]`. */
export function placeName(path: readonly PropertyKey[], value: unknown): string {
  const [list, index, ...rest] = path;
  const names: Record<string, string> = { tasks: 'Task', requirements: 'Requirement' };
  const kind = typeof list === 'string' ? names[list] : undefined;
  if (kind === undefined || typeof list !== 'string' || typeof index !== 'number')
    return stepsName(path);
  const members = isObject(value) ? value[list] : undefined;
  const member: unknown = Array.isArray(members) ? members[index] : undefined;
  const id = isObject(member) && typeof member['id'] === 'string' ? member['id'] : null;
  const name = `${kind} ${id === null || id === '' ? `number ${index + 1}` : shown(id, 40)}`;
  return rest.length === 0 ? name : `${name}: ${stepsName(rest)}`;
}

function stepsName(path: readonly PropertyKey[]): string {
  return path
    .map((step, at) => {
      if (typeof step === 'number') return `[${step}]`;
      return `${at === 0 ? '' : '.'}${shown(String(step), 40)}`;
    })
    .join('');
}

function newerVersion(version: number): Problem {
  const { key } = taskListVersions;
  return {
    code: 'newer-version',
    path: [key],
    message: `The task list has ${key} ${version}; this blueprint knows ${currentVersion(taskListVersions)}`,
    fix: 'Upgrade blueprint to the version that wrote it.',
  };
}

function schemaFaults(value: unknown): Problem[] {
  const parsed = featureDocumentSchema.safeParse(value);
  if (parsed.success) return [];
  return schemaProblems(parsed.error, value, featureDocumentSchema).map((problem) => {
    const place = placeName(problem.path, value);
    return {
      code: problem.kind,
      path: problem.path,
      message: `${place === '' ? 'The task list' : place} ${problem.message}`,
      fix: problem.fix,
    };
  });
}

interface FoundTask extends PlannedNode {
  /** Its place in the list. */
  readonly index: number;
}

/** What the graph rules look at, of tasks that may be wrong in any other way. */
function tasksOf(value: unknown): FoundTask[] {
  const tasks: unknown = isObject(value) ? value['tasks'] : undefined;
  if (!Array.isArray(tasks)) return [];
  return tasks.flatMap((task: unknown, index) => {
    if (!isObject(task) || !['string', 'number'].includes(typeof task['id'])) return [];
    return {
      index,
      id: String(task['id']),
      // Doubled titles are no fault here.
      title: String(index),
      dependsOn: stringsOf(task['dependsOn']),
      requirements: stringsOf(task['requirements']),
    };
  });
}

/** Some task has no id that others could name. */
function isNameless(value: unknown): boolean {
  const tasks: unknown = isObject(value) ? value['tasks'] : undefined;
  return Array.isArray(tasks) && tasks.length > tasksOf(value).length;
}

function requirementIdsOf(value: unknown): string[] {
  const requirements: unknown = isObject(value) ? value['requirements'] : undefined;
  if (!Array.isArray(requirements)) return [];
  return requirements.flatMap((requirement: unknown) =>
    isObject(requirement) && typeof requirement['id'] === 'string' ? [requirement['id']] : [],
  );
}

function graphFaults(
  tasks: readonly FoundTask[],
  requirements: readonly string[],
  nameless: boolean,
): Problem[] {
  const ids = new Set(tasks.map((task) => task.id));
  const known = new Set(requirements);
  const dangling = tasks.flatMap((task) => [
    // One that nothing names may be the one that is meant.
    ...(nameless ? [] : danglingNames(task, 'dependsOn', ids)),
    ...danglingNames(task, 'requirements', known),
  ]);
  const found = planFindings(tasks, []).filter((finding) => finding.severity === 'error');
  const doubled = found.some((finding) => finding.code === 'duplicate-id');
  const rest = found
    .filter(({ code }) => code !== 'missing-dependency' && code !== 'unknown-requirement')
    // Where an id stands for two tasks, what looks like a cycle may be none.
    .filter(({ code }) => code !== 'cycle' || !doubled)
    .map((finding) => {
      const members = tasks.filter((task) => finding.tasks.includes(task.id));
      const named = finding.code === 'duplicate-id' ? members.at(1) : members.at(0);
      return {
        code: finding.code,
        path: ['tasks', named?.index ?? 0, finding.code === 'cycle' ? 'dependsOn' : 'id'],
        message: shown(finding.message, 2000),
        fix: fixes[finding.code] ?? 'Correct the list.',
      };
    });
  return [...dangling, ...rest];
}

const fixes: Partial<Record<string, string>> = {
  cycle: 'Take one of these dependencies out.',
  'duplicate-id': 'Give one of the tasks another id (ids that differ in case alone count as one).',
};

const dangles = {
  dependsOn: { code: 'missing-dependency', verb: 'depends on' },
  requirements: { code: 'unknown-requirement', verb: 'names requirement' },
} as const;

function danglingNames(
  task: FoundTask,
  list: keyof typeof dangles,
  known: ReadonlySet<string>,
): Problem[] {
  const { code, verb } = dangles[list];
  return task[list].flatMap((name, at) => {
    if (known.has(name)) return [];
    const near = nearest(name, known);
    return {
      code,
      path: ['tasks', task.index, list, at],
      message: `Task ${shown(task.id, 40)} ${verb} ${shown(name, 40)}, which does not exist`,
      fix: near === null ? 'Take it out of the list.' : `Did you mean «${shown(near, 40)}»?`,
    };
  });
}

function stringsOf(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  return value.filter((item): item is string => typeof item === 'string');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
