import { createFeatureStore } from '../src/state/lowdb-feature-store.ts';

/** Settles COUNT tasks from FIRST on, one change each, and prints how long each took, in milliseconds. */
const [root = '', first, count] = process.argv.slice(2);
const store = createFeatureStore({
  featuresDir: `${root}/features`,
  displayRoot: root,
  now: () => new Date(),
  patienceMs: 120_000,
});
const waits: number[] = [];
for (let turn = 0; turn < Number(count); turn++) {
  const started = performance.now();
  await store.update('shared', (document) => {
    const task = document.tasks[Number(first) + turn];
    if (task !== undefined) task.status = 'done';
  });
  waits.push(performance.now() - started);
}
console.log(JSON.stringify(waits));
