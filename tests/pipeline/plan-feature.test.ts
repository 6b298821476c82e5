import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { InterruptedError } from '../../src/domain/errors.ts';
import type { RunEventBody } from '../../src/domain/event.ts';
import { ModelError } from '../../src/domain/model-error.ts';
import { renderSpec, type SpecDocument } from '../../src/domain/spec.ts';
import { featureDocumentSchema } from '../../src/domain/task.ts';
import { planFeature, type PlanInput, type PlanOutcome } from '../../src/pipeline/plan-feature.ts';
import type { RulesPlanner } from '../../src/pipeline/ports.ts';
import {
  fakeModel,
  fakeRouter,
  type FakeModel,
  rulesEntry,
  type FakeReply,
} from '../helpers/fake-model.ts';
import {
  brief,
  emptyFolder,
  inputOf,
  plannedTask,
  planReply,
  refineReply,
  spec,
  world,
  type Folder,
} from './planning.ts';

const tasks = [
  plannedTask('T1', { requirements: ['R1'] }),
  plannedTask('T2', { requirements: ['R2'], dependsOn: ['T1'] }),
];
const script = { spec: [spec], plan: [planReply(...tasks)], refine: [refineReply(tasks)] };
const question = { question: 'Which words?', why: 'It decides.', suggestion: 'All' };

interface Run {
  outcome: PlanOutcome;
  model: FakeModel;
  events: RunEventBody[];
}

/** One model in all roles. */
async function plan(
  replies: Record<string, readonly FakeReply[]>,
  options: {
    input?: Partial<PlanInput>;
    folder?: Folder;
    rules?: RulesPlanner;
    signal?: AbortSignal;
    onEvent?: (event: RunEventBody) => void;
  } = {},
): Promise<Run> {
  const model = fakeModel(replies, options.rules === undefined ? {} : rulesEntry);
  const router = fakeRouter({ architect: model, parser: model, reviewer: model });
  const { ports, events } = world(router, options.folder, options.signal, options.rules);
  const emit = (event: RunEventBody): void => {
    ports.emit(event);
    options.onEvent?.(event);
  };
  const outcome = await planFeature(inputOf(options.input), { ...ports, emit });
  expect(model.unused()).toEqual([]);
  return { outcome, model, events };
}

const stages = (events: readonly RunEventBody[]): [string, boolean][] =>
  events.flatMap((event) =>
    event.type === 'stage-finish' ? [[event.stage, event.resumed] as [string, boolean]] : [],
  );

describe('planFeature', () => {
  it('goes from brief to task list, and saves each step', async () => {
    const folder = emptyFolder();
    const { outcome, model, events } = await plan(script, { folder });
    expect(stages(events)).toEqual([
      ['spec', false],
      ['plan', false],
      ['refine', false],
    ]);
    expect(events.filter(({ type }) => type === 'route-decide')).toHaveLength(3);
    expect(folder.brief).toBe(brief);
    expect(folder.spec).toBe(spec);
    expect(folder.answers).toBeNull();
    expect(folder.tasks).toBe(outcome.document);
    expect(featureDocumentSchema.parse(outcome.document)).toEqual(outcome.document);
    expect(outcome.document).toMatchObject({
      schemaVersion: 2,
      title: 'Word counter',
      createdAt: '2026-01-02T03:04:05.000Z',
      updatedAt: '2026-01-02T03:04:05.000Z',
      plan: {
        specSha256: createHash('sha256').update(spec, 'utf8').digest('hex'),
        refined: true,
        warnings: [],
      },
    });
    expect(outcome.document.requirements.map(({ id }) => id)).toEqual(['R1', 'R2']);
    expect(outcome.document.tasks.map(({ id, status, result }) => [id, status, result])).toEqual([
      ['T1', 'pending', null],
      ['T2', 'pending', null],
    ]);
    expect(outcome).toMatchObject({
      spec,
      warnings: [],
      findings: [],
      notes: [],
      resumed: [],
      planner: model.identity,
    });
    expect(model.requests.map(({ maxOutputTokens }) => maxOutputTokens)).toEqual([
      32_000, 32_000, 32_000,
    ]);
  });

  it('asks a person first, and shows the answers to the architect', async () => {
    const folder = emptyFolder();
    const { model, events } = await plan(
      { clarify: [{ questions: [question] }], ...script },
      { folder, input: { ask: async () => ['Only nouns'] } },
    );
    expect(stages(events)[0]).toEqual(['clarify', false]);
    expect(folder.answers).toEqual([
      { question: 'Which words?', answer: 'Only nouns', assumed: false },
    ]);
    expect(model.requests[1]?.parts.map(({ name }) => name)).toEqual([
      'instructions',
      'brief',
      'answers',
    ]);
    expect(model.requests[1]?.parts.at(-1)?.text).toContain('Answer: Only nouns');
  });

  it('takes a spec as it is given, and asks nothing', async () => {
    const folder = emptyFolder();
    const ask = (): never => {
      throw new Error('Nobody was to be asked');
    };
    const { events } = await plan(
      { plan: script.plan, refine: script.refine },
      { folder, input: { brief: spec, isSpec: true, ask } },
    );
    expect(folder.spec).toBe(spec);
    expect(folder.brief).toBe(spec);
    expect(stages(events)).toEqual([
      ['spec', false],
      ['plan', false],
      ['refine', false],
    ]);
  });

  it('lets rules refine nothing, and says who planned', async () => {
    const folder = emptyFolder();
    const document: SpecDocument = {
      title: 'Word counter',
      overview: 'Counts words.',
      goals: [],
      nonGoals: [],
      requirements: [
        { id: 'R1', text: 'It prints the number of words', acceptance: [] },
        { id: 'R2', text: 'It reports a missing file', acceptance: [] },
      ],
      interfaces: '',
      constraints: [],
      openQuestions: [],
    };
    const { outcome, events } = await plan(
      {},
      {
        folder,
        rules: { specOf: async () => document, planOf: async () => ({ requirements: [], tasks }) },
      },
    );
    expect(folder.spec).toBe(renderSpec(document));
    expect(outcome.planner).toMatchObject({ family: 'rules' });
    expect(outcome.document.plan.refined).toBe(false);
    expect(outcome.warnings).toEqual([]);
    expect(stages(events).map(([stage]) => stage)).toEqual(['spec', 'plan']);
  });

  it('keeps warnings in the document and tells of each', async () => {
    const uncovered = planReply(tasks[0]);
    const { outcome, events } = await plan({
      spec: [spec.replace('### R2', '### R1: Again\n\n### R2')],
      plan: [uncovered],
      'plan-fix': [uncovered],
      refine: ['no'],
      'refine:repair': ['no'],
    });
    expect(outcome.document.plan.warnings).toEqual([
      expect.stringContaining('The task list stands unrefined: '),
      'The spec states R1 more than once; the most detailed statement counts',
      'Requirement R2 is covered by no task',
    ]);
    expect(outcome.warnings).toEqual(outcome.document.plan.warnings);
    const told = events.flatMap((event) =>
      event.type === 'warning' && event.code === 'plan-warning' ? [event.message] : [],
    );
    expect(told).toEqual(outcome.warnings);
  });

  it.each([
    ['# A **bold** `title`\n\n', 'A bold title'],
    ['## Not a title\n\n', 'Word counter'],
    ['#\n\n', 'Word counter'],
    [`# ${'long '.repeat(100)}\n\n`, expect.stringMatching(/^long .*…$/)],
  ])('names the feature by %j', async (start, title) => {
    const text = spec.replace('# Word counter\n\n', start);
    const { outcome } = await plan({ ...script, spec: [text] });
    expect(outcome.document.title).toEqual(title);
  });

  it('names it by its slug when nothing else has a name', async () => {
    const { outcome } = await plan(
      { ...script, spec: [spec.replace('# Word counter', '')] },
      { input: { brief: 'Count words.' } },
    );
    expect(outcome.document.title).toBe('word-counter');
  });
});

describe('what is there already', () => {
  const rest = { plan: script.plan, refine: script.refine };

  it('refuses a feature with a task list, and changes nothing', async () => {
    const folder = emptyFolder();
    await plan(script, { folder });
    const before = structuredClone(folder);
    await expect(plan({}, { folder, input: { brief: 'Another' } })).rejects.toMatchObject({
      code: 'feature-exists',
      exitCode: 2,
      fix: expect.stringMatching(/blueprint run word-counter.*--name/),
    });
    expect(folder).toEqual(before);
  });

  it('refuses another brief, says where it differs, and changes nothing', async () => {
    const folder = { ...emptyFolder(), brief };
    const other = brief.replace('words', 'lines\u001b[31m');
    const attempt = plan({}, { folder, input: { brief: other } });
    await expect(attempt).rejects.toMatchObject({
      code: 'feature-exists',
      exitCode: 2,
      target: 'word-counter/brief.md:3',
      message:
        'The feature «word-counter» was begun from another brief: its line 3 is «A command that counts the words of a file.», now «A command that counts the lines of a file.»',
    });
    expect(folder).toEqual({ ...emptyFolder(), brief });
    await expect(plan({}, { folder, input: { brief: `${brief}More.` } })).rejects.toMatchObject({
      message: expect.stringContaining('line 4 is nothing, now «More.»'),
    });
  });

  it('takes other line ends for the same brief, and keeps the first', async () => {
    const folder = { ...emptyFolder(), brief };
    await plan(script, { folder, input: { brief: brief.replaceAll('\n', '\r\n').trimEnd() } });
    expect(folder.brief).toBe(brief);
  });

  it('uses the spec on disk, which a person may have edited', async () => {
    const edited = `${spec}\n### R3: It counts lines too\n`;
    const folder = { ...emptyFolder(), brief, spec: edited };
    const all = [...tasks, plannedTask('T3', { requirements: ['R3'] })];
    const { outcome, events } = await plan(
      { plan: [planReply(...all)], refine: [refineReply(all)] },
      { folder, input: { ask: async () => [] } },
    );
    expect(folder.spec).toBe(edited);
    expect(outcome.resumed).toEqual(['spec']);
    expect(stages(events)[0]).toEqual(['spec', true]);
    expect(outcome.document.requirements).toHaveLength(3);
    expect(outcome.document.plan.specSha256).toBe(
      createHash('sha256').update(edited).digest('hex'),
    );
  });

  it('says so when the spec on disk is not the one given', async () => {
    const folder = { ...emptyFolder(), brief, spec };
    const { events } = await plan(rest, { folder, input: { isSpec: true } });
    expect(folder.spec).toBe(spec);
    expect(events).toContainEqual(expect.objectContaining({ code: 'spec-differs' }));
  });

  it('writes the spec anew when its file is empty', async () => {
    const folder = { ...emptyFolder(), brief, spec: ' \n' };
    await plan(script, { folder });
    expect(folder.spec).toBe(spec);
  });

  it.each([null, async () => ['Again']])('asks no question twice', async (ask) => {
    const answers = [{ question: 'Which?', answer: 'All', assumed: false }];
    const folder = { ...emptyFolder(), brief, answers };
    const { outcome, model } = await plan(script, { folder, input: { ask } });
    expect(outcome.resumed).toEqual(['clarify']);
    expect(model.requests[0]?.parts.at(-1)?.text).toContain('Question: Which?\nAnswer: All');
  });
});

describe('when it is cut short', () => {
  it('does nothing when it is interrupted before it begins', async () => {
    const folder = emptyFolder();
    const attempt = plan({}, { folder, signal: AbortSignal.abort() });
    await expect(attempt).rejects.toBeInstanceOf(InterruptedError);
    expect(folder).toEqual(emptyFolder());
  });

  it('keeps what was done when a model fails, and goes on from there', async () => {
    const folder = emptyFolder();
    const error = new ModelError({
      kind: 'quota_exhausted',
      model: 'fake/one',
      message: 'paid up',
    });
    await expect(plan({ spec: [spec], plan: [error] }, { folder })).rejects.toBe(error);
    expect(folder.spec).toBe(spec);
    const { outcome } = await plan({ plan: script.plan, refine: script.refine }, { folder });
    expect(outcome.resumed).toEqual(['spec']);
  });

  it('comes to the same list wherever it was interrupted', async () => {
    const replies = { clarify: [{ questions: [question] }], ...script };
    const input = { ask: async () => ['All of them'] };
    const whole = await plan(replies, { input });
    const steps = whole.events.length;
    expect(steps).toBeGreaterThan(10);
    for (let stop = 1; stop <= steps; stop += 1) {
      const folder = emptyFolder();
      const cut = new AbortController();
      let events = 0;
      const attempt = plan(replies, {
        input,
        folder,
        signal: cut.signal,
        onEvent: () => {
          events += 1;
          if (events === stop) cut.abort();
        },
      });
      await expect(attempt).rejects.toBeInstanceOf(InterruptedError);
      expect(folder.tasks).toBeNull();

      const again = await plan(
        {
          ...(folder.answers === null && { clarify: replies.clarify }),
          ...(folder.spec === null && { spec: replies.spec }),
          plan: replies.plan,
          refine: replies.refine,
        },
        { input, folder },
      );
      expect(again.outcome.document).toEqual(whole.outcome.document);
    }
  });
});
