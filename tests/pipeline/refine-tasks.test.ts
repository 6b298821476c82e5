import { describe, expect, it } from 'vitest';
import { BlueprintError, InterruptedError } from '../../src/domain/errors.ts';
import { ModelError } from '../../src/domain/model-error.ts';
import type { PlannedTask } from '../../src/domain/plan.ts';
import { requirementsOf } from '../../src/domain/spec.ts';
import { normaliseRequirements, normaliseTasks } from '../../src/pipeline/normalise-plan.ts';
import { planProblems } from '../../src/pipeline/plan-problems.ts';
import type { Plan } from '../../src/pipeline/plan-tasks.ts';
import { refineTasks, type Refinement } from '../../src/pipeline/refine-tasks.ts';
import {
  fakeModel,
  fakeRouter,
  rulesEntry,
  type FakeModel,
  type FakeReply,
  type FakeRouter,
} from '../helpers/fake-model.ts';
import {
  emptyFolder,
  plannedTask,
  refineReply,
  spec,
  world,
  type Folder,
  type World,
} from './planning.ts';

function planOf(...tasks: PlannedTask[]): Plan {
  const known = normaliseRequirements(requirementsOf(spec));
  const normal = normaliseTasks(tasks, known);
  return {
    requirements: known.requirements,
    tasks: normal.tasks,
    problems: planProblems(normal.tasks, known.requirements),
    author: { ref: { provider: 'other', model: 'm' }, family: 'other' },
    renewal: null,
  };
}

const one = plannedTask('T1', { requirements: ['R1'] });
const two = plannedTask('T2', { requirements: ['R2'] });
const draft = planOf(one, two);

interface Run {
  refinement: Refinement;
  model: FakeModel;
  router: FakeRouter;
  folder: Folder;
  world: World;
}

async function run(
  script: Record<string, FakeReply[]>,
  plan: Plan = draft,
  options: { ref?: string } = {},
): Promise<Run> {
  const model = fakeModel(script, options);
  const router = fakeRouter({ reviewer: model });
  const folder = emptyFolder();
  const made = world(router, folder);
  const input = { slug: 'f', spec, context: [] };
  const refinement = await refineTasks(input, plan, made.ports);
  return { refinement, model, router, folder, world: made };
}

function expectUnrefined(refinement: Refinement, reason: string, plan = draft): void {
  expect(refinement.refined).toBe(false);
  expect(refinement.tasks).toBe(plan.tasks);
  expect(refinement.problems).toBe(plan.problems);
  expect(refinement.warning).toContain(`The task list stands unrefined: ${reason}`);
}

describe('refineTasks', () => {
  it('takes a refinement that splits, changes and adds', async () => {
    const reply = {
      tasks: [one, { ...two, title: 'Better' }, plannedTask('T3', { dependsOn: ['T1'] })],
      removed: [],
      notes: ['T3 was missing.\u001b[31m', ''],
    };
    const { refinement, model, router, folder, world } = await run({ refine: [reply] });
    expect(refinement.refined).toBe(true);
    expect(refinement.warning).toBeNull();
    expect(refinement.tasks.map(({ id, title }) => [id, title])).toEqual([
      ['T1', 'Do T1'],
      ['T2', 'Better'],
      ['T3', 'Do T3'],
    ]);
    expect(refinement.notes).toEqual(['T3 was missing.']);
    expect(model.requests).toMatchObject([
      { role: 'reviewer', purpose: { stage: 'refine', round: 1 }, maxOutputTokens: 32_000 },
    ]);
    expect(router.decisions[0]?.need).toEqual({
      avoidFamilies: ['other'],
      avoidModels: ['other/m'],
    });
    expect(folder.drafts.get('refine.json')).toBe(JSON.stringify(reply));
    expect(world.events.at(-1)).toMatchObject({ stage: 'refine', summary: '3 tasks, 1 note' });
  });

  it('takes a removal that is named with its reason, and reports it', async () => {
    const merged = { ...one, requirements: ['R1', 'R2'] };
    const reply = refineReply([merged], [{ id: ' t2 ', reason: 'Merged into T1' }]);
    const { refinement } = await run({ refine: [reply] });
    expect(refinement.tasks.map(({ id }) => id)).toEqual(['T1']);
    expect(refinement.notes).toEqual(['T2 removed: Merged into T1']);
  });

  it('finds out of what the draft still had against it', async () => {
    const plan = planOf(one);
    const { refinement, model } = await run({ refine: [refineReply([one, two])] }, plan);
    expect(plan.problems).toHaveLength(1);
    expect(refinement.problems).toEqual([]);
    expect(model.requests[0]?.parts.at(-1)?.text).toContain(
      'Checks found:\n```\n- Requirement R2 is covered by no task\n```',
    );
  });

  it('keeps warnings of a refinement', async () => {
    const reply = refineReply([{ ...one, files: ['../x'] }, two]);
    const { refinement } = await run({ refine: [reply] });
    expect(refinement.refined).toBe(true);
    expect(refinement.problems).toMatchObject([{ code: 'unsafe-path' }]);
  });

  it.each([
    [
      'drops a task silently',
      refineReply([{ ...one, requirements: ['R1', 'R2'] }]),
      'it dropped T2',
    ],
    [
      'drops a task with no reason',
      refineReply([{ ...one, requirements: ['R1', 'R2'] }], [{ id: 'T2', reason: ' ' }]),
      'it dropped T2',
    ],
    ['is empty', refineReply([]), 'it dropped T1, T2'],
    [
      'makes a cycle',
      refineReply([
        { ...one, dependsOn: ['T2'] },
        { ...two, dependsOn: ['T1'] },
      ]),
      'Tasks depend on each other in a circle: T1 → T2 → T1',
    ],
    [
      'needs a task that is not there',
      refineReply([one, { ...two, dependsOn: ['T9'] }]),
      'Task T2 depends on T9',
    ],
    ['uses an id twice', refineReply([one, two, { ...two, title: 'x' }]), 'Task id T2 is used 2'],
    [
      'serves a requirement no more',
      refineReply([one, { ...two, requirements: [] }]),
      'no task of it serves R2 any more',
    ],
    [
      'removes all with reasons',
      refineReply(
        [],
        ['T1', 'T2'].map((id) => ({ id, reason: 'no need' })),
      ),
      'The list holds no task',
    ],
  ])('lets the list stand when the refinement %s', async (_, reply, reason) => {
    const { refinement, world } = await run({ refine: [reply] });
    expectUnrefined(refinement, reason);
    expect(world.events.at(-1)).toMatchObject({ summary: refinement.warning });
  });

  it('lets the list stand when the replies are no use', async () => {
    const { refinement, folder } = await run({
      refine: ['Looks good!'],
      'refine:repair': ['Yes.'],
    });
    expectUnrefined(refinement, 'The reply for «refine» was not the JSON');
    expect(folder.drafts.get('refine-reply.txt')).toBe('Yes.');
  });

  it('lets the list stand when the call fails', async () => {
    for (const kind of ['auth', 'network', 'refused', 'truncated'] as const) {
      const error = new ModelError({ kind, model: 'fake/one', message: `it was ${kind}` });
      expectUnrefined((await run({ refine: [error] })).refinement, `it was ${kind}`);
    }
  });

  it('lets the list stand when there is no reviewer', async () => {
    const none = new BlueprintError({ code: 'no-model', message: 'No model of the role' });
    const { ports } = world(fakeRouter({ reviewer: none }));
    const input = { slug: 'f', spec, context: [] };
    expectUnrefined(await refineTasks(input, draft, ports), 'No model of the role');
    expectUnrefined((await run({}, draft, rulesEntry)).refinement, 'no model of the role');
  });

  it('is interrupted, and hides no other fault', async () => {
    for (const error of [new InterruptedError(), new TypeError('ours')])
      await expect(run({ refine: [error] })).rejects.toBe(error);
  });
});
