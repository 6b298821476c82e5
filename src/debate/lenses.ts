/** What each critic looks for, so that two do not find the same; further ones begin anew. */
const lenses = [
  'consistency: do its parts contradict each other? · coverage: what is asked for and not planned? · failure modes: what happens when each part fails? · hidden assumptions · edge cases · technical debt that it takes on',
  'security: what can a hostile user, file or service do? · observability: how is a fault noticed and found? · deployment and rollback · dependencies: what if one is late, gone or changed? · maintenance in a year · recovery of data and service',
] as const;

/** @param index of the critic, from 0. */
export function lensOf(index: number): string {
  return lenses[index % lenses.length] ?? lenses[0];
}
