import { describe, expect, it } from 'vitest';
import { BlueprintError, InterruptedError } from '../../src/domain/errors.ts';
import { ModelError } from '../../src/domain/model-error.ts';
import type { PlannedTask } from '../../src/domain/plan.ts';
import { planTasks, type Plan } from '../../src/pipeline/plan-tasks.ts';
import type { RulesPlanner } from '../../src/pipeline/ports.ts';
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
  planReply,
  spec,
  world,
  type Folder,
  type World,
} from './planning.ts';

interface Setup {
  model: FakeModel;
  router: FakeRouter;
  folder: Folder;
  world: World;
  run: (text?: string) => Promise<Plan>;
}

function setup(script: Record<string, FakeReply[]>, rules?: RulesPlanner): Setup {
  const model = fakeModel(script, rules === undefined ? {} : rulesEntry);
  const router = fakeRouter({ parser: model });
  const folder = emptyFolder();
  const made = world(router, folder, undefined, rules);
  const run = (text = spec): Promise<Plan> =>
    planTasks(
      {
        slug: 'f',
        spec: text,
        context: [{ path: 'a.ts', text: 'x'.repeat(350) }],
      },
      made.ports,
    );
  return { model, router, folder, world: made, run };
}

const good = planReply(plannedTask('T1'));
const cyclic = planReply(
  plannedTask('T1', { dependsOn: ['T2'] }),
  plannedTask('T2', { dependsOn: ['T1'] }),
);
const faultsOf = (model: FakeModel): string =>
  model.requests.at(-1)?.parts.find(({ name }) => name === 'faults')?.text ?? '';
const messages = (plan: Plan): string[] => plan.problems.map(({ message }) => message);

describe('planTasks', () => {
  it('takes a sound plan in one call, with the requirements of the spec', async () => {
    const { model, router, folder, world, run } = setup({ plan: [good] });
    const plan = await run();
    expect(plan.requirements).toEqual([
      {
        id: 'R1',
        text: 'It prints the number of words of a file',
        acceptance: ['For «a b» it prints 2.'],
      },
      { id: 'R2', text: 'It reports a missing file', acceptance: ['It exits with 2.'] },
    ]);
    expect(plan.tasks).toMatchObject([{ id: 'T1', status: 'pending', result: null }]);
    expect(plan.problems).toEqual([]);
    expect(plan.author).toBe(model.identity);
    expect(model.requests).toMatchObject([
      { role: 'parser', purpose: { stage: 'plan', round: 1 }, maxOutputTokens: 32_000 },
    ]);
    expect(folder.drafts.get('plan.json')).toBe(JSON.stringify(good));
    expect(router.decisions[0]?.need.contentTokens).toBe(Math.ceil(spec.length / 3.5) + 100);
    expect(world.events.at(-1)).toMatchObject({ summary: '1 task for 2 requirements' });
  });

  it('lets the spec win over what the reply says the requirements are', async () => {
    const reply = {
      requirements: [{ id: 'R1', text: 'Something else', acceptance: [] }],
      tasks: [plannedTask('T1')],
    };
    const plan = await setup({ plan: [reply] }).run();
    expect(plan.requirements.map(({ id }) => id)).toEqual(['R1', 'R2']);
    expect(plan.requirements[0]?.text).toContain('number of words');
  });

  it('takes the requirements of the reply where the spec has no ids', async () => {
    const reply = {
      requirements: [{ id: 'REQ-1', text: 'It counts', acceptance: ['2 for «a b»'] }],
      tasks: [plannedTask('T1', { requirements: ['req-1'] })],
    };
    const plan = await setup({ plan: [reply] }).run('A command that counts words.');
    expect(plan.requirements).toEqual([
      { id: 'R1', text: 'It counts', acceptance: ['2 for «a b»'] },
    ]);
    expect(plan.tasks[0]?.requirements).toEqual(['R1']);
    expect(plan.problems).toEqual([]);
  });

  it.each([
    ['a cycle', cyclic, 'Tasks depend on each other in a circle: T1 → T2 → T1'],
    ['no task', planReply(), 'The list holds no task'],
    [
      'a missing dependency',
      planReply(plannedTask('T1', { dependsOn: ['T7'] })),
      'Task T1 depends on T7, which does not exist',
    ],
    [
      'an id used twice',
      planReply(plannedTask('T1'), plannedTask('t1', { title: 'Other' })),
      'Task id T1 is used 2 times',
    ],
    [
      'an uncovered requirement',
      planReply(plannedTask('T1', { requirements: ['R1'] })),
      'Requirement R2 is covered by no task',
    ],
    [
      'an unknown requirement',
      planReply(plannedTask('T1', { requirements: ['R1', 'R2', 'R8'] })),
      'Task T1 names requirement R8, which does not exist',
    ],
    [
      'an unsafe path',
      planReply(plannedTask('T1', { files: ['../../etc/passwd'] })),
      'Task T1 names the file «../../etc/passwd», left out: the path has a segment «..»',
    ],
  ])('shows the model %s, once, and takes the mended plan', async (_, reply, fault) => {
    const { model, folder, run } = setup({ plan: [reply], 'plan-fix': [good] });
    const plan = await run();
    expect(plan.problems).toEqual([]);
    expect(plan.tasks).toHaveLength(1);
    expect(faultsOf(model)).toContain(`- ${fault}\n`);
    const [first, second] = model.requests;
    expect(second?.purpose).toMatchObject({ stage: 'plan-fix', round: 2 });
    expect(second?.parts.slice(0, first?.parts.length)).toEqual(first?.parts);
    expect(folder.drafts.get('plan-fix.json')).toBe(JSON.stringify(good));
  });

  it('ends when the graph is still broken, listing all, and forgets both replies', async () => {
    const worse = planReply(
      plannedTask('T1', { dependsOn: ['T8', 'T9'] }),
      plannedTask('T2', { requirements: [] }),
    );
    const { model, folder, run } = setup({ plan: [cyclic], 'plan-fix': [worse] });
    const error = await run().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(BlueprintError);
    expect(error).toMatchObject({
      code: 'plan-unsound',
      exitCode: 5,
      target: 'fake/one',
      message: expect.stringContaining('Task T1 depends on T8, which does not exist (and 1 more)'),
      others: [
        { code: 'missing-dependency', message: 'Task T1 depends on T9, which does not exist' },
      ],
    });
    expect(model.forgotten).toEqual(['plan', 'plan-fix']);
    expect(folder.drafts.get('plan.json')).toBe(JSON.stringify(cyclic));
    expect(folder.drafts.get('plan-fix.json')).toBe(JSON.stringify(worse));
  });

  it('keeps what is only a warning after the second round', async () => {
    const uncovered = planReply(plannedTask('T1', { requirements: ['R1'] }));
    const { run, model } = setup({ plan: [uncovered], 'plan-fix': [uncovered] });
    expect(messages(await run())).toEqual(['Requirement R2 is covered by no task']);
    expect(model.forgotten).toEqual([]);
  });

  it('keeps the first plan when the second is worse', async () => {
    const first = planReply(plannedTask('T1'), plannedTask('T2', { title: 'do t1' }));
    const onlyTheMended = planReply(plannedTask('T2', { requirements: [] }));
    for (const second of [cyclic, onlyTheMended]) {
      const plan = await setup({ plan: [first], 'plan-fix': [second] }).run();
      expect(plan.tasks).toHaveLength(2);
      expect(messages(plan)).toEqual(['Tasks T1, T2 have the same title']);
    }
  });

  it('does without a second round that fails when the first plan is usable', async () => {
    const uncovered = planReply(plannedTask('T1', { requirements: ['R1'] }));
    const error = new ModelError({ kind: 'overloaded', model: 'fake/one', message: 'busy' });
    const { run, world } = setup({ plan: [uncovered], 'plan-fix': [error] });
    expect(messages(await run())).toEqual(['Requirement R2 is covered by no task']);
    expect(world.events).toContainEqual(
      expect.objectContaining({ type: 'warning', code: 'plan-not-mended' }),
    );
  });

  it('passes on why a broken plan could not be mended', async () => {
    const failed = new ModelError({ kind: 'overloaded', model: 'fake/one', message: 'busy' });
    for (const error of [failed, new InterruptedError()])
      await expect(setup({ plan: [cyclic], 'plan-fix': [error] }).run()).rejects.toBe(error);
  });

  it('is interrupted in a second round for mere warnings too', async () => {
    const uncovered = planReply(plannedTask('T1', { requirements: ['R1'] }));
    const error = new InterruptedError();
    await expect(setup({ plan: [uncovered], 'plan-fix': [error] }).run()).rejects.toBe(error);
  });

  it('shows a type outside of the list to the model, which mends it', async () => {
    const wrong = planReply({ ...plannedTask('T1'), type: 'testing' });
    const { run, model } = setup({ plan: [wrong], 'plan:repair': [good] });
    expect((await run()).tasks).toMatchObject([{ type: 'code' }]);
    expect(faultsOf(model)).toContain('tasks[0].type');
  });

  it('ends on prose, twice, with the reply kept', async () => {
    const { run, folder, model } = setup({ plan: ['Sure!'], 'plan:repair': ['I would do it.'] });
    await expect(run()).rejects.toMatchObject({ code: 'model-malformed' });
    expect(folder.drafts.get('plan-reply.txt')).toBe('I would do it.');
    expect(model.forgotten).toEqual(['plan', 'plan:repair']);
  });

  it('asks rules once, where no model is reachable, and holds them to the same', async () => {
    const asked: string[] = [];
    const byRules = (...tasks: PlannedTask[]): RulesPlanner => ({
      specOf: () => Promise.reject(new Error('There is a spec')),
      planOf: async (text) => {
        asked.push(text);
        return { requirements: [], tasks };
      },
    });
    const { model, folder, run } = setup({}, byRules(plannedTask('T1', { requirements: ['R1'] })));
    const plan = await run();
    expect(asked).toEqual([spec]);
    expect(messages(plan)).toEqual(['Requirement R2 is covered by no task']);
    expect(plan.author).toEqual({
      ref: { provider: 'offline', model: 'planner' },
      family: 'rules',
    });
    expect(model.requests).toEqual([]);
    expect([...folder.drafts]).toEqual([]);
    const circle = byRules(
      plannedTask('T1', { dependsOn: ['T2'] }),
      plannedTask('T2', { dependsOn: ['T1'] }),
    );
    await expect(setup({}, circle).run()).rejects.toMatchObject({
      code: 'plan-unsound',
      message: expect.not.stringContaining('shown to the model'),
    });
  });
});
