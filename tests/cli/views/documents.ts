import {
  featureDocumentSchema,
  type FeatureDocument,
  type Task,
} from '../../../src/domain/task.ts';
import type * as z from 'zod';

type WrittenTask = Pick<Task, 'id'> &
  Partial<z.input<typeof featureDocumentSchema>['tasks'][number]>;

/** A task list as it is read from disk; what a task leaves out has its default. */
export function documentOf(
  tasks: readonly WrittenTask[],
  fields: Partial<z.input<typeof featureDocumentSchema>> = {},
): FeatureDocument {
  return featureDocumentSchema.parse({
    schemaVersion: 2,
    title: 'A feature',
    createdAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-01-01T00:00:00.000Z',
    plan: { specSha256: 'none', spec: null, refined: false, warnings: [] },
    requirements: [],
    ...fields,
    tasks: tasks.map((task) => ({ title: `Title of ${task.id}`, type: 'code', ...task })),
  });
}
