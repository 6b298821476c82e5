import { rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { InterruptedError } from '../../src/domain/errors.ts';
import { ModelError, type ModelErrorKind } from '../../src/domain/model-error.ts';
import type { Task } from '../../src/domain/task.ts';
import type { TaskOutcome } from '../../src/executor/engine.ts';
import { createLocalEngine } from '../../src/executor/local-engine.ts';
import { fakeModel } from '../helpers/fake-model.ts';
import {
  createProject,
  file,
  finding,
  review,
  slug,
  task,
  writes,
  type Over,
  type Project,
  type ProjectOptions,
  freeLease,
} from './project.ts';

const t1 = (more: Partial<Task> = {}): Task => task('T1', { files: [], ...more });

async function execute(
  project: Project,
  id = 'T1',
  more: { signal?: AbortSignal; over?: Over } = {},
): Promise<TaskOutcome> {
  return createLocalEngine(project.dependencies(more.over)).execute({
    slug,
    run: 'run-1',
    task: await project.task(id),
    document: await project.document(),
    lease: freeLease,
    signal: more.signal ?? new AbortController().signal,
  });
}

async function settle(project: Project, id: string, outcome: TaskOutcome): Promise<void> {
  if (outcome.kind !== 'settled') throw outcome.error;
  await project.adapters.store.update(slug, (document) => {
    const found = document.tasks.find((other) => other.id === id);
    if (found === undefined) throw new Error(`There is no task ${id}`);
    found.status = outcome.status;
    found.result = outcome.result;
  });
}

async function setStatus(project: Project, id: string, status: Task['status']): Promise<void> {
  await project.adapters.store.update(slug, (document) => {
    const found = document.tasks.find((other) => other.id === id);
    if (found !== undefined) found.status = status;
  });
}

const words = (project: Project, index: number): string =>
  JSON.stringify(project.author.requests[index]?.parts);

describe('a fresh attempt', () => {
  it('commits approved files and gives the evidence', async () => {
    const project = await createProject({ tasks: [t1()], author: writes('T1') });
    const outcome = await execute(project);
    expect(outcome).toMatchObject({
      kind: 'settled',
      status: 'done',
      result: {
        outcome: 'approved',
        by: 'supervisor',
        run: 'run-1',
        attempt: 1,
        rounds: 1,
        author: 'one/author',
        reviewer: 'two/reviewer',
        files: [{ path: 'src/t1.js', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }],
        gates: [
          { gate: 'paths', status: 'passed' },
          { gate: 'syntax', status: 'passed' },
        ],
        review: { verdict: 'accept', summary: 'Sound.' },
      },
    });
    expect(await project.approved()).toEqual({ 'src/t1.js': 'export const T1 = 1;\n' });
    expect(await project.files('partial/T1/1')).toEqual([
      expect.stringMatching(/^gates\/[0-9a-f]{16}\.json$/),
      'opening.json',
      'outcome.json',
      'prompt.json',
      'round-1/candidate.md',
      'round-1/gates.json',
      'round-1/review.json',
    ]);
    expect(project.events.find(({ type }) => type === 'task-start')).toMatchObject({
      attempt: 1,
      resumed: false,
    });
  });

  it.each(['lib/ümlaut.py', 'a b/c.go', 'Makefile', 'q.sql', '.env.example', 'x.tar.unknown'])(
    'saves %s under its own path',
    async (path) => {
      const project = await createProject({
        tasks: [t1()],
        author: { execute: [file(path, 'x = 1')] },
      });
      expect(await execute(project)).toMatchObject({ status: 'done' });
      expect(Object.keys(await project.approved())).toEqual([path]);
    },
  );

  it('takes the JSON form where config asks for it', async () => {
    const bundle = {
      files: [{ path: 'a.js', content: 'let a;\n' }],
      edits: [],
      deletions: [],
      tests: [],
      commands: [],
      notes: '',
    };
    const project = await createProject({
      tasks: [t1()],
      author: { execute: [bundle] },
      options: { codec: 'json' },
    });
    expect(await execute(project)).toMatchObject({ status: 'done' });
    expect(words(project, 0)).toContain('Reply with one JSON object');
    expect(words(project, 0)).not.toContain('FILE: src/duration.js');
  });

  it('does not end the run over a link that leads out of the project', async () => {
    const project = await createProject({
      tasks: [t1({ files: ['out/secret.js'] })],
      author: {
        execute: [file('out/a.js', 'let a;')],
        'execute:repair': [file('in/a.js', 'let a;')],
      },
    });
    await symlink('/', join(project.root, 'out'));
    expect(await execute(project)).toMatchObject({ status: 'done' });
    expect(Object.keys(await project.approved())).toEqual(['in/a.js']);
    expect(project.events.find(({ type }) => type === 'context-pack')).toMatchObject({
      leftOut: [expect.stringContaining('out/secret.js')],
    });
  });
});

describe('a cut-off attempt', () => {
  const steps: ProjectOptions = {
    tasks: [t1()],
    author: {
      execute: [file('a.js', 'let first;')],
      correct: [file('a.js', 'let second;')],
    },
    reviewer: { review: [review([finding()]), review()] },
  };

  // After how many calls the interruption comes.
  it.each([1, 2, 3, 4])('goes on after %i calls, and repeats none', async (calls) => {
    const project = await createProject(steps);
    const stop = new AbortController();
    let made = 0;
    const cut = await execute(project, 'T1', {
      signal: stop.signal,
      over: {
        wrap: (model) => ({
          identity: model.identity,
          async generate(request) {
            const result = await model.generate(request);
            made += 1;
            if (made === calls) stop.abort();
            return result;
          },
        }),
      },
    }).catch((error: unknown) => error);
    // The last call is the approval: there is nothing left to interrupt.
    if (calls < 4) expect(cut).toBeInstanceOf(InterruptedError);
    const before = [...project.author.requests, ...project.reviewer.requests].length;
    expect(before).toBe(calls);
    if (calls < 4) {
      expect(await execute(project)).toMatchObject({ status: 'done', result: { attempt: 1 } });
      expect(project.events.findLast(({ type }) => type === 'task-start')).toMatchObject({
        attempt: 1,
        resumed: true,
      });
    }
    expect(project.author.requests).toHaveLength(2);
    expect(project.reviewer.requests).toHaveLength(2);
    expect(await project.approved()).toEqual({ 'a.js': 'let second;\n' });
  });

  async function interrupted(given: ProjectOptions): Promise<Project> {
    const project = await createProject(given);
    const stop = new AbortController();
    const gone = execute(project, 'T1', {
      signal: stop.signal,
      over: {
        wrap: (model) => ({
          identity: model.identity,
          generate: async (request) => {
            const result = await model.generate(request);
            stop.abort();
            return result;
          },
        }),
      },
    });
    await expect(gone).rejects.toBeInstanceOf(InterruptedError);
    return project;
  }

  it('sends byte for byte what it sent, whatever has changed in what is not its own', async () => {
    const project = await interrupted({ tasks: [t1()], author: writes('T1') });
    const kept = JSON.parse(await project.read('partial/T1/1/prompt.json')) as unknown;
    await project.write('spec.md', '# Another\n\n## Overview\n\nRewritten.\n');
    expect(await execute(project)).toMatchObject({ status: 'done' });
    expect(project.author.requests).toHaveLength(1);
    expect(project.author.requests[0]?.parts).toEqual(kept);
  });

  it('begins anew when a file that it was shown has moved', async () => {
    const project = await interrupted({
      tasks: [t1({ files: ['a.js'] })],
      files: { 'a.js': 'let a = 1;\n' },
      author: { execute: [file('a.js', 'let a = 2;'), file('a.js', 'let a = 3;')] },
    });
    await project.adapters.workspace.commit(new Map([['a.js', 'let a = 9;\n']]), new Map());
    expect(await execute(project)).toMatchObject({ status: 'done', result: { attempt: 2 } });
    expect(words(project, 1)).toContain('let a = 9;');
    expect(await project.approved()).toEqual({ 'a.js': 'let a = 3;\n' });
  });

  it('begins anew when the task was edited meanwhile', async () => {
    const project = await interrupted({
      tasks: [t1()],
      author: { execute: [file('a.js', 'let a;'), file('b.js', 'let b;')] },
    });
    await project.adapters.store.update(slug, (document) => {
      const [first] = document.tasks;
      if (first !== undefined) first.description = 'Something else.';
    });
    expect(await execute(project)).toMatchObject({ status: 'done', result: { attempt: 2 } });
    expect(words(project, 1)).toContain('Something else.');
    expect(Object.keys(await project.approved())).toEqual(['b.js']);
  });

  it('begins anew when its own files were damaged', async () => {
    const project = await interrupted({ tasks: [t1()], author: writes('T1') });
    await project.write('partial/T1/1/prompt.json', '[{"role":');
    // The same words are made again, so even then nothing is paid twice.
    expect(await execute(project)).toMatchObject({ status: 'done', result: { attempt: 1 } });
    expect(project.author.requests).toHaveLength(1);
  });
});

describe('a finished attempt whose task was not settled', () => {
  it('is completed without a call', async () => {
    const project = await createProject({ tasks: [t1()], author: writes('T1') });
    const first = await execute(project);
    await setStatus(project, 'T1', 'in_progress');
    expect(await execute(project)).toEqual(first);
    expect(project.author.requests).toHaveLength(1);
    expect(project.reviewer.requests).toHaveLength(1);
  });

  it('is not taken for the work of another task of that id', async () => {
    const project = await createProject({
      tasks: [t1()],
      author: { execute: [file('a.js', 'let a;'), file('b.js', 'let b;')] },
    });
    await execute(project);
    await project.adapters.store.update(slug, (document) => {
      document.tasks = [t1({ title: 'Another', status: 'in_progress' })];
    });
    expect(await execute(project)).toMatchObject({ result: { attempt: 2 } });
    expect(project.author.requests).toHaveLength(2);
  });

  it('is not taken when a person set the task back to do it again', async () => {
    const project = await createProject({
      tasks: [t1()],
      author: { execute: [file('a.js', 'let a;'), file('a.js', 'let b;')] },
    });
    await settle(project, 'T1', await execute(project));
    await setStatus(project, 'T1', 'pending');
    expect(await execute(project)).toMatchObject({ result: { attempt: 2 } });
    expect(await project.approved()).toEqual({ 'a.js': 'let b;\n' });
  });

  it('counts its number on when the folder of attempts was cleared', async () => {
    const project = await createProject({
      tasks: [t1()],
      author: { execute: ['Prose.', file('a.js', 'let b;')], 'execute:repair': ['Prose.'] },
      options: { attempts: 1 },
    });
    await settle(project, 'T1', await execute(project));
    await rm(join(project.root, 'features', slug, 'partial'), { recursive: true });
    expect(await execute(project)).toMatchObject({ status: 'done', result: { attempt: 2 } });
  });
});

describe('attempts', () => {
  it('are made anew with another salt while the reply is unusable, and no more than allowed', async () => {
    const project = await createProject({
      tasks: [t1()],
      author: { execute: ['Prose.', 'Prose.'], 'execute:repair': ['Prose!', 'Prose?'] },
    });
    expect(await execute(project)).toMatchObject({
      kind: 'settled',
      status: 'failed',
      result: { outcome: 'failed', by: 'engine', attempt: 2, author: 'one/author', files: [] },
    });
    expect(project.author.requests.map(({ salt }) => salt)).toEqual([
      undefined,
      undefined,
      'attempt-2',
      'attempt-2',
    ]);
    expect(await project.read('partial/T1/1/raw-reply.txt')).toBe('Prose!');
    expect(await project.read('partial/T1/2/raw-reply.txt')).toBe('Prose?');
  });

  it('succeed at the second', async () => {
    const project = await createProject({
      tasks: [t1()],
      author: { execute: ['Prose.', file('a.js', 'let a;')], 'execute:repair': ['Prose!'] },
    });
    expect(await execute(project)).toMatchObject({ status: 'done', result: { attempt: 2 } });
  });

  it('that failed before a kill count', async () => {
    const project = await createProject({
      tasks: [t1({ status: 'in_progress' })],
      author: { execute: ['Prose.', 'Prose.'], 'execute:repair': ['Prose!', 'Prose!'] },
    });
    const once = await execute(project, 'T1', { over: { options: { attempts: 1 } } });
    expect(once).toMatchObject({ status: 'failed', result: { attempt: 1 } });
    // Not settled: the process died. Of two tries one is left.
    expect(await execute(project)).toMatchObject({ status: 'failed', result: { attempt: 2 } });
    expect(project.author.requests).toHaveLength(4);
    // And now none is.
    expect(await execute(project)).toMatchObject({ status: 'failed', result: { attempt: 2 } });
    expect(project.author.requests).toHaveLength(4);
  });

  it('are fresh when a failed task is run again', async () => {
    const project = await createProject({
      tasks: [t1()],
      author: {
        execute: ['Prose.', 'Prose.', file('a.js', 'let a;')],
        'execute:repair': ['Prose!', 'Prose!'],
      },
    });
    await settle(project, 'T1', await execute(project));
    expect(await execute(project)).toMatchObject({ status: 'done', result: { attempt: 3 } });
  });

  it.each<ModelErrorKind>(['refused', 'bad_request', 'context_too_long'])(
    'are not repeated after %s',
    async (kind) => {
      const fault = new ModelError({ kind, model: 'one/author', message: `It is ${kind}` });
      const project = await createProject({ tasks: [t1()], author: { execute: [fault] } });
      expect(await execute(project)).toMatchObject({
        status: 'failed',
        result: { attempt: 1, reason: `It is ${kind}` },
      });
    },
  );

  it.each<ModelErrorKind>([
    'auth',
    'rate_limit',
    'quota_exhausted',
    'overloaded',
    'timeout',
    'network',
    'unavailable',
  ])('wait for a model that cannot be reached: %s', async (kind) => {
    const fault = new ModelError({ kind, model: 'one/author', message: kind });
    const project = await createProject({
      tasks: [t1()],
      author: { execute: [fault, file('a.js', 'let a;')] },
    });
    expect(await execute(project)).toEqual({ kind: 'unavailable', error: fault });
    expect(await execute(project)).toMatchObject({ status: 'done', result: { attempt: 1 } });
  });

  it('wait for a reviewer that no key gives access to, with the work kept', async () => {
    const project = await createProject({
      tasks: [t1()],
      author: writes('T1'),
      missing: 'reviewer',
    });
    expect(await execute(project)).toMatchObject({
      kind: 'unavailable',
      error: { code: 'no-model', fix: expect.stringContaining('TWO_KEY') },
    });
    expect(await execute(project)).toMatchObject({ kind: 'unavailable' });
    expect(project.author.requests).toHaveLength(1);
  });
});

describe('a base that moved while the task was worked on', () => {
  /** Before each review somebody else commits the next content. */
  const over = (project: Project, contents: string[], path = 'a.js'): { over: Over } => ({
    over: {
      wrap: (model) => ({
        identity: model.identity,
        async generate(request) {
          const content = request.purpose.stage === 'review' ? contents.shift() : undefined;
          if (content !== undefined)
            await project.adapters.workspace.commit(new Map([[path, content]]), new Map());
          return model.generate(request);
        },
      }),
    },
  });

  it('sends the task back with the newer files', async () => {
    const project = await createProject({
      tasks: [t1({ files: ['a.js'] })],
      files: { 'a.js': 'let a = 1;\n' },
      author: { execute: [file('a.js', 'let a = 2;'), file('a.js', 'let a = 10;')] },
    });
    const outcome = await execute(project, 'T1', over(project, ['let a = 9;\n']));
    expect(outcome).toMatchObject({ status: 'done', result: { attempt: 2 } });
    expect(words(project, 0)).toContain('let a = 1;');
    expect(words(project, 1)).toContain('let a = 9;');
    expect(await project.approved()).toEqual({ 'a.js': 'let a = 10;\n' });
    expect(project.events).toContainEqual(
      expect.objectContaining({ type: 'warning', code: 'base-moved', task: 'T1' }),
    );
  });

  it('sends it back too when a file now stands where it needs a folder', async () => {
    const project = await createProject({
      tasks: [t1()],
      author: { execute: [file('lib/a.js', 'let a;'), file('src/a.js', 'let a;')] },
    });
    const outcome = await execute(project, 'T1', over(project, ['a file\n'], 'lib'));
    expect(outcome).toMatchObject({ status: 'done', result: { attempt: 2 } });
    expect(Object.keys(await project.approved())).toEqual(['lib', 'src/a.js']);
  });

  it('leaves it to a person after the third time, nothing lost', async () => {
    const project = await createProject({
      tasks: [t1({ files: ['a.js'] })],
      author: {
        execute: ['let a = 2;', 'let a = 3;', 'let a = 4;'].map((line) => file('a.js', line)),
      },
    });
    const outcome = await execute(project, 'T1', over(project, ['x1;\n', 'x2;\n', 'x3;\n']));
    expect(outcome).toMatchObject({
      status: 'needs_review',
      result: { outcome: 'not_approved', attempt: 3 },
    });
    expect(await project.approved()).toEqual({ 'a.js': 'x3;\n' });
    expect(await project.read('partial/T1/3/files/a.js.draft')).toBe('let a = 4;\n');
  });
});

describe('work that is not approved', () => {
  it('stands as files for a person', async () => {
    const project = await createProject({
      tasks: [t1()],
      author: {
        execute: [`${file('src/a.py', 'a = 1')}${file('docs/ü.md', '# Ü')}`],
      },
      reviewer: { review: [review([finding()])] },
      options: { maxIterations: 1 },
    });
    expect(await execute(project)).toMatchObject({
      status: 'needs_review',
      result: { outcome: 'not_approved', review: { verdict: 'revise' } },
    });
    expect(await project.files('partial/T1/1/files')).toEqual([
      'docs/ü.md.draft',
      'src/a.py.draft',
    ]);
    expect(await project.read('partial/T1/1/files/src/a.py.draft')).toBe('a = 1\n');
    expect(await project.approved()).toEqual({});
  });

  it('goes to a person though a file of it stands below another file of it', async () => {
    const clash = `${file('a', 'x')}${file('a/b', 'y')}`;
    const project = await createProject({
      tasks: [t1()],
      author: { execute: [clash] },
      options: { maxIterations: 1 },
    });
    expect(await execute(project)).toMatchObject({
      status: 'needs_review',
      result: { gates: [{ gate: 'paths', status: 'failed' }, { gate: 'syntax' }] },
    });
    expect(await project.files('partial/T1/1/files')).toEqual(['a.draft']);
  });

  it('keeps its raw reply when the review was unusable', async () => {
    const project = await createProject({
      tasks: [t1()],
      author: writes('T1'),
      reviewer: { review: ['Fine by me.'], 'review:repair': ['Still fine.'] },
    });
    expect(await execute(project)).toMatchObject({ status: 'needs_review' });
    expect(await project.read('partial/T1/1/round-1/review-reply.txt')).toBe('Still fine.');
  });

  it('made by rules is a scaffold', async () => {
    const project = await createProject({ tasks: [t1()], rules: true });
    expect(await execute(project)).toMatchObject({
      status: 'needs_review',
      result: { reason: expect.stringContaining('rules'), author: 'offline/planner' },
    });
    expect(project.author.requests).toEqual([]);
    const [written = ''] = await project.files('partial/T1/1/files');
    expect(await project.read(`partial/T1/1/files/${written}`)).toContain('no model has written');
  });
});

describe('a review task', () => {
  const done = (id: string, path: string, more: Partial<Task> = {}): Task =>
    task(id, {
      status: 'done',
      result: {
        outcome: 'approved',
        by: 'supervisor',
        at: '2026-01-31T12:00:00.000Z',
        reason: '',
        run: null,
        attempt: 1,
        rounds: 1,
        author: null,
        reviewer: null,
        files: [{ path, sha256: 'a'.repeat(64) }],
        gates: [],
        review: null,
        feedback: null,
      },
      ...more,
    });
  const reviewTask = (more: Partial<Task> = {}): Task =>
    task('T9', { type: 'review', files: [], dependsOn: ['T1'], ...more });

  it('judges the files of all that it comes after', async () => {
    const project = await createProject({
      tasks: [done('T2', 'b.js'), done('T1', 'a.js', { dependsOn: ['T2'] }), reviewTask()],
      files: { 'a.js': 'let a;\n', 'b.js': 'let b;\n', 'c.js': 'let c;\n' },
    });
    expect(await execute(project, 'T9')).toMatchObject({
      status: 'done',
      result: { outcome: 'approved', reviewer: 'two/reviewer', files: [] },
    });
    const sent = JSON.stringify(project.reviewer.requests[0]?.parts);
    expect(sent).toContain('let a;');
    expect(sent).toContain('let b;');
    expect(sent).not.toContain('let c;');
  });

  it('with nothing to review is skipped, not failed, and asks nobody', async () => {
    const nothing = done('T1', 'a.js');
    if (nothing.result !== null) nothing.result.files = [];
    const project = await createProject({ tasks: [nothing, reviewTask()], reviewer: {} });
    expect(await execute(project, 'T9')).toMatchObject({
      status: 'skipped',
      result: { outcome: 'skipped', by: 'engine' },
    });
  });

  it('is skipped without a model too when there is nothing to review', async () => {
    const project = await createProject({ tasks: [reviewTask({ dependsOn: [] })], rules: true });
    expect(await execute(project, 'T9')).toMatchObject({ status: 'skipped' });
  });

  it('without a model waits for a person, as scaffolds will be work', async () => {
    const project = await createProject({
      tasks: [task('T1', { status: 'needs_review' }), reviewTask()],
      rules: true,
    });
    expect(await execute(project, 'T9')).toMatchObject({ status: 'needs_review' });
  });

  it('that finds what blocks goes to a person', async () => {
    const project = await createProject({
      tasks: [done('T1', 'a.js'), reviewTask()],
      files: { 'a.js': 'let a;\n' },
      reviewer: { 'review-task': [{ ...review([finding()]), verdict: 'accept' }] },
    });
    expect(await execute(project, 'T9')).toMatchObject({ status: 'needs_review' });
  });

  it.each([
    ['that counts goes to a person', { cites: 'R1', location: 'a.js:1' }, 'needs_review', 'holds'],
    ['that is refuted is none', { cites: 'R1', location: 'a.js:1' }, 'done', 'refuted'],
    ['that cites nothing is none', { location: 'a.js:1' }, 'done', null],
    ['about no line is none', { cites: 'R1' }, 'done', null],
  ] as const)(
    'with a finding %s, where findings have to show something',
    async (_, more, status, verdict) => {
      const project = await createProject({
        tasks: [done('T1', 'a.js'), reviewTask()],
        files: { 'a.js': 'let a;\n' },
        reviewer: { 'review-task': [review([{ ...finding(), ...more }])] },
        options: { findings: 'grounded' },
      });
      const said = { findings: [{ id: 'F1', verdict, reasons: 'a.js:1 has it.' }] };
      const replies = { 'second-read': verdict === null ? [] : [said] };
      const third = fakeModel(replies, { ref: 'three/x', family: 'three' });
      const over = { extra: [third], lists: { critic: [third] } };
      expect(await execute(project, 'T9', { over })).toMatchObject({ status });
      expect(third.unused()).toEqual([]);
    },
  );

  it('approves nothing that did not fit into its prompt, and says so', async () => {
    const project = await createProject({
      tasks: [done('T2', 'b.js'), done('T1', 'a.js', { dependsOn: ['T2'] }), reviewTask()],
      files: { 'a.js': 'let a;\n', 'b.js': `// ${'long '.repeat(2000)}\n` },
      options: { contextTokens: 1500 },
    });
    expect(await execute(project, 'T9')).toMatchObject({
      status: 'needs_review',
      result: { reason: expect.stringContaining('executor.contextTokens') },
    });
    const part = project.reviewer.requests[0]?.parts.find(({ name }) => name === 'left-out');
    expect(part?.text).toContain('- b.js');
    expect(part?.text).not.toContain('- a.js');
  });

  it('is asked of another family than the files’ author, else it says so', async () => {
    const project = await createProject({
      tasks: [t1(), reviewTask()],
      author: { ...writes('T1'), 'review-task': [review()] },
    });
    await settle(project, 'T1', await execute(project));
    const third = fakeModel({ 'review-task': [review()] }, { ref: 'three/x', family: 'three' });
    const lists = { reviewer: [project.author, third] };
    const outcome = await execute(project, 'T9', { over: { extra: [third], lists } });
    expect(outcome).toMatchObject({ result: { reviewer: 'three/x' } });

    await settle(project, 'T9', outcome);
    const alone = await execute(project, 'T9', { over: { lists: { reviewer: [project.author] } } });
    expect(alone).toMatchObject({
      result: {
        reviewer: 'one/author',
        review: { summary: expect.stringContaining('own family') },
      },
    });
    expect(project.events.findLast(({ type }) => type === 'review-finish')).toMatchObject({
      sameFamily: true,
    });
  });

  it('is tried again when the reply cannot be used', async () => {
    const project = await createProject({
      tasks: [done('T1', 'a.js'), reviewTask()],
      files: { 'a.js': 'let a;\n' },
      reviewer: { 'review-task': ['Fine.', review()], 'review-task:repair': ['Fine!'] },
    });
    expect(await execute(project, 'T9')).toMatchObject({ status: 'done', result: { attempt: 2 } });
  });
});

describe('a file that the author was not shown', () => {
  const shown = { 'settings.py': 'KEPT = 1\nOLD = 2\n' };

  it('waits for a person, with the real difference, where it is replaced blindly', async () => {
    const reply = file('settings.py', 'NEW = 3');
    const project = await createProject({
      tasks: [t1()],
      files: shown,
      author: { execute: [reply], 'execute:repair': [reply] },
    });
    expect(await execute(project)).toMatchObject({
      status: 'needs_review',
      result: { reason: expect.stringContaining('replaces settings.py whole') },
    });
    expect(JSON.stringify(project.author.requests[1]?.parts)).toContain('KEPT = 1');
    expect(await project.approved()).toEqual({});
  });

  it('is approved once its author has taken notice of it', async () => {
    const project = await createProject({
      tasks: [t1()],
      files: shown,
      author: {
        execute: [file('settings.py', 'NEW = 3')],
        'execute:repair': [file('settings.py', 'KEPT = 1\nNEW = 3')],
      },
    });
    expect(await execute(project)).toMatchObject({ status: 'done' });
    expect(await project.approved()).toEqual({ 'settings.py': 'KEPT = 1\nNEW = 3\n' });
  });

  it('is replaced without a word where the task names it', async () => {
    const project = await createProject({
      tasks: [t1({ files: ['settings.py'] })],
      files: shown,
      author: { execute: [file('settings.py', 'NEW = 3')] },
    });
    expect(await execute(project)).toMatchObject({ status: 'done' });
  });
});
