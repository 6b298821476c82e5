import type { PlannedTask, PlanReply } from '../domain/plan.ts';
import { pathKey, pathProblem } from '../domain/safe-path.ts';
import { canonicalRequirement, type StatedRequirement } from '../domain/spec.ts';
import { newTask, taskId, type Requirement, type Task } from '../domain/task.ts';
import { cleanedLine, cleanedText } from '../domain/text.ts';
import type { PlanProblem } from './plan-problems.ts';

/** Requirements in the form that is kept, and the ids that a reply may call them by. */
export interface NormalRequirements {
  readonly requirements: readonly Requirement[];
  /** The kept id for one as a model spells it, or null. */
  readonly resolve: (id: string) => string | null;
  readonly problems: readonly PlanProblem[];
}

export interface NormalTasks {
  readonly tasks: readonly Task[];
  readonly problems: readonly PlanProblem[];
}

/** Takes requirements from the spec or from a reply. An id of another form gets the next free one. */
export function normaliseRequirements(
  given: PlanReply['requirements'] | readonly StatedRequirement[],
): NormalRequirements {
  const kept = new Map<string, Requirement>();
  const renamed = new Map<string, string>();
  const problems: PlanProblem[] = [];
  const entries = given
    .map(({ id, text, acceptance }) => ({
      written: id.trim().toLowerCase(),
      canonical: canonicalRequirement(id),
      text: clean(text),
      acceptance: cleanList(acceptance),
    }))
    .filter(({ text }) => text !== '');
  for (const { canonical, text, acceptance } of entries) {
    if (canonical === null) continue;
    if (kept.has(canonical)) {
      problems.push({
        code: 'duplicate-requirement',
        severity: 'warning',
        message: `Requirement ${canonical} is stated more than once; the first counts`,
      });
    } else {
      kept.set(canonical, { id: canonical, text, acceptance });
    }
  }
  for (const requirement of given)
    if ('written' in requirement && requirement.written !== undefined)
      renamed.set(requirement.written.trim().toLowerCase(), requirement.id);
  let next = 1;
  for (const { canonical, written, text, acceptance } of entries) {
    if (canonical !== null) continue;
    while (kept.has(`R${next}`)) next += 1;
    const id = `R${next}`;
    kept.set(id, { id, text, acceptance });
    if (!renamed.has(written)) renamed.set(written, id);
  }
  const resolve = (id: string): string | null => {
    const canonical = canonicalRequirement(id);
    if (canonical !== null && kept.has(canonical)) return canonical;
    const named = renamed.get(id.trim().toLowerCase());
    // `R1.2` is a criterion of R1.
    const whole = id.replace(/\.\d.*$/s, '');
    return named ?? (whole === id ? null : resolve(whole));
  };
  return { requirements: [...kept.values()], resolve, problems };
}

/**
 * Makes of a model's tasks what `taskSchema` takes, whatever they hold. What had to be left out for it is
 * among the problems.
 */
export function normaliseTasks(
  planned: readonly PlannedTask[],
  { resolve }: Pick<NormalRequirements, 'resolve'>,
): NormalTasks {
  const problems: PlanProblem[] = [];
  const leftOut = (code: PlanProblem['code'], message: string): void => {
    problems.push({ code, severity: 'warning', message });
  };
  const ids = new Map(planned.map(({ id }) => [cleanId(id).toLowerCase(), cleanId(id)]));
  const tasks = planned.map((task) => {
    const id = cleanId(task.id);
    const description = clean(task.description);
    return newTask({
      id,
      title: cleanedLine(task.title) || cleanedLine(description) || id,
      description,
      type: task.type,
      dependsOn: unique(
        task.dependsOn
          .map((dependency) => ids.get(cleanId(dependency).toLowerCase()) ?? cleanId(dependency))
          // A task always has its own files: this says nothing, and would be a cycle.
          .filter((dependency) => dependency !== id),
      ),
      requirements: unique(
        task.requirements.flatMap((name) => {
          const requirement = resolve(name);
          if (requirement === null)
            leftOut(
              'unknown-requirement',
              `Task ${id} names requirement ${cleanedLine(name, 40)}, which does not exist`,
            );
          return requirement ?? [];
        }),
      ),
      acceptance: cleanList(task.acceptance),
      files: uniquePaths(
        task.files.flatMap((name) => {
          const path = cleanPath(name);
          const problem = pathProblem(path);
          if (problem !== null)
            leftOut(
              'unsafe-path',
              `Task ${id} names the file «${cleanedLine(name, 80)}», left out: the path ${problem}`,
            );
          return problem === null ? path : [];
        }),
      ),
      complexity: Math.min(10, Math.max(1, Math.round(task.complexity) || 1)),
      category: task.category,
      workflow: task.workflow,
    });
  });
  return { tasks, problems };
}

/** The same id for the same text always, so that dependencies still meet. */
function cleanId(text: string): string {
  const id = cleanedText(text).trim();
  if (taskId.safeParse(id).success) return id;
  const harmless = id.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^-+|-+$/g, '');
  const named = /^[A-Za-z]/.test(harmless) ? harmless : `T${harmless}`;
  const short = named.slice(0, 40);
  return taskId.safeParse(short).success ? short : `T-${short}`.slice(0, 40);
}

function cleanPath(text: string): string {
  return text
    .trim()
    .replace(/^`(.*)`$/, '$1')
    .replaceAll('\\', '/')
    .replace(/^\s*(?:\.\/+\s*)+/, '')
    .trim();
}

function clean(text: string): string {
  return cleanedText(text).trim();
}

function cleanList(items: readonly string[]): string[] {
  return unique(items.map(clean).filter((item) => item !== ''));
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}

function uniquePaths(paths: readonly string[]): string[] {
  return [...new Map(paths.map((path) => [pathKey(path), path])).values()];
}
