import type { Requirement, Task } from './task.ts';

/** One statement that a task's work is held to. */
export interface Criterion {
  /** `R2.1` is the first of requirement R2, `T3.1` the first of the task's own; `R2` where R2 has none. */
  readonly id: string;
  readonly text: string;
  /** Null for one of the task's own. */
  readonly requirement: string | null;
}

/** What the work on a task is held to: the criteria of the requirements it serves, then its own, each said once. */
export function criteriaOf(
  task: Pick<Task, 'id' | 'acceptance' | 'requirements'>,
  requirements: readonly Requirement[],
): Criterion[] {
  const served = requirements.filter(({ id }) => task.requirements.includes(id));
  const all = [...served.flatMap(criteriaOfRequirement), ...ownCriteria(task)];
  const byWords = new Map<string, Criterion>();
  for (const criterion of all) {
    const key = criterion.text
      .toLowerCase()
      .replace(/[\s.;]+/g, ' ')
      .trim();
    if (!byWords.has(key)) byWords.set(key, criterion);
  }
  return [...byWords.values()];
}

/** The requirement's own words count where it has no criteria. */
export function criteriaOfRequirement({ id, text, acceptance }: Requirement): Criterion[] {
  if (acceptance.length === 0) return [{ id, text, requirement: id }];
  return acceptance.map((words, at) => ({ id: `${id}.${at + 1}`, text: words, requirement: id }));
}

function ownCriteria({ id, acceptance }: Pick<Task, 'id' | 'acceptance'>): Criterion[] {
  return acceptance.map((text, at) => ({ id: `${id}.${at + 1}`, text, requirement: null }));
}

/** Whether the name of a test, or of its file, has a criterion's id in it, as `R2.1`, `R2_1` or `r2-1`. */
export function namesCriterion(name: string, id: string): boolean {
  const words = id.split(/[^A-Za-z0-9]+/).join('[^A-Za-z0-9]');
  const ends = '(?![._-]?[0-9])';
  return (
    new RegExp(`(?:^|[^A-Za-z0-9])${words}${ends}`, 'i').test(name) ||
    // As in `TestR2_1Refuses`.
    new RegExp(`[a-z]${words}${ends}`).test(name)
  );
}
