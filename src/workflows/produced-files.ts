import type { FeatureDocument, Task } from '../domain/task.ts';

/** Where in a task list files were produced. */
export interface ProducedFiles {
  taskOf(id: string): Task | undefined;
  /** Paths of what a task produced, without what it deleted. */
  filesOf(id: string): string[];
  /** The task's direct dependencies as far as they, or any task before them, produced files. */
  sourcesOf(task: Pick<Task, 'dependsOn'>): string[];
  /** Ids of all tasks of such kind that the task comes after, the nearest first. */
  before(task: Pick<Task, 'dependsOn'>): string[];
}

const known = new WeakMap<FeatureDocument, ProducedFiles>();

/**
 * Worked out once for a document, which nobody may change afterwards: the prompts of a long list would
 * otherwise each walk over all the tasks before theirs.
 */
export function producedFiles(document: FeatureDocument): ProducedFiles {
  const found = known.get(document) ?? lookThrough(document);
  known.set(document, found);
  return found;
}

function lookThrough(document: FeatureDocument): ProducedFiles {
  // Most documents are looked through for one task, and many tasks depend on nothing.
  let byId: Map<string, Task> | null = null;
  const taskOf = (id: string): Task | undefined => {
    byId ??= new Map(document.tasks.map((task) => [task.id, task]));
    return byId.get(id);
  };
  const leads = new Map<string, boolean>();
  /** Depth first, without recursion: chains may be long. */
  const leadsToFiles = (start: string): boolean => {
    const path = [{ id: start, next: 0 }];
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const task = taskOf(top.id);
      const dependency = task?.dependsOn[top.next];
      if (task?.result?.files.length || (dependency !== undefined && leads.get(dependency))) {
        leads.set(top.id, true);
        path.pop();
      } else if (dependency === undefined) {
        leads.set(top.id, false);
        path.pop();
      } else if (leads.has(dependency)) top.next++;
      else path.push({ id: dependency, next: 0 });
    }
    return leads.get(start) === true;
  };
  const sourcesOf: ProducedFiles['sourcesOf'] = ({ dependsOn }) =>
    dependsOn.filter((id) => leads.get(id) ?? leadsToFiles(id));
  return {
    taskOf,
    filesOf: (id) =>
      (taskOf(id)?.result?.files ?? []).flatMap(({ path, sha256 }) =>
        sha256 === null ? [] : [path],
      ),
    sourcesOf,
    before(task) {
      // Breadth first: what is added while going through comes after what is nearer.
      const open = new Set(sourcesOf(task));
      for (const id of open)
        for (const next of sourcesOf(taskOf(id) ?? { dependsOn: [] })) open.add(next);
      return [...open];
    },
  };
}
