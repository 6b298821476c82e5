import { criteriaOf, criteriaOfRequirement, type Criterion } from '../../domain/criteria.ts';
import type { FindingsMode } from '../../domain/review.ts';
import { canonicalRequirement } from '../../domain/spec.ts';
import type { Requirement, Task } from '../../domain/task.ts';

/** Which findings of models count in a piece of work, and what they can cite. */
export interface FindingRules {
  readonly mode: FindingsMode;
  readonly citable: readonly Pick<Criterion, 'id' | 'text'>[];
}

/**
 * What a finding can cite of a task: the requirements that it serves, their criteria, its own; the task itself
 * where it has none of these.
 */
export function citableOf(
  task: Pick<Task, 'id' | 'title' | 'acceptance' | 'requirements'>,
  requirements: readonly Requirement[],
): FindingRules['citable'] {
  const served = requirements.filter(({ id }) => task.requirements.includes(id));
  const all = [
    ...served.flatMap((one) => [{ id: one.id, text: one.text }, ...criteriaOfRequirement(one)]),
    ...criteriaOf({ ...task, requirements: [] }, []),
  ];
  const byId = new Map(all.map(({ id, text }) => [id, { id, text }] as const));
  return byId.size > 0 ? [...byId.values()] : [{ id: task.id, text: task.title }];
}

export function findingRules(
  mode: FindingsMode,
  task: Parameters<typeof citableOf>[0],
  requirements: readonly Requirement[],
): FindingRules {
  return { mode, citable: citableOf(task, requirements) };
}

/** Whether what a finding cites is, or holds, the id of something that it can cite. */
export function isCitable(cited: string, citable: FindingRules['citable']): boolean {
  const known = new Set(citable.map(({ id }) => id.toLowerCase()));
  const names = cited.match(/[\p{L}\p{N}_-]+(?:\.\d+)*/gu) ?? [];
  return [cited, ...names].some((name) => {
    const plain = name.trim().toLowerCase();
    return known.has(plain) || known.has(canonicalRequirement(plain)?.toLowerCase() ?? '');
  });
}
