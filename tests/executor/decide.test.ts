import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  approveTask,
  proposedWork,
  rejectTask,
  reviewTaskAgain,
} from '../../src/executor/decide.ts';
import { setTaskStatus } from '../../src/executor/by-hand.ts';
import { fakeModel } from '../helpers/fake-model.ts';
import {
  createProject,
  file,
  finding,
  review,
  slug,
  task,
  type Project,
  type ProjectOptions,
} from './project.ts';

const one = (): ProjectOptions['tasks'] => [task('T1', { files: [] })];

/** A project whose task T1 waits for a person, its work proposed by a run. */
async function waiting(more: Partial<ProjectOptions> = {}): Promise<Project> {
  const project = await createProject({
    tasks: one(),
    author: { execute: [`${file('a.js', 'let a = 1;')}${file('b.js', 'let b = 1;')}`] },
    reviewer: { review: [review([finding()])] },
    options: { maxIterations: 1 },
    ...more,
  });
  expect(await project.run()).toMatchObject({ exitCode: 3 });
  expect(await project.statuses()).toMatchObject({ T1: 'needs_review' });
  return project;
}

const approve = (project: Project, force = false) =>
  approveTask(slug, 'T1', { force }, project.decisions());

describe('approveTask', () => {
  it('runs the gates again, commits the files and records the person', async () => {
    const project = await waiting();
    const { task: settled, files, edited } = await approve(project);
    expect(files).toEqual(['a.js', 'b.js']);
    expect(edited).toEqual([]);
    expect(settled).toMatchObject({
      status: 'done',
      result: {
        outcome: 'approved',
        by: 'person',
        reason: 'Approved by a person.',
        author: 'one/author',
        review: { verdict: 'revise' },
        gates: [
          { gate: 'paths', status: 'passed' },
          { gate: 'syntax', status: 'passed' },
        ],
      },
    });
    expect(await project.task('T1')).toEqual(settled);
    expect(await project.approved()).toEqual({ 'a.js': 'let a = 1;\n', 'b.js': 'let b = 1;\n' });
    expect(project.events.slice(-2)).toEqual([
      { type: 'task-status', task: 'T1', from: 'needs_review', to: 'done', by: 'person' },
      expect.objectContaining({ type: 'task-finish', task: 'T1', status: 'done' }),
    ]);
  });

  it('takes a person’s edits, and leaves out what they deleted', async () => {
    const project = await waiting();
    await project.write('partial/T1/1/files/a.js.draft', 'let a = 2;\n');
    await rm(join(project.root, 'features', slug, 'partial/T1/1/files/b.js.draft'));
    expect((await proposedWork(slug, await project.task('T1'), project.adapters))?.edited).toEqual([
      'a.js',
      'b.js',
    ]);
    const { task: settled, files } = await approve(project);
    expect(files).toEqual(['a.js']);
    expect(settled.result?.reason).toBe('Approved by a person, who edited a.js, b.js.');
    const decisions = project.events.flatMap((event) =>
      event.type === 'decision' ? [[event.what, event.files.map(({ path }) => path)]] : [],
    );
    expect(decisions).toEqual([
      ['edit', ['a.js', 'b.js']],
      ['approve', ['a.js', 'b.js']],
    ]);
    expect(await project.approved()).toEqual({ 'a.js': 'let a = 2;\n' });
  });

  it('takes files that a person added, and not what their editor left', async () => {
    const project = await waiting();
    const kept = 'partial/T1/1/files';
    await mkdir(join(project.root, 'features', slug, kept, 'lib'));
    for (const [path, text] of [
      ['lib/c.js', 'let c = 3;\n'],
      ['a.js~', 'let old;\n'],
      ['.a.js.swp', 'swap'],
      ['lib/.DS_Store', 'view'],
    ] as const)
      await project.write(`${kept}/${path}`, text);
    const { task: settled, files, edited } = await approve(project);
    expect(files).toEqual(['a.js', 'b.js', 'lib/c.js']);
    expect(edited).toEqual(['lib/c.js']);
    expect(settled.result?.reason).toBe('Approved by a person, who edited lib/c.js.');
    expect(await project.approved()).toMatchObject({ 'lib/c.js': 'let c = 3;\n' });
  });

  it('refuses an edit that no longer passes the gates, unless forced, and records that', async () => {
    const project = await waiting();
    await project.write('partial/T1/1/files/a.js.draft', 'let a = ;\n');
    await expect(approve(project)).rejects.toMatchObject({
      code: 'gates-failed',
      exitCode: 2,
      message: expect.stringContaining('syntax failed'),
      fix: expect.stringContaining('--force'),
    });
    expect(await project.statuses()).toEqual({ T1: 'needs_review' });
    expect(await project.approved()).toEqual({});

    const { task: settled } = await approve(project, true);
    expect(settled.result?.reason).toBe(
      'Approved by a person, who edited a.js, in spite of syntax (failed).',
    );
    expect(settled.result?.gates).toContainEqual(
      expect.objectContaining({ gate: 'syntax', status: 'failed' }),
    );
    expect(await project.approved()).toMatchObject({ 'a.js': 'let a = ;\n' });
  });

  it('never forces unsafe paths', async () => {
    const project = await waiting({
      author: { execute: [file('features/other/tasks.json', '{}')] },
    });
    await expect(approve(project)).rejects.toMatchObject({ code: 'gates-failed' });
    const forced = await approve(project, true).catch((error: unknown) => error);
    expect(forced).toMatchObject({
      code: 'gates-failed',
      message: expect.stringContaining('paths'),
    });
    expect((forced as { fix: string }).fix).not.toContain('--force');
    expect(await project.approved()).toEqual({});
  });

  it.each([
    ['syntax', true],
    ['paths', false],
  ])(
    'takes a %s gate that could not be run for one that was not passed',
    async (gate, forcible) => {
      const project = await waiting();
      const dependencies = {
        ...project.decisions(),
        checkGates: async () => [
          { gate, status: 'errored' as const, summary: 'broke', findings: [], durationMs: 0 },
        ],
      };
      const decide = (force: boolean) => approveTask(slug, 'T1', { force }, dependencies);
      await expect(decide(false)).rejects.toMatchObject({ code: 'gates-failed' });
      if (forcible) expect((await decide(true)).task.status).toBe('done');
      else await expect(decide(true)).rejects.toMatchObject({ code: 'gates-failed' });
    },
  );

  it('refuses work whose files have changed below it', async () => {
    const project = await waiting({
      tasks: [task('T1', { files: ['a.js'] })],
      files: { 'a.js': 'let a = 0;\n' },
    });
    await project.adapters.workspace.commit(new Map([['a.js', 'let a = 9;\n']]), new Map());
    await expect(approve(project)).rejects.toMatchObject({
      code: 'base-moved',
      message: expect.stringContaining('a.js'),
      fix: expect.stringContaining('blueprint reject'),
    });
    expect(await project.approved()).toEqual({ 'a.js': 'let a = 9;\n' });
  });

  it('can be repeated after it was cut off between the files and the status', async () => {
    const project = await waiting();
    const { store } = project.adapters;
    const dying = { ...store, updateTask: () => Promise.reject(new Error('killed')) };
    const cut = approveTask(slug, 'T1', { force: false }, project.decisions({ store: dying }));
    await expect(cut).rejects.toThrow('killed');
    expect(await project.statuses()).toEqual({ T1: 'needs_review' });
    expect((await approve(project)).task.status).toBe('done');
    expect(Object.keys(await project.approved())).toEqual(['a.js', 'b.js']);
  });

  it('says so when the work is gone', async () => {
    const project = await waiting();
    await rm(join(project.root, 'features', slug, 'partial'), { recursive: true });
    await expect(approve(project)).rejects.toMatchObject({
      code: 'work-missing',
      fix: expect.stringContaining('set-status f T1 pending'),
    });
  });

  it('approves a review task, which has no files', async () => {
    const project = await createProject({
      tasks: [
        task('T1', { type: 'review', dependsOn: ['T2'], files: [] }),
        task('T2', { status: 'needs_review' }),
      ],
      rules: true,
    });
    const selection = { tasks: [], types: [] };
    await project.adapters.store.update(slug, ({ tasks: [, second] }) => {
      if (second !== undefined)
        second.result = {
          outcome: 'not_approved',
          by: 'supervisor',
          at: '2026-01-31T12:00:00.000Z',
          reason: '',
          run: null,
          attempt: 1,
          rounds: 1,
          author: 'offline/planner',
          reviewer: null,
          files: [],
          gates: [],
          review: null,
          feedback: null,
        };
    });
    await project.run({ selection });
    expect(await project.statuses()).toMatchObject({ T1: 'needs_review' });
    expect((await approve(project)).task.status).toBe('done');
  });

  it.each(['pending', 'done', 'failed', 'skipped', 'in_progress'] as const)(
    'is only for work that needs review, not %s',
    async (status) => {
      const project = await createProject({ tasks: [task('T1', { status })] });
      await expect(approve(project)).rejects.toMatchObject({ code: 'not-in-review' });
      const sentBack =
        status === 'done'
          ? reviewTaskAgain(slug, 'T1', project.decisions())
          : rejectTask(slug, 'T1', 'Again.', project.decisions());
      await expect(sentBack).rejects.toMatchObject({ code: 'not-in-review' });
    },
  );
});

describe('work whose status could not be written, as on a full disk', () => {
  it.each(['in_progress', 'pending'] as const)(
    'is decided on as it is, though %s',
    async (status) => {
      const unsettled = async (): Promise<Project> => {
        const project = await waiting();
        await project.adapters.store.update(slug, ({ tasks }) => {
          for (const each of tasks) Object.assign(each, { status, result: null });
        });
        return project;
      };
      const rejected = await rejectTask(slug, 'T1', 'Again.', (await unsettled()).decisions());
      expect(rejected).toMatchObject({
        status: 'pending',
        result: { outcome: 'rejected', attempt: 1, author: 'one/author', feedback: 'Again.' },
      });
      const project = await unsettled();
      await approveTask(slug, 'T1', { force: false }, project.decisions());
      expect(Object.keys(await project.approved())).toEqual(['a.js', 'b.js']);
    },
  );

  it('stays as it is edited, and is rejected once', async () => {
    const project = await waiting();
    await project.write('partial/T1/1/files/a.js.draft', 'let a = 2;\n');
    await project.adapters.store.update(slug, ({ tasks }) => {
      for (const each of tasks) Object.assign(each, { status: 'in_progress', result: null });
    });
    await rejectTask(slug, 'T1', 'Again.', project.decisions());
    expect(await project.read('partial/T1/1/files/a.js.draft')).toBe('let a = 2;\n');
    await expect(rejectTask(slug, 'T1', 'Again.', project.decisions())).rejects.toMatchObject({
      code: 'not-in-review',
    });
  });
});

describe('rejectTask', () => {
  it('sends the work back, and the next run corrects that work by the words', async () => {
    const project = await waiting({
      author: {
        execute: [`${file('a.js', 'let a = 1;')}${file('b.js', 'let b = 1;')}`],
        correct: [file('a.js', 'let a = 7;')],
      },
      reviewer: { review: [review([finding()]), review()] },
    });
    const rejected = await rejectTask(slug, 'T1', ' Make it seven.\u0007 ', project.decisions());
    expect(rejected).toMatchObject({
      status: 'pending',
      result: { outcome: 'rejected', by: 'person', feedback: 'Make it seven.' },
    });
    expect(project.events.find(({ type }) => type === 'decision')).toMatchObject({
      what: 'reject',
      task: 'T1',
      feedback: 'Make it seven.',
    });
    expect(await project.run()).toMatchObject({ exitCode: 0 });
    expect(await project.task('T1')).toMatchObject({
      status: 'done',
      result: { attempt: 2, feedback: null, author: 'one/author' },
    });
    expect(await project.approved()).toEqual({ 'a.js': 'let a = 7;\n', 'b.js': 'let b = 1;\n' });
    const [, correction] = project.author.requests;
    expect(correction?.purpose.stage).toBe('correct');
    expect(correction?.salt).toBe('attempt-2');
    const words = JSON.stringify(correction?.parts);
    expect(words).toContain('Make it seven.');
    expect(words).toContain('let b = 1;');
  });

  it('starts from the files as the person edited them', async () => {
    const project = await waiting({
      author: {
        execute: [file('a.js', 'let a = 1;')],
        correct: [
          'EDIT: a.js\n````\n<<<<<<< SEARCH\nlet a = 2;\n=======\nlet a = 7;\n>>>>>>> REPLACE\n````\n',
        ],
      },
      reviewer: { review: [review([finding()]), review()] },
    });
    await project.write('partial/T1/1/files/a.js.draft', 'let a = 2;\nlet c;\n');
    await rejectTask(slug, 'T1', 'Seven.', project.decisions());
    expect(await project.run()).toMatchObject({ exitCode: 0 });
    expect(await project.approved()).toEqual({ 'a.js': 'let a = 7;\nlet c;\n' });
  });

  it('starts afresh, with the words, when the files below have changed since', async () => {
    const project = await waiting({
      tasks: [task('T1', { files: ['a.js'] })],
      files: { 'a.js': 'let a = 0;\n' },
      author: { execute: [file('a.js', 'let a = 1;'), file('a.js', 'let a = 10;')] },
      reviewer: { review: [review([finding()]), review()] },
    });
    await project.adapters.workspace.commit(new Map([['a.js', 'let a = 9;\n']]), new Map());
    await rejectTask(slug, 'T1', 'Build on the newer files.', project.decisions());
    expect(await project.run()).toMatchObject({ exitCode: 0 });
    const words = JSON.stringify(project.author.requests[1]?.parts);
    expect(words).toContain('let a = 9;');
    expect(words).toContain('Build on the newer files.');
    expect(await project.approved()).toEqual({ 'a.js': 'let a = 10;\n' });
  });

  it('takes finished work back, whoever approved it, and corrects it where others built on it', async () => {
    const base = 'let a = 0;\n\n\n\nlet z = 0;\n';
    const project = await createProject({
      tasks: [task('T1', { files: ['a.js'] })],
      files: { 'a.js': base },
      author: {
        execute: [file('a.js', base.replace('a = 0', 'a = 1').trimEnd())],
        correct: [
          'EDIT: a.js\n````\n<<<<<<< SEARCH\nlet a = 1;\n=======\nlet a = 7;\n>>>>>>> REPLACE\n````\n',
        ],
      },
      reviewer: { review: [review(), review()] },
    });
    expect(await project.run()).toMatchObject({ exitCode: 0 });
    await project.adapters.workspace.commit(
      new Map([['a.js', base.replace('a = 0', 'a = 1').replace('z = 0', 'z = 9')]]),
      new Map(),
    );
    expect(await rejectTask(slug, 'T1', 'Seven.', project.decisions())).toMatchObject({
      status: 'pending',
      result: { outcome: 'rejected', feedback: 'Seven.' },
    });
    expect(await project.run()).toMatchObject({ exitCode: 0 });
    expect(project.author.requests.map(({ purpose }) => purpose.stage)).toEqual([
      'execute',
      'correct',
    ]);
    expect(await project.task('T1')).toMatchObject({ status: 'done', result: { attempt: 2 } });
    expect(await project.approved()).toEqual({
      'a.js': base.replace('a = 0', 'a = 7').replace('z = 0', 'z = 9'),
    });
  });

  it('takes back what a person approved with their own edits', async () => {
    const project = await waiting({
      author: { execute: [file('a.js', 'let a = 1;')], correct: [file('b.js', 'let b;')] },
      reviewer: { review: [review([finding()]), review()] },
    });
    await project.write('partial/T1/1/files/a.js.draft', 'let a = 2;\n');
    await approve(project);
    await rejectTask(slug, 'T1', 'And b.', project.decisions());
    expect(await project.run()).toMatchObject({ exitCode: 0 });
    expect(await project.approved()).toEqual({ 'a.js': 'let a = 2;\n', 'b.js': 'let b;\n' });
  });

  it('reads the author of an attempt of version 0.1.0, who had a field more', async () => {
    const project = await waiting({
      author: { execute: [file('a.js', 'let a = 1;')], correct: [file('a.js', 'let a = 7;')] },
      reviewer: { review: [review([finding()]), review()] },
    });
    const kept = await project.read('partial/T1/1/outcome.json');
    const before = kept.replace(/"family": "one"/, '$&, "rules": false');
    expect(before).not.toBe(kept);
    await project.write('partial/T1/1/outcome.json', before);
    await rejectTask(slug, 'T1', 'Seven.', project.decisions());
    expect(await project.run()).toMatchObject({ exitCode: 0 });
    expect(await project.task('T1')).toMatchObject({ result: { author: 'one/author' } });
  });

  it('has a model write anew what rules had put there', async () => {
    const project = await createProject({
      tasks: one(),
      rules: true,
    });
    await project.run();
    await rejectTask(slug, 'T1', 'Write it.', project.decisions());
    const writer = fakeModel(
      { execute: [file('a.js', 'let a;')] },
      { ref: 'three/w', family: 'w' },
    );
    await project.run({
      over: {
        extra: [writer],
        lists: { coder: [writer], reviewer: [project.reviewer] },
      },
    });
    expect(await project.task('T1')).toMatchObject({
      status: 'done',
      result: { author: 'three/w' },
    });
    expect(JSON.stringify(writer.requests[0]?.parts)).toContain('Write it.');
  });

  it.each(['', '  \n', '\u001b[0m'])('needs words: «%s»', async (feedback) => {
    const project = await waiting();
    await expect(rejectTask(slug, 'T1', feedback, project.decisions())).rejects.toMatchObject({
      code: 'feedback-missing',
    });
  });
});

describe('setTaskStatus', () => {
  it('records that a person did it, and keeps the evidence', async () => {
    const project = await waiting();
    const { task: set, from } = await setTaskStatus(slug, 'T1', 'done', project.decisions());
    expect(from).toBe('needs_review');
    expect(set).toMatchObject({
      status: 'done',
      result: {
        outcome: 'set_by_hand',
        by: 'person',
        reason: 'Set to done by a person.',
        attempt: 1,
        author: 'one/author',
      },
    });
    expect(await project.approved()).toEqual({});
    expect(project.events.at(-1)).toEqual({
      type: 'task-status',
      task: 'T1',
      from: 'needs_review',
      to: 'done',
      by: 'person',
    });
  });

  it('works on a task without a result', async () => {
    const project = await createProject({ tasks: one() });
    const { task: set } = await setTaskStatus(slug, 'T1', 'skipped', project.decisions());
    expect(set).toMatchObject({
      status: 'skipped',
      result: { outcome: 'set_by_hand', attempt: 0 },
    });
  });

  it('has the task done again from scratch when it is set to pending', async () => {
    const project = await waiting({
      author: { execute: [file('a.js', 'let a = 1;'), file('a.js', 'let a = 2;')] },
      reviewer: { review: [review([finding()]), review()] },
    });
    await setTaskStatus(slug, 'T1', 'pending', project.decisions());
    expect(await project.run()).toMatchObject({ exitCode: 0 });
    expect(await project.task('T1')).toMatchObject({ result: { attempt: 2 } });
  });

  it('tells nobody of a change that was not written', async () => {
    const project = await waiting();
    const { store } = project.adapters;
    const before = project.events.length;
    const full = { ...store, updateTask: () => Promise.reject(new Error('disk full')) };
    await expect(
      setTaskStatus(slug, 'T1', 'done', project.decisions({ store: full })),
    ).rejects.toThrow('disk full');
    expect(project.events).toHaveLength(before);
  });
});

describe('while a run works on the task', () => {
  it('every decision is refused, and names who', async () => {
    const project = await waiting();
    const taken = await project.adapters.leases.take(slug, 'T1', 'run-7');
    if ('heldBy' in taken) throw new Error('The lease is free');
    const dependencies = project.decisions();
    for (const decision of [
      () => approveTask(slug, 'T1', { force: false }, dependencies),
      () => rejectTask(slug, 'T1', 'Again.', dependencies),
      () => setTaskStatus(slug, 'T1', 'done', dependencies),
    ])
      await expect(decision()).rejects.toMatchObject({
        code: 'task-leased',
        message: expect.stringContaining('run-7'),
      });
    await taken.lease.release();
    expect((await approve(project)).task.status).toBe('done');
  });

  it('a task that was removed meanwhile is a plain error', async () => {
    const project = await createProject({ tasks: one() });
    await expect(setTaskStatus(slug, 'T8', 'done', project.decisions())).rejects.toMatchObject({
      code: 'task-not-found',
    });
  });
});

describe('reviewTaskAgain', () => {
  it('asks a reviewer alone, about the work as a person edited it', async () => {
    const project = await waiting({
      author: { execute: [file('a.js', 'let a = 1;')] },
      reviewer: { review: ['no review', review()], 'review:repair': ['no review'] },
      options: { maxIterations: 3 },
    });
    expect((await project.task('T1')).result?.reason).toContain('The review could not be used');
    await project.write('partial/T1/1/files/a.js.draft', 'let a = 2;\n');
    expect(await reviewTaskAgain(slug, 'T1', project.decisions())).toMatchObject({
      status: 'pending',
      result: { outcome: 'rejected', feedback: null },
    });
    expect(await project.run()).toMatchObject({ exitCode: 0 });
    expect(project.author.requests).toHaveLength(1);
    expect(JSON.stringify(project.reviewer.requests.at(-1)?.parts)).toContain('let a = 2;');
    expect(await project.approved()).toEqual({ 'a.js': 'let a = 2;\n' });
  });

  it('leaves what the review then finds to the person', async () => {
    const project = await waiting({
      author: { execute: [file('a.js', 'let a = 1;')] },
      reviewer: { review: ['no review', review([finding()])], 'review:repair': ['no review'] },
      options: { maxIterations: 3 },
    });
    await reviewTaskAgain(slug, 'T1', project.decisions());
    expect(await project.run()).toMatchObject({ exitCode: 3 });
    expect(project.author.requests).toHaveLength(1);
    expect(await project.task('T1')).toMatchObject({
      status: 'needs_review',
      result: { review: { verdict: 'revise' } },
    });
  });

  it('is refused before it costs anything where it would pay an author', async () => {
    const scaffold = await createProject({ tasks: one(), rules: true });
    await scaffold.run();
    await expect(reviewTaskAgain(slug, 'T1', scaffold.decisions())).rejects.toMatchObject({
      code: 'nothing-to-review',
    });
    const moved = await waiting({
      files: { 'a.js': 'let a = 0;\n' },
      tasks: [task('T1', { files: ['a.js'] })],
      author: { execute: [file('a.js', 'let a = 1;')] },
    });
    await moved.adapters.workspace.commit(new Map([['a.js', 'let a = 9;\n']]), new Map());
    await expect(reviewTaskAgain(slug, 'T1', moved.decisions())).rejects.toMatchObject({
      code: 'base-moved',
    });
    expect(await moved.statuses()).toEqual({ T1: 'needs_review' });
  });
});
