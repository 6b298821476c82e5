import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { TaskOutcome } from '../../src/executor/engine.ts';
import { InterruptedError } from '../../src/domain/errors.ts';
import { ModelError } from '../../src/domain/model-error.ts';
import { setTaskStatus } from '../../src/executor/by-hand.ts';
import { approveTask } from '../../src/executor/decide.ts';
import type { RunInput } from '../../src/executor/feature-run.ts';
import { createLocalEngine } from '../../src/executor/local-engine.ts';
import type { TaskDependencies } from '../../src/executor/task-dependencies.ts';
import type { Gate } from '../../src/gates/gate.ts';
import {
  createProject,
  file,
  finding,
  review,
  slug,
  task,
  type Over,
  type Project,
  freeLease,
} from './project.ts';

const lines = 'let a = 1;\nlet b = 1;\nlet c = 1;\n';
const both = 'let a = 2;\nlet b = 1;\nlet c = 9;\n';
const oneTask = { tasks: [task('T1', { files: ['a.js'] })], files: { 'a.js': lines } };

/** Before each review somebody else commits the next content of `a.js`; null deletes it. */
function meanwhile(project: Project, contents: (string | null)[]): Over {
  return {
    wrap: (model) => ({
      identity: model.identity,
      async generate(request) {
        const content = request.purpose.stage === 'review' ? contents.shift() : undefined;
        if (content !== undefined)
          await project.adapters.workspace.commit(new Map([['a.js', content]]), new Map());
        return model.generate(request);
      },
    }),
  };
}

async function execute(project: Project, dependencies: TaskDependencies): Promise<TaskOutcome> {
  return createLocalEngine(dependencies).execute({
    slug,
    run: 'run-1',
    task: await project.task('T1'),
    document: await project.document(),
    lease: freeLease,
    signal: new AbortController().signal,
  });
}

/** A gate of its own for whole files. */
function withGate(
  dependencies: TaskDependencies,
  passes: (content: string) => boolean,
): TaskDependencies {
  return {
    ...dependencies,
    blockingGates: new Set([...dependencies.blockingGates, 'whole']),
    checkGates: async (work, signal) => [
      ...(await dependencies.checkGates(work, signal)),
      {
        gate: 'whole',
        status: work.candidate.bundle.files.every(({ content }) => passes(content))
          ? 'passed'
          : 'failed',
        summary: 'the two do not go together',
        durationMs: 0,
        findings: [],
      },
    ],
  };
}

describe('approved work that is cut off while it is merged', () => {
  /** T1 is being merged, and held in its gates, when `end` is called; T2 runs beside it. */
  async function cutOff(more: Partial<RunInput>, end: (stop: AbortController) => unknown) {
    const project = await createProject({
      tasks: [task('T1', { files: ['a.js'] }), task('T2', { files: ['b.js'] })],
      files: { 'a.js': lines },
      author: {
        'execute:T1': [file('a.js', lines.replace('a = 1', 'a = 2').trimEnd())],
        'execute:T2': [file('b.js', 'let b;')],
      },
    });
    const stop = new AbortController();
    let merging = (): void => undefined;
    const begun = new Promise<void>((resolve) => (merging = resolve));
    const held: Gate = {
      name: 'held',
      blocking: true,
      check: ({ changes }, signal) => {
        if (changes.get('a.js') !== both)
          return Promise.resolve({ status: 'passed', summary: '', findings: [] });
        merging();
        return new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new InterruptedError()));
        });
      },
    };
    const other = meanwhile(project, [lines.replace('c = 1', 'c = 9')]).wrap;
    const engine = createLocalEngine(
      project.dependencies({
        gates: [held],
        wrap: (model) => ({
          identity: model.identity,
          async generate(request) {
            if (request.purpose.task !== 'T2') return (other?.(model) ?? model).generate(request);
            await begun;
            return (await end(stop)) as never;
          },
        }),
      }),
    );
    const run = project.run({ ...more, engine, concurrency: 2, signal: stop.signal });
    await run.catch(() => undefined);
    expect(await project.task('T1')).toMatchObject({ status: 'pending', result: null });
    return project;
  }

  it.each([
    [
      'Ctrl-C',
      {},
      (stop: AbortController) => {
        stop.abort();
        throw new InterruptedError();
      },
    ],
    [
      '--fail-fast',
      { failFast: true },
      () => {
        throw new ModelError({ kind: 'refused', model: 'one/author', message: 'No.' });
      },
    ],
    [
      'the fault of another task',
      {},
      () => {
        throw new TypeError('a bug');
      },
    ],
  ])('by %s is found by its outcome: nobody is asked again', async (_name, more, end) => {
    const project = await cutOff(more, end);
    const asked = project.reviewer.requests.length;
    await project.run({ selection: { tasks: ['T1'], types: [] } });
    expect(await project.task('T1')).toMatchObject({ status: 'done', result: { attempt: 1 } });
    expect(await project.approved()).toEqual({ 'a.js': both });
    expect(project.author.requests.filter(({ purpose }) => purpose.task === 'T1')).toHaveLength(1);
    expect(project.reviewer.requests).toHaveLength(asked);
  });

  it('is done again where a person has said so since', async () => {
    const project = await cutOff({}, (stop) => {
      stop.abort();
      throw new InterruptedError();
    });
    const later = () => new Date('2026-03-05T00:00:00.000Z');
    await setTaskStatus(slug, 'T1', 'pending', { ...project.decisions(), now: later });
    await expect(project.run({ selection: { tasks: ['T1'], types: [] } })).rejects.toThrow(
      'no reply left',
    );
  });
});

describe('work on files that others changed meanwhile', () => {
  it('is merged, checked again as a whole, and committed so', async () => {
    const project = await createProject({
      ...oneTask,
      author: { execute: [file('a.js', lines.replace('a = 1', 'a = 2').trimEnd())] },
    });
    const over = meanwhile(project, [lines.replace('c = 1', 'c = 9')]);
    const checked: string[] = [];
    const outcome = await execute(
      project,
      withGate(project.dependencies(over), (content) => checked.push(content) > 0),
    );
    expect(await project.approved()).toEqual({ 'a.js': both });
    expect(checked.at(-1)).toBe(both);
    expect(outcome).toMatchObject({
      status: 'done',
      result: {
        attempt: 1,
        outcome: 'approved',
        files: [{ path: 'a.js', sha256: createHash('sha256').update(both).digest('hex') }],
        reason: expect.stringContaining('Merged with newer changes of a.js.') as string,
      },
    });
    expect(project.author.requests).toHaveLength(1);
    // Cut off before the status was set: the same again changes nothing.
    await project.adapters.store.update(slug, (document) => {
      for (const cutOff of document.tasks) cutOff.status = 'in_progress';
    });
    expect(await execute(project, project.dependencies())).toMatchObject({ status: 'done' });
    expect(await project.approved()).toEqual({ 'a.js': both });
  });

  it('is done again when the merged whole does not pass the gates', async () => {
    const project = await createProject({
      ...oneTask,
      author: {
        execute: [
          file('a.js', lines.replace('a = 1', 'a = 2').trimEnd()),
          file('a.js', 'let c = 9;'),
        ],
      },
    });
    const over = meanwhile(project, [lines.replace('c = 1', 'c = 9')]);
    const outcome = await execute(
      project,
      withGate(
        project.dependencies(over),
        (content) => !(content.includes('a = 2') && content.includes('c = 9')),
      ),
    );
    expect(outcome).toMatchObject({ status: 'done', result: { attempt: 2 } });
    expect(await project.approved()).toEqual({ 'a.js': 'let c = 9;\n' });
    expect(project.events).toContainEqual(
      expect.objectContaining({
        type: 'warning',
        code: 'base-moved',
        message: expect.stringContaining('whole: the two do not go together') as string,
      }),
    );
  });

  it.each([
    ['deleted by others', file('a.js', 'let a = 2;'), null],
    ['deleted by the task', 'DELETE: a.js\n', lines.replace('c = 1', 'c = 9')],
    ['changed in the same line', file('a.js', 'let a = 2;'), 'let a = 3;\n'],
  ])('is done again where a file was %s', async (_name, work, theirs) => {
    const project = await createProject({
      ...oneTask,
      author: { execute: [work, file('b.js', 'let b;')] },
    });
    const over = meanwhile(project, [theirs]);
    expect(await execute(project, project.dependencies(over))).toMatchObject({
      status: 'done',
      result: { attempt: 2 },
    });
    expect(await project.approved()).toEqual({ 'a.js': theirs, 'b.js': 'let b;\n' });
  });

  it('is merged when a person approves it later', async () => {
    const project = await createProject({
      ...oneTask,
      author: { execute: [file('a.js', lines.replace('a = 1', 'a = 2').trimEnd())] },
      reviewer: { review: [review([finding()])] },
      options: { maxIterations: 1 },
    });
    await project.run();
    expect(await project.statuses()).toEqual({ T1: 'needs_review' });
    const newer = new Map([['a.js', lines.replace('c = 1', 'c = 9')]]);
    await project.adapters.workspace.commit(newer, new Map());
    const { task: approved } = await approveTask(slug, 'T1', { force: false }, project.decisions());
    expect(await project.approved()).toEqual({ 'a.js': both });
    expect(approved.result?.reason).toBe(
      'Approved by a person, merged with newer changes of a.js.',
    );
  });
});
