import type { CriterionMark, CriterionResult } from '../domain/acceptance.ts';
import { criteriaOfRequirement } from '../domain/criteria.ts';
import type { FeatureDocument, Task } from '../domain/task.ts';

/** A criterion of a requirement, with who has seen it hold. */
export interface CriterionRow {
  readonly id: string;
  readonly text: string;
  /** `untested`: no task that serves it has asked; `waiting`: a task that is to hold it is not finished. */
  readonly by: CriterionMark | 'waiting' | 'untested';
  /** Whose work it was seen on; null for none. */
  readonly task: string | null;
  readonly test: string | null;
  /** Of the tests that passed. */
  readonly names: readonly string[];
  /** The run in which it was seen. */
  readonly run: string | null;
  readonly commit: string | null;
  readonly weak: boolean;
  readonly note: string;
}

export interface RequirementRow {
  readonly id: string;
  readonly text: string;
  readonly criteria: readonly CriterionRow[];
}

/** Requirement → criterion → test → run → task → commit, in the order of the spec. */
export function criteriaMatrix({
  requirements,
  tasks,
}: Pick<FeatureDocument, 'requirements' | 'tasks'>): RequirementRow[] {
  const byRequirement = servingTasks(tasks);
  return requirements.map((requirement) => {
    const { id, text } = requirement;
    const serving = byRequirement.get(id) ?? [];
    const criteria = criteriaOfRequirement(requirement).map(({ id: criterion, text: words }) =>
      rowOf({ id: criterion, text: words }, serving),
    );
    return { id, text, criteria };
  });
}

/** Tasks by the id of each requirement that they serve. */
export function servingTasks<T extends Pick<Task, 'requirements'>>(
  tasks: readonly T[],
): ReadonlyMap<string, readonly T[]> {
  const serving = new Map<string, T[]>();
  for (const task of tasks)
    for (const id of new Set(task.requirements)) {
      const known = serving.get(id);
      if (known === undefined) serving.set(id, [task]);
      else known.push(task);
    }
  return serving;
}

/** What one task is held to of its own, where it was asked. */
export function criteriaOfTask({ result }: Pick<Task, 'result'>): readonly CriterionResult[] {
  return result?.criteria ?? [];
}

const strength: readonly CriterionMark[] = ['test', 'person', 'reviewer', 'open', 'elsewhere'];

function rowOf(
  criterion: Pick<CriterionRow, 'id' | 'text'>,
  serving: readonly Task[],
): CriterionRow {
  const found = serving.flatMap((task) => {
    const mark = criteriaOfTask(task).find(({ id }) => id === criterion.id);
    const stands = task.status === 'done' || task.status === 'needs_review';
    return mark === undefined || !stands ? [] : [{ task, mark }];
  });
  const [best] = found.sort((a, b) => strength.indexOf(a.mark.by) - strength.indexOf(b.mark.by));
  const isOpen = serving.some(({ status }) => status !== 'done' && status !== 'skipped');
  if (best === undefined || best.mark.by === 'elsewhere')
    return {
      ...criterion,
      by: isOpen ? 'waiting' : 'untested',
      task: null,
      test: null,
      names: [],
      run: null,
      commit: null,
      weak: false,
      note: best?.mark.note ?? '',
    };
  const { task, mark } = best;
  const { by, test, names, weak, note } = mark;
  const { run = null, commit = null } = task.result ?? {};
  return { ...criterion, by, task: task.id, test, names, run, commit, weak, note };
}

/** How many criteria were seen to hold, and by whom; which are not. */
export interface CriteriaCount {
  readonly total: number;
  readonly by: Readonly<Record<CriterionRow['by'], number>>;
  readonly open: readonly string[];
  readonly weak: readonly string[];
}

/** Whether a task has asked who sees its criteria hold. */
export function hasCriteria({ tasks }: Pick<FeatureDocument, 'tasks'>): boolean {
  return tasks.some((task) => criteriaOfTask(task).length > 0);
}

/** Null where no task has asked for its criteria. */
export function criteriaCount(document: FeatureDocument): CriteriaCount | null {
  if (!hasCriteria(document)) return null;
  const rows = criteriaMatrix(document).flatMap(({ criteria }) => criteria);
  const by = { test: 0, reviewer: 0, person: 0, elsewhere: 0, open: 0, waiting: 0, untested: 0 };
  for (const row of rows) by[row.by]++;
  const isOpen = (row: CriterionRow): boolean => row.by === 'open' || row.by === 'untested';
  return {
    total: rows.length,
    by,
    open: rows.filter(isOpen).map(({ id }) => id),
    weak: rows.filter(({ weak }) => weak).map(({ id }) => id),
  };
}
