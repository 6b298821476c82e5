import { describe, expect, test } from 'vitest';
import { BlueprintError } from '../../src/domain/errors.ts';
import type { FeatureDocument, Task } from '../../src/domain/task.ts';
import { planAgain, type PlanAgainOutcome } from '../../src/pipeline/plan-again.ts';
import { planFeature } from '../../src/pipeline/plan-feature.ts';
import type { RulesPlanner } from '../../src/pipeline/ports.ts';
import { planOf } from '../../src/rules/plan.ts';
import { specChanges } from '../../src/text/spec-changes.ts';
import { taskResult } from '../../src/workflows/task-result.ts';
import {
  fakeModel,
  fakeRouter,
  rulesEntry,
  type FakeModel,
  type FakeReply,
} from '../helpers/fake-model.ts';
import {
  emptyFolder,
  inputOf,
  plannedTask,
  planReply,
  refineReply,
  spec,
  world,
  type Folder,
} from './planning.ts';

const noReviewer = new BlueprintError({ code: 'no-model', message: 'None.', fix: 'Add one.' });
const now = (): Date => new Date('2026-01-02T03:04:05.000Z');
const first = [
  plannedTask('T1', { requirements: ['R1'] }),
  plannedTask('T2', { requirements: ['R2'], dependsOn: ['T1'] }),
  plannedTask('T3', { requirements: [], title: 'Set up' }),
];

/** A feature of that list whose tasks are all done. */
async function doneFolder(tasks = first, text = spec): Promise<Folder> {
  const folder = emptyFolder();
  const model = fakeModel({ plan: [planReply(...tasks)], refine: [refineReply(tasks)] });
  const { ports } = world(fakeRouter({ parser: model, reviewer: model }), folder);
  await planFeature(inputOf({ brief: text, isSpec: true }), ports);
  for (const task of listOf(folder).tasks) setDone(task);
  return folder;
}

function setDone(task: Task): void {
  const by = { outcome: 'approved', by: 'supervisor', reason: 'Sound.' } as const;
  task.status = 'done';
  task.result = taskResult(now, { ...by, run: 'run-1', attempt: 1 });
}

function listOf({ tasks }: Folder): FeatureDocument {
  if (tasks === null) throw new Error('It is planned');
  return tasks;
}

interface Anew {
  outcome: PlanAgainOutcome;
  model: FakeModel;
  tasks: readonly Task[];
}

async function again(
  folder: Folder,
  text: string,
  replies: readonly FakeReply[],
  rules?: RulesPlanner,
): Promise<Anew> {
  folder.spec = text;
  const model = fakeModel(
    replies.length < 2
      ? { plan: replies }
      : { plan: [replies[0] ?? ''], 'plan-fix': replies.slice(1) },
    rules === undefined ? {} : rulesEntry,
  );
  const { ports } = world(
    fakeRouter({ parser: model, reviewer: noReviewer }),
    folder,
    undefined,
    rules,
  );
  const document = structuredClone(listOf(folder));
  const changes = specChanges(document, text);
  if (changes === null) throw new Error('Something changed');
  const input = { slug: 'word-counter', spec: text, document, changes, context: [] };
  const outcome = await planAgain(input, ports);
  expect(model.unused()).toEqual([]);
  expect(specChanges(listOf(folder), text)).toBeNull();
  return { outcome, model, tasks: listOf(folder).tasks };
}

const changed = spec.replace('exits with 2', 'exits with 3');
const added = `${spec}\n### R3: It counts lines too\n`;
const removed = spec.replace(/### R2[^]*/, '');

const rows = (tasks: readonly Task[]): string[] =>
  tasks.map(({ id, status, requirements }) => `${id} ${status} ${requirements.join()}`.trim());

describe('planAgain', () => {
  test('a task whose requirement changed is done again on its work; the others stand', async () => {
    const folder = await doneFolder();
    const before = structuredClone(listOf(folder).tasks);
    const reply = planReply(
      plannedTask('T2', { requirements: ['R2'], dependsOn: ['T1'], title: 'Exit with 3' }),
    );
    const { outcome, tasks, model } = await again(folder, changed, [reply]);
    expect(outcome.renewal).toMatchObject({ kept: ['T1', 'T3'], again: ['T2'], added: [] });
    expect(rows(tasks)).toEqual(['T1 done R1', 'T2 pending R2', 'T3 done']);
    expect([tasks[0], tasks[2]]).toEqual([before[0], before[2]]);
    expect(tasks[1]).toMatchObject({
      title: 'Exit with 3',
      result: {
        attempt: 1,
        outcome: 'rejected',
        feedback: expect.stringMatching(/R2 reads other/),
      },
    });
    expect(listOf(folder).requirements[1]?.acceptance).toEqual(['It exits with 3.']);
    const [request] = model.requests;
    expect(request?.parts.map(({ name }) => name)).toEqual(['instructions', 'spec', 'before']);
    expect(request?.parts.at(-1)?.text).toContain('R2 (changed since): It reports a missing file');
  });

  test('a model that sends the whole list again changes nothing of what stands', async () => {
    const folder = await doneFolder();
    const all = first.map((task) => ({ ...task, title: `${task.title} anew`, files: [] }));
    const more = plannedTask('T4', { requirements: ['R3'], dependsOn: ['T1'] });
    const { outcome, tasks } = await again(folder, added, [planReply(...all, more)]);
    expect(rows(tasks)).toEqual(['T1 done R1', 'T2 done R2', 'T3 done', 'T4 pending R3']);
    expect(tasks[0]?.title).toBe('Do T1');
    expect(outcome.renewal).toMatchObject({ kept: ['T1', 'T2', 'T3'], added: ['T4'] });
  });

  test('what was added and is served by no task goes back to the model', async () => {
    const folder = await doneFolder();
    const more = plannedTask('T4', { requirements: ['R3'] });
    const { tasks } = await again(folder, added, [planReply(), planReply(more)]);
    expect(rows(tasks)).toContain('T4 pending R3');
  });

  test('of what is asked for no more, work stays and a task that was not begun goes', async () => {
    const done = await again(await doneFolder(), removed, [planReply()]);
    expect(done.outcome.renewal).toMatchObject({ unasked: ['T2'], removed: [] });
    expect(rows(done.tasks)).toEqual(['T1 done R1', 'T2 done', 'T3 done']);

    const folder = await doneFolder();
    const open = listOf(folder).tasks[1];
    if (open !== undefined) Object.assign(open, { status: 'pending', result: null });
    const last = listOf(folder).tasks[2];
    if (last !== undefined) Object.assign(last, { dependsOn: ['T2'] });
    const dropped = await again(folder, removed, [planReply()]);
    expect(dropped.outcome.renewal).toMatchObject({ removed: ['T2'] });
    expect(rows(dropped.tasks)).toEqual(['T1 done R1', 'T3 done']);
    expect(dropped.tasks[1]?.dependsOn).toEqual([]);
  });

  test('a task that a person left out stays left out; their words on another are kept', async () => {
    const folder = await doneFolder(
      first.map((task) => ({ ...task, requirements: ['R2'] })),
      spec.replace(/### R1[^]*?(?=### R2)/, ''),
    );
    const [one, two] = listOf(folder).tasks;
    if (one !== undefined) one.status = 'skipped';
    if (two !== undefined && two.result !== null)
      Object.assign(two, {
        status: 'pending',
        result: { ...two.result, outcome: 'rejected', feedback: 'Shorter names.' },
      });
    const text = (folder.spec ?? '').replace('exits with 2', 'exits with 3');
    const { tasks } = await again(folder, text, [planReply()]);
    expect(rows(tasks)).toEqual(['T1 skipped R2', 'T2 pending R2', 'T3 pending R2']);
    expect(tasks[1]?.result?.feedback).toMatch(/^Shorter names\.\nThe specification changed/);
  });

  test('a list that others changed meanwhile is not written over', async () => {
    const folder = await doneFolder();
    folder.spec = changed;
    const model = fakeModel({
      plan: [
        () => {
          const task = listOf(folder).tasks[1];
          if (task !== undefined) task.status = 'failed';
          return planReply(plannedTask('T2', { requirements: ['R2'] }));
        },
      ],
    });
    const { ports } = world(fakeRouter({ parser: model, reviewer: noReviewer }), folder);
    const document = structuredClone(listOf(folder));
    const changes = specChanges(document, changed);
    if (changes === null) throw new Error('Something changed');
    const input = { slug: 'w', spec: changed, document, changes, context: [] };
    await expect(planAgain(input, ports)).rejects.toMatchObject({ code: 'plan-moved' });
    expect(rows(listOf(folder).tasks)).toContain('T2 failed R2');
  });

  test('a spec without numbers: the planner says which requirements are others now', async () => {
    const plain = '# Words\n\n## Wants\n\nCount words. Report a missing file.\n';
    const r = (id: string, text: string) => ({ id, text, acceptance: [] });
    const folder = emptyFolder();
    const list = { requirements: [r('R1', 'Count words'), r('R2', 'Report')], tasks: first };
    const made = fakeModel({ plan: [list], refine: [refineReply(first)] });
    const { ports } = world(fakeRouter({ parser: made, reviewer: made }), folder);
    await planFeature(inputOf({ brief: plain, isSpec: true }), ports);
    for (const task of listOf(folder).tasks) setDone(task);
    const { tasks } = await again(folder, plain.replace('Report', 'Ignore'), [
      { requirements: [r('R1', 'Count words'), r('R2', 'Ignore')], tasks: [first[1]] },
    ]);
    expect(rows(tasks)).toEqual(['T1 done R1', 'T2 pending R2', 'T3 done']);
  });

  test('rules plan what was added and changed, under the ids of the list before', async () => {
    const rules: RulesPlanner = {
      specOf: () => Promise.reject(new Error('The spec is there')),
      planOf: async (text) => planOf(text),
    };
    const folder = emptyFolder();
    const { ports } = world(
      fakeRouter({ parser: fakeModel({}, rulesEntry) }),
      folder,
      undefined,
      rules,
    );
    await planFeature(inputOf({ brief: spec, isSpec: true }), ports);
    for (const task of listOf(folder).tasks) setDone(task);
    const before = rows(listOf(folder).tasks);
    const more = `${spec}\n### R3: It prints a usage text when asked for help\n`;
    const { tasks, outcome } = await again(folder, more, [], rules);
    expect(rows(tasks).slice(0, before.length)).toEqual(before);
    expect(outcome.renewal.added).toHaveLength(1);
    expect(tasks.at(-1)).toMatchObject({ type: 'code', requirements: ['R3'], status: 'pending' });
  });
});

describe('the reviewer of a list that was planned anew', () => {
  const task = (id: string, requirement: string, title = `Do ${id}`) =>
    plannedTask(id, { requirements: [requirement], title });
  const refinedAgain = async (refine: object) => {
    const folder = await doneFolder();
    folder.spec = added;
    const model = fakeModel({ plan: [planReply(...first, task('T4', 'R3'))], refine: [refine] });
    const { ports } = world(fakeRouter({ parser: model, reviewer: model }), folder);
    const document = structuredClone(listOf(folder));
    const changes = specChanges(document, added);
    if (changes === null) throw new Error('Something changed');
    const input = { slug: 'word-counter', spec: added, document, changes, context: [] };
    const outcome = await planAgain(input, ports);
    return { outcome, model, document: listOf(folder) };
  };

  test('mends what was planned; what stands stays', async () => {
    const mended = [
      task('T1', 'R1', 'Another'),
      ...first.slice(1),
      task('T4', 'R3', 'Count lines'),
      task('T5', 'R3'),
    ];
    const { outcome, model, document } = await refinedAgain({
      ...refineReply(mended),
      notes: ['T4 is split.'],
    });
    expect(rows(document.tasks)).toEqual([
      'T1 done R1',
      'T2 done R2',
      'T3 done',
      'T4 pending R3',
      'T5 pending R3',
    ]);
    expect(document.tasks.map(({ title }) => title)).toContain('Count lines');
    expect(document.tasks.map(({ title }) => title)).not.toContain('Another');
    expect(document.plan).toMatchObject({ refined: true, warnings: [] });
    expect(outcome).toMatchObject({ notes: ['T4 is split.'], renewal: { added: ['T4', 'T5'] } });
    expect(model.requests.at(-1)?.parts.at(-1)?.text).toMatch(/stay as they are: T1, T2, T3\./);
  });

  test('is not followed where the list would be unsound', async () => {
    const { outcome, document } = await refinedAgain(refineReply(first));
    expect(document.tasks.map(({ id }) => id)).toEqual(['T1', 'T2', 'T3', 'T4']);
    expect(document.plan.refined).toBe(false);
    expect(outcome.warnings).toEqual([expect.stringContaining('stands unrefined: it dropped T4')]);
  });
});
