import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { TaskOutcome } from '../../src/executor/engine.ts';
import { approveTask } from '../../src/executor/decide.ts';
import { createLocalEngine } from '../../src/executor/local-engine.ts';
import type { TaskDependencies } from '../../src/executor/task-dependencies.ts';
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
