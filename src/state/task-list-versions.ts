import type { Versions } from '../files/migrate.ts';
import { plannedRequirement } from '../text/requirement-key.ts';
import { requirementSchema } from '../domain/task.ts';

/**
 * Of `tasks.json`. A change of its schema that an earlier program could not read raises `schemaVersion` in
 * `domain/task.ts` and adds a migration here, and a file of the version before to
 * `tests/fixtures/task-lists/`.
 */
export const taskListVersions: Versions = {
  key: 'schemaVersion',
  migrations: [withPlannedSpec],
};

/** Version 1 kept the requirements' words alone: what they were made from is known by these. */
function withPlannedSpec(old: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { plan, requirements } = old;
  if (typeof plan !== 'object' || plan === null || !Array.isArray(requirements)) return { ...old };
  const known = requirements.flatMap((one) => requirementSchema.safeParse(one).data ?? []);
  const { specSha256, ...rest } = plan as Record<string, unknown>;
  const spec =
    known.length === 0 ? null : { requirements: known.map(plannedRequirement), sections: null };
  return { ...old, plan: { specSha256, spec, ...rest } };
}
