import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { featureDocumentSchema } from '../../src/domain/task.ts';
import { currentVersion } from '../../src/files/migrate.ts';
import { createFeatureStore } from '../../src/state/lowdb-feature-store.ts';
import { taskListVersions } from '../../src/state/task-list-versions.ts';
import { now, temporaryFolder } from './fixtures.ts';

const current = currentVersion(taskListVersions);

test('the schema is of the current version', () => {
  expect(featureDocumentSchema.shape.schemaVersion.value).toBe(current);
});

/** Written by the program of that version. */
const fileOf = (version: number): Promise<string> =>
  readFile(
    fileURLToPath(new URL(`../fixtures/task-lists/version-${version}.json`, import.meta.url)),
    'utf8',
  );

test.each(Array.from({ length: current }, (_, index) => index + 1))(
  'a list of version %i is read, and written on as the current one',
  async (version) => {
    const root = await temporaryFolder();
    const path = join(root, 'features/old/tasks.json');
    await mkdir(join(root, 'features/old'), { recursive: true });
    const text = await fileOf(version);
    expect(JSON.parse(text)).toMatchObject({ schemaVersion: version });
    await writeFile(path, text);

    const store = createFeatureStore({
      featuresDir: join(root, 'features'),
      displayRoot: root,
      now,
    });
    const before = await store.get('old');
    expect(before.schemaVersion).toBe(current);
    const id = before.tasks.at(-1)?.id ?? '';
    await store.updateTask('old', id, { fence: 1 }, (task) => (task.status = 'failed'));
    const after = featureDocumentSchema.parse(JSON.parse(await readFile(path, 'utf8')));
    expect(after.tasks.map((task) => task.id)).toEqual(before.tasks.map((task) => task.id));
    expect(after.tasks.map((task) => task.status)).toEqual(
      before.tasks.map((task) => (task.id === id ? 'failed' : task.status)),
    );
  },
);
