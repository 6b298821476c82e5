import type { Versions } from '../files/migrate.ts';

/**
 * Of `tasks.json`. A change of its schema that an earlier program could not read raises `schemaVersion` in
 * `domain/task.ts` and adds a migration here, and a file of the version before to
 * `tests/fixtures/task-lists/`.
 */
export const taskListVersions: Versions = { key: 'schemaVersion', migrations: [] };
