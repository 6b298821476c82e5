import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { newTask, type FeatureDocument, type Task } from '../../src/domain/task.ts';

export const now = (): Date => new Date('2026-03-04T05:06:07.890Z');

/** A folder of its own for one test, removed after it. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'blueprint-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export function task(id: string, more: Partial<Task> = {}): Task {
  return newTask({
    id,
    title: `Title of ${id}`,
    description: 'What is to be done.',
    type: 'code',
    dependsOn: [],
    requirements: ['R1'],
    acceptance: ['It works'],
    files: [`src/${id.toLowerCase()}.ts`],
    complexity: 3,
    category: 'general',
    workflow: 'coding',
    status: 'pending',
    result: null,
    ...more,
  });
}

/** A sound task list with tasks T1 … Tn, each of which depends on the one before. */
export function documentOf(count: number, more: Partial<FeatureDocument> = {}): FeatureDocument {
  return {
    schemaVersion: 2,
    title: 'A feature',
    createdAt: '2026-01-31T12:00:00.000Z',
    updatedAt: '2026-01-31T12:00:00.000Z',
    plan: { specSha256: 'abc', spec: null, refined: true, warnings: [] },
    requirements: [{ id: 'R1', text: 'It must work', acceptance: ['It is seen to work'] }],
    tasks: Array.from({ length: count }, (_, index) =>
      task(`T${index + 1}`, { dependsOn: index === 0 ? [] : [`T${index}`] }),
    ),
    ...more,
  };
}
