import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planFindings } from '../../src/domain/graph.ts';
import { planReplySchema, type PlannedTask, type PlanReply } from '../../src/domain/plan.ts';
import { requirementsOf } from '../../src/domain/spec.ts';
import {
  featureDocumentSchema,
  requirementSchema,
  taskCategories,
  taskSchema,
  taskTypes,
  workflows,
} from '../../src/domain/task.ts';
import { readObject, responseSchema } from '../../src/models/generate-object.ts';
import { normaliseRequirements, normaliseTasks } from '../../src/pipeline/normalise-plan.ts';
import { lenientPlanReply, lenientRefineReply } from '../../src/pipeline/plan-reply.ts';
import { refineReplySchema } from '../../src/domain/plan.ts';
import { plannedTask } from './planning.ts';

const known = normaliseRequirements([
  { id: 'R1', text: 'One', acceptance: [] },
  { id: 'R2', text: 'Two', acceptance: [] },
]);
const normal = (...tasks: PlannedTask[]): ReturnType<typeof normaliseTasks> =>
  normaliseTasks(tasks, known);
const one = (changes: Partial<PlannedTask>): ReturnType<typeof normaliseTasks>['tasks'][number] => {
  const [task] = normal(plannedTask('T1', changes)).tasks;
  if (task === undefined) throw new Error('The task is gone');
  return task;
};

describe('normaliseTasks', () => {
  it('keeps a good task as it is', () => {
    const task = plannedTask('T1', { dependsOn: ['T2'] });
    expect(one(task)).toEqual({ ...task, status: 'pending', result: null });
  });

  it('makes titles one clean line, and finds one where there is none', () => {
    expect(one({ title: ' Do\n\u001b[31mthis\u001b[0m\tnow ' }).title).toBe('Do this now');
    expect(one({ title: 'x'.repeat(400) }).title).toHaveLength(300);
    expect(one({ title: ' ', description: 'First.\nSecond.' }).title).toBe('First. Second.');
    expect(one({ title: '', description: '' }).title).toBe('T1');
  });

  it('takes control characters out of all texts', () => {
    const task = one({ description: 'a\u0007b\n\u001b]0;x\u0007c', acceptance: ['\u0000', ' d '] });
    expect(task.description).toBe('ab\nc');
    expect(task.acceptance).toEqual(['d']);
  });

  it.each([
    ['T1', 'T1'],
    [' T1 ', 'T1'],
    ['1', 'T1'],
    ['T 1', 'T-1'],
    ['T1.2', 'T1-2'],
    ['../x', 'x'],
    ['con', 'T-con'],
    ['__proto__', 'T__proto__'],
    ['', 'T'],
    ['задача', 'T'],
    ['x'.repeat(60), 'x'.repeat(40)],
  ])('makes of the id %j %j, also where it is depended on', (id, clean) => {
    const { tasks } = normal(plannedTask(id), plannedTask('Z9', { dependsOn: [id] }));
    expect(tasks[0]?.id).toBe(clean);
    expect(tasks[1]?.dependsOn).toEqual([clean]);
  });

  it('takes a dependency in another case for what it means, and each once, never itself', () => {
    const { tasks } = normal(
      plannedTask('T1'),
      plannedTask('T2', { dependsOn: ['t1', 'T1', 'T2', 't2', 'T9'] }),
    );
    expect(tasks[1]?.dependsOn).toEqual(['T1', 'T9']);
  });

  it('drops paths that are unsafe, and says which and why', () => {
    const { tasks, problems } = normal(
      plannedTask('T1', {
        files: [
          './src/a.ts',
          'src\\b.ts',
          '`c.ts`',
          '../d',
          '/etc/passwd',
          'C:\\e',
          '.git/f',
          'x/',
        ],
      }),
    );
    expect(tasks[0]?.files).toEqual(['src/a.ts', 'src/b.ts', 'c.ts']);
    expect(problems.map(({ code }) => code)).toEqual(Array(5).fill('unsafe-path'));
    expect(problems[0]?.message).toBe(
      'Task T1 names the file «../d», left out: the path has a segment «..»',
    );
  });

  it('keeps one of two spellings of a path', () => {
    expect(one({ files: ['src/a.ts', 'src/A.ts', './src/a.ts'] }).files).toHaveLength(1);
  });

  it.each([
    [0, 1],
    [-3, 1],
    [7, 7],
    [99, 10],
    [Number.NaN, 1],
    [Number.POSITIVE_INFINITY, 10],
  ])('clamps the complexity %d to %d', (complexity, clamped) => {
    expect(one({ complexity }).complexity).toBe(clamped);
  });

  it('takes other spellings of a requirement, and drops unknown ones with a problem', () => {
    const { tasks, problems } = normal(
      plannedTask('T1', { requirements: ['r1', 'R02', 'R1: One', 'REQ-2', 'R9', 'speed'] }),
    );
    expect(tasks[0]?.requirements).toEqual(['R1', 'R2']);
    expect(problems.map(({ message }) => message)).toEqual([
      'Task T1 names requirement R9, which does not exist',
      'Task T1 names requirement speed, which does not exist',
    ]);
  });
});

describe('normaliseRequirements', () => {
  it('gives ids of another form the next free ones, and still knows the old', () => {
    const { requirements, resolve } = normaliseRequirements([
      { id: 'speed', text: 'It is fast', acceptance: [] },
      { id: 'R1', text: 'It works', acceptance: ['a', 'a', ' '] },
      { id: 'F-3', text: 'It is small', acceptance: [] },
    ]);
    expect(requirements).toEqual([
      { id: 'R1', text: 'It works', acceptance: ['a'] },
      { id: 'R2', text: 'It is fast', acceptance: [] },
      { id: 'R3', text: 'It is small', acceptance: [] },
    ]);
    expect(['Speed', 'f-3', 'r01', 'R4', 'x'].map(resolve)).toEqual(['R2', 'R3', 'R1', null, null]);
  });

  it('says so when an id is stated twice, and drops what says nothing', () => {
    const { requirements, problems } = normaliseRequirements([
      { id: 'R1', text: 'One', acceptance: [] },
      { id: 'R1', text: 'Two', acceptance: [] },
      { id: 'R2', text: '\u0007 ', acceptance: [] },
    ]);
    expect(requirements).toEqual([{ id: 'R1', text: 'One', acceptance: [] }]);
    expect(problems).toMatchObject([{ code: 'duplicate-requirement', severity: 'warning' }]);
  });
});

/** Text as models and hostile files write it. */
const wild = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({ unit: 'grapheme', maxLength: 400 }),
  fc.constantFrom('T1', 't1', 'T2', 'R1', 'r2', 'R99999', 'R100000', '__proto__', 'con', '../x'),
  fc.constantFrom('src/a.ts', '\u001b[2J', '\u009b31m', '\r\n', 'a\u0000b', 'constructor', ''),
);
const lists = fc.array(wild, { maxLength: 4 });
const anyPlan: fc.Arbitrary<PlanReply> = fc.record({
  requirements: fc.array(fc.record({ id: wild, text: wild, acceptance: lists }), { maxLength: 5 }),
  tasks: fc.array(
    fc.record({
      id: wild,
      title: wild,
      description: wild,
      type: fc.constantFrom(...taskTypes),
      dependsOn: lists,
      requirements: lists,
      acceptance: lists,
      files: lists,
      complexity: fc.oneof(fc.integer(), fc.double()),
      category: fc.constantFrom(...taskCategories),
      workflow: fc.constantFrom(...workflows),
    }),
    { maxLength: 6 },
  ),
});

describe('whatever a reply holds', () => {
  it('each task and requirement is one that the schemas take', () => {
    fc.assert(
      fc.property(anyPlan, (plan) => {
        const requirements = normaliseRequirements(plan.requirements);
        const { tasks } = normaliseTasks(plan.tasks, requirements);
        for (const requirement of requirements.requirements) requirementSchema.parse(requirement);
        for (const task of tasks) expect(taskSchema.parse(task)).toEqual(task);
        expect(tasks.map(({ workflow }) => workflow)).toEqual(
          plan.tasks.map(({ workflow }) => workflow),
        );
        expect(tasks).toHaveLength(plan.tasks.length);
        const codes = planFindings(tasks, requirements.requirements).map(({ code }) => code);
        expect(codes).not.toContain('unknown-requirement');
        featureDocumentSchema.parse({
          schemaVersion: 2,
          title: 'x',
          createdAt: '2026-01-02T03:04:05.000Z',
          updatedAt: '2026-01-02T03:04:05.000Z',
          plan: { specSha256: '', spec: null, refined: false, warnings: [] },
          requirements: requirements.requirements,
          tasks,
        });
      }),
      { numRuns: 500 },
    );
  });

  it('normalising twice changes nothing', () => {
    fc.assert(
      fc.property(anyPlan, (plan) => {
        const requirements = normaliseRequirements(plan.requirements);
        const once = normaliseTasks(plan.tasks, requirements).tasks;
        const again = normaliseRequirements([...requirements.requirements]);
        expect(again.requirements).toEqual(requirements.requirements);
        const same = once.map((task) => ({ ...task, workflow: task.workflow ?? 'coding' }));
        expect(normaliseTasks(same, again).tasks).toEqual(once);
      }),
      { numRuns: 300 },
    );
  });

  it('requirements of any spec text are ones that the schema takes', () => {
    const line = fc.tuple(fc.constantFrom('### R1: ', '### R2', '- ', '- R3: ', '  - ', ''), wild);
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        const spec = lines.map((parts) => parts.join('')).join('\n');
        for (const requirement of normaliseRequirements(requirementsOf(spec)).requirements)
          requirementSchema.parse(requirement);
      }),
      { numRuns: 300 },
    );
  });
});

describe('lenient replies', () => {
  it('shows providers the same schema as the strict ones', () => {
    expect(responseSchema('plan', lenientPlanReply)).toEqual(
      responseSchema('plan', planReplySchema),
    );
    expect(responseSchema('refine', lenientRefineReply)).toEqual(
      responseSchema('refine', refineReplySchema),
    );
  });

  it('mends small slips', () => {
    const { workflow, category, ...task } = plannedTask('T1');
    const reply = {
      requirements: null,
      comment: 'Here you are',
      tasks: [
        {
          ...task,
          id: 1,
          type: ' Code',
          complexity: '4.6',
          dependsOn: null,
          requirements: 'R1',
          files: undefined,
          estimate: '2h',
        },
      ],
    };
    expect([workflow, category]).toEqual(['coding', 'scripts']);
    expect(lenientPlanReply.parse(reply)).toEqual({
      requirements: [],
      tasks: [
        {
          ...task,
          id: '1',
          type: 'code',
          complexity: 5,
          dependsOn: [],
          requirements: ['R1'],
          files: [],
          category: 'general',
          workflow: 'coding',
        },
      ],
    });
    const refined = { tasks: [{ ...plannedTask('T1'), workflow: 'RAG-QA' }], removed: null };
    expect(lenientRefineReply.parse(refined)).toEqual({
      tasks: [{ ...plannedTask('T1'), workflow: 'rag_qa' }],
      removed: [],
      notes: [],
    });
  });

  it.each([
    ['an unknown type', plannedTask('T1'), { type: 'testing' }, 'type'],
    ['an unknown category', plannedTask('T1'), { category: 'magic' }, 'category'],
    ['a missing title', plannedTask('T1'), { title: undefined }, 'title'],
    ['a complexity in words', plannedTask('T1'), { complexity: 'high' }, 'complexity'],
  ])('leaves %s as a fault that names its place', (_, task, slip, place) => {
    const text = JSON.stringify({ requirements: [], tasks: [{ ...task, ...slip }] });
    const read = readObject(text, lenientPlanReply);
    expect(read).toHaveProperty('faults', expect.stringContaining(`tasks[0].${place}`));
  });

  it('never throws, whatever the JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        lenientPlanReply.safeParse(value);
        lenientPlanReply.safeParse({ requirements: value, tasks: [value] });
        lenientRefineReply.safeParse({ tasks: value, removed: [value], notes: value });
      }),
    );
  });
});
